# SPDX-License-Identifier: Apache-2.0
# Fails when a source file is not as clang-format would have it; with -DFIX=ON, makes it so.
# cmake -DROOT=… -DCLANG_FORMAT=… [-DFIX=ON] -P check_format.cmake
set(patterns "")
foreach(folder IN ITEMS include src rules tests tools)
  list(APPEND patterns ${ROOT}/${folder}/*.cpp ${ROOT}/${folder}/*.hpp)
endforeach()
file(GLOB_RECURSE files RELATIVE ${ROOT} ${patterns})

if(FIX)
  execute_process(COMMAND ${CLANG_FORMAT} -i ${files} WORKING_DIRECTORY ${ROOT} COMMAND_ERROR_IS_FATAL ANY)
  return()
endif()
execute_process(COMMAND ${CLANG_FORMAT} --dry-run --Werror ${files} WORKING_DIRECTORY ${ROOT}
  ERROR_VARIABLE complaints RESULT_VARIABLE failed)
if(failed)
  string(REGEX MATCHALL "[^\n]+:[0-9]+:[0-9]+: error" places "${complaints}")
  list(TRANSFORM places REPLACE ":[0-9]+:[0-9]+: error$" "")
  list(REMOVE_DUPLICATES places)
  list(JOIN places "\n  " places)
  message(FATAL_ERROR "Not as clang-format would have it:\n  ${places}\nTo mend it: tools/format")
endif()
