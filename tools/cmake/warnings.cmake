# SPDX-License-Identifier: Apache-2.0
# The warnings that our own code is held to. A build fails on them when DOCKERLINT_WERROR is on.
function(dockerlint_warnings)
  foreach(target IN LISTS ARGV)
    target_compile_options(${target} PRIVATE
      -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow
      -Wno-missing-field-initializers)  # {.name = …} leaves out what is as it is by default
    # GCC's analysis takes the sanitizers' instrumentation of the standard library for mistakes.
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_FLAGS MATCHES "-fsanitize")
      target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized)
    endif()
    set_target_properties(${target} PROPERTIES COMPILE_WARNING_AS_ERROR ${DOCKERLINT_WERROR})
  endforeach()
endfunction()
