# SPDX-License-Identifier: Apache-2.0
# Fails when a file includes a header from a layer above its own, or reaches for what its layer must
# not touch. cmake -DROOT=… -P check_layers.cmake
set(layers text data diagnostic syntax shell model catalog effects project edit option rule rules config lint report cli)  # lowest first
# Folders of src/ that are not named after their header, and headers whose layer has another name.
set(layer_of_engine lint)
set(layer_of_image model)
set(layer_of_commands model)
set(layer_of_declarations model)
set(layer_of_builds effects)
set(layer_of_parallel edit)
set(layer_of_directory_use effects)
set(layer_of_copy_out edit)
set(layer_of_cache_use effects)
set(layer_of_mount_plan edit)

# Only the command line knows of the world around us.
set(world "<(iostream|fstream|ostream|istream|sstream|filesystem|chrono|ctime|unistd\\.h|fcntl\\.h|dirent\\.h|sys/[a-z]+\\.h)>")

function(find_layer place result)
  if(DEFINED layer_of_${place})
    set(place ${layer_of_${place}})
  endif()
  list(FIND layers ${place} index)
  set(${result} ${index} PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE files RELATIVE ${ROOT} ${ROOT}/include/*.hpp ${ROOT}/src/*.cpp ${ROOT}/src/*.hpp ${ROOT}/rules/*.cpp)
foreach(file IN LISTS files)
  string(REGEX REPLACE "^(include/dockerlint|src)/" "" place ${file})
  string(REGEX MATCH "^[a-z_]+" place ${place})
  find_layer(${place} mine)
  if(mine EQUAL -1)
    message(SEND_ERROR "${file}: '${place}' is in no layer; add it to tools/cmake/check_layers.cmake")
    continue()
  endif()

  file(STRINGS ${ROOT}/${file} includes REGEX "^#include ")
  foreach(include IN LISTS includes)
    if(include MATCHES "${world}" AND NOT place STREQUAL "cli")
      message(SEND_ERROR "${file}: includes ${CMAKE_MATCH_0}, but only src/cli/ may touch the world")
    elseif(include MATCHES "<(iostream|regex)>")
      message(SEND_ERROR "${file}: includes ${CMAKE_MATCH_0}, which costs more than it gives")
    elseif(include MATCHES "\"(dockerlint/)?(([a-z_]+)[^\"]*)\"")
      set(header ${CMAKE_MATCH_2})
      find_layer(${CMAKE_MATCH_3} theirs)
      if(theirs EQUAL -1)
        message(SEND_ERROR "${file}: '${header}' is in no layer; write the path from src/, or add it to tools/cmake/check_layers.cmake")
      elseif(theirs GREATER mine)
        message(SEND_ERROR "${file}: includes ${header}, which is above it")
      endif()
    endif()
  endforeach()
endforeach()
