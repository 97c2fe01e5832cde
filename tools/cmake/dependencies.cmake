# SPDX-License-Identifier: Apache-2.0
# The libraries: the installed one where there is one, else the release pinned here, checked against its hash.
include(FetchContent)

# Finds `package`, or fetches it. A function, so that what is set here for a fetched library stays here.
function(dockerlint_require package version url sha256)
  if(NOT DOCKERLINT_FETCH)
    find_package(${package} ${version} REQUIRED)
    return()
  endif()
  set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)  # a library's option() takes the values set here
  set(CMAKE_CXX_CLANG_TIDY "")
  set(FMT_INSTALL OFF)
  set(JSON_Install OFF)
  set(JSON_BuildTests OFF)
  set(CLI11_INSTALL OFF)
  set(CLI11_BUILD_TESTS OFF)
  set(CLI11_BUILD_EXAMPLES OFF)
  set(CLI11_BUILD_DOCS OFF)
  set(YAML_CPP_BUILD_TESTS OFF)
  set(YAML_CPP_BUILD_TOOLS OFF)
  set(YAML_CPP_INSTALL OFF)
  set(CMAKE_POLICY_VERSION_MINIMUM 3.5)  # yaml-cpp 0.8.0 asks for a CMake that CMake 4 is none of any more
  set(CATCH_INSTALL_DOCS OFF)
  set(CATCH_INSTALL_EXTRAS OFF)
  FetchContent_Declare(${package}
    URL ${url} URL_HASH SHA256=${sha256} DOWNLOAD_EXTRACT_TIMESTAMP OFF
    SYSTEM FIND_PACKAGE_ARGS ${version})
  FetchContent_MakeAvailable(${package})
endfunction()

dockerlint_require(fmt "9"
  https://github.com/fmtlib/fmt/releases/download/11.0.2/fmt-11.0.2.zip
  40fc58bebcf38c759e11a7bd8fdc163507d2423ef5058bba7f26280c5b9c5465)
dockerlint_require(nlohmann_json "3.10"
  https://github.com/nlohmann/json/releases/download/v3.11.3/json.tar.xz
  d6c65aca6b1ed68e7a182f4757257b107ae403032760ed6ef121c9d55e81757d)
dockerlint_require(CLI11 "2.1"
  https://github.com/CLIUtils/CLI11/archive/v2.4.2.tar.gz
  f2d893a65c3b1324c50d4e682c0cdc021dd0477ae2c048544f39eed6654b699a)
dockerlint_require(tomlplusplus "3"
  https://github.com/marzer/tomlplusplus/archive/v3.4.0.tar.gz
  8517f65938a4faae9ccf8ebb36631a38c1cadfb5efa85d9a72e15b9e97d25155)
dockerlint_require(yaml-cpp "0.7"
  https://github.com/jbeder/yaml-cpp/archive/refs/tags/0.8.0.tar.gz
  fbe74bbdcee21d656715688706da3c8becfd946d92cd44705cc6098bb23b3a16)

# Catch2 is looked for by tests/, which is not always built.
macro(dockerlint_require_catch2)
  dockerlint_require(Catch2 ""
    https://github.com/catchorg/Catch2/archive/v3.7.1.tar.gz
    c991b247a1a0d7bb9c39aa35faf0fe9e19764213f28ffba3109388e62ee0269c)
endmacro()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
