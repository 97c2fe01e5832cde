# SPDX-License-Identifier: Apache-2.0
# How the program is linked. A commit hook starts it hundreds of times a day, so in a release nothing is
# left to the dynamic loader.
include(CheckCXXSourceCompiles)

# fmt as what it is linked with. Distributions ship it as a shared library only: a static program then
# takes it from its headers, which costs a second of compiling for each file.
add_library(dockerlint_fmt INTERFACE)
get_target_property(fmt_type fmt::fmt TYPE)
if(DOCKERLINT_STATIC AND NOT fmt_type STREQUAL "STATIC_LIBRARY")
  target_link_libraries(dockerlint_fmt INTERFACE fmt::fmt-header-only)
  # Else GCC makes a function of its own, for each of many files, of how fmt writes numbers with a point: 0.1 MB.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(dockerlint_fmt INTERFACE -fno-ipa-sra)
  endif()
else()
  target_link_libraries(dockerlint_fmt INTERFACE fmt::fmt)
endif()

# toml++ as headers, in the one file that includes them: what is installed may be a shared library.
add_library(dockerlint_toml INTERFACE)
target_include_directories(dockerlint_toml SYSTEM INTERFACE
  $<TARGET_PROPERTY:tomlplusplus::tomlplusplus,INTERFACE_INCLUDE_DIRECTORIES>)

# yaml-cpp has no header-only form: a static program takes its archive, if the system has one.
add_library(dockerlint_yaml INTERFACE)
set(yaml_target yaml-cpp)
if(TARGET yaml-cpp::yaml-cpp)
  set(yaml_target yaml-cpp::yaml-cpp)
endif()
get_target_property(yaml_type ${yaml_target} TYPE)
if(DOCKERLINT_STATIC AND NOT yaml_type STREQUAL "STATIC_LIBRARY")
  find_library(DOCKERLINT_YAML_ARCHIVE libyaml-cpp.a)
endif()
if(DOCKERLINT_YAML_ARCHIVE)
  target_include_directories(dockerlint_yaml SYSTEM INTERFACE
    $<TARGET_PROPERTY:${yaml_target},INTERFACE_INCLUDE_DIRECTORIES>)
  target_link_libraries(dockerlint_yaml INTERFACE ${DOCKERLINT_YAML_ARCHIVE})
else()
  target_link_libraries(dockerlint_yaml INTERFACE ${yaml_target})
endif()

# To be called before the target gets its libraries.
function(dockerlint_link_for_quick_start target)
  if(NOT DOCKERLINT_STATIC)
    return()
  endif()
  # Of an inline function that several files have, the linker takes the first; what is compiled for speed comes first.
  target_link_libraries(${target} PRIVATE -Wl,--whole-archive $<TARGET_FILE:dockerlint_lib> -Wl,--no-whole-archive)
  set(CMAKE_REQUIRED_LINK_OPTIONS -static)
  check_cxx_source_compiles("#include <string>\nint main(int n, char**) { return std::string(1, 'x').empty() ? n : 0; }"
    DOCKERLINT_CAN_LINK_STATIC)
  if(DOCKERLINT_CAN_LINK_STATIC AND (DOCKERLINT_YAML_ARCHIVE OR yaml_type STREQUAL "STATIC_LIBRARY"))
    target_link_options(${target} PRIVATE -static)
  else()
    message(STATUS "No static C library, or none of yaml-cpp: only the C++ library is linked in")
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc)
  endif()
endfunction()
