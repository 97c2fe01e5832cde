# SPDX-License-Identifier: Apache-2.0
# What is installed, and the packages that are made of it. The program itself makes its manual page and the completions
# of shells, so that none of them can be behind.
include(GNUInstallDirs)

set(made ${PROJECT_BINARY_DIR}/share)
file(MAKE_DIRECTORY ${made})
add_custom_command(
  OUTPUT ${made}/dockerlint.1 ${made}/dockerlint.bash ${made}/_dockerlint ${made}/dockerlint.fish
  COMMAND dockerlint man > ${made}/dockerlint.1
  COMMAND dockerlint completion bash > ${made}/dockerlint.bash
  COMMAND dockerlint completion zsh > ${made}/_dockerlint
  COMMAND dockerlint completion fish > ${made}/dockerlint.fish
  DEPENDS dockerlint
  COMMENT "Making the manual page and the completions"
  VERBATIM)
add_custom_target(dockerlint_share ALL DEPENDS ${made}/dockerlint.1)

set(share ${CMAKE_INSTALL_DATAROOTDIR})
install(TARGETS dockerlint RUNTIME COMPONENT Program)
install(FILES ${made}/dockerlint.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT Program)
install(FILES ${made}/dockerlint.bash DESTINATION ${share}/bash-completion/completions RENAME dockerlint
  COMPONENT Program)
install(FILES ${made}/_dockerlint DESTINATION ${share}/zsh/site-functions COMPONENT Program)
install(FILES ${made}/dockerlint.fish DESTINATION ${share}/fish/vendor_completions.d COMPONENT Program)
install(FILES LICENSE README.md SECURITY.md tools/packaging/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT Program)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs COMPONENT Program)
# `explain` has the pages built in; these are what hyperlinks lead to.
install(DIRECTORY rules/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/rules COMPONENT Program FILES_MATCHING PATTERN "*.md"
  PATTERN catalog EXCLUDE)

# --- for programs that embed us: find_package(dockerlint), dockerlint::lib ---
# Not from the build that is shipped: it can only be linked into programs that are loaded at a fixed address.
if(NOT DOCKERLINT_STATIC)
  include(CMakePackageConfigHelpers)
  set(package ${CMAKE_INSTALL_LIBDIR}/cmake/dockerlint)
  set_target_properties(dockerlint_lib PROPERTIES EXPORT_NAME lib OUTPUT_NAME dockerlint)
  install(TARGETS dockerlint_lib dockerlint_fmt dockerlint_yaml EXPORT dockerlint ARCHIVE COMPONENT Development)
  install(DIRECTORY include/dockerlint DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT Development)
  install(EXPORT dockerlint NAMESPACE dockerlint:: DESTINATION ${package} FILE dockerlintTargets.cmake
    COMPONENT Development)
  configure_package_config_file(${PROJECT_SOURCE_DIR}/tools/packaging/dockerlintConfig.cmake.in
    ${PROJECT_BINARY_DIR}/dockerlintConfig.cmake INSTALL_DESTINATION ${package})
  # Before 1.0 each version may change what is in the headers.
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/dockerlintConfigVersion.cmake COMPATIBILITY SameMinorVersion)
  install(FILES ${PROJECT_BINARY_DIR}/dockerlintConfig.cmake ${PROJECT_BINARY_DIR}/dockerlintConfigVersion.cmake
    DESTINATION ${package} COMPONENT Development)
endif()

# --- packages: cpack --config build/release/CPackConfig.cmake ---
string(TOLOWER ${CMAKE_SYSTEM_NAME} system)
set(CPACK_PACKAGE_NAME dockerlint)
set(CPACK_PACKAGE_VENDOR "The dockerlint authors")
set(CPACK_PACKAGE_CONTACT "The dockerlint authors <dockerlint@users.noreply.github.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Dockerfile linter that fixes what it finds")
set(CPACK_PACKAGE_DESCRIPTION
"Finds what is wrong with a Dockerfile, and fixes it without breaking the build.
Knows what each package manager caches, where, and what concurrency its cache
bears, and reads a Dockerfile exactly as BuildKit does.")
set(CPACK_GENERATOR TGZ DEB)
set(CPACK_INSTALL_CMAKE_PROJECTS "${PROJECT_BINARY_DIR};dockerlint;Program;/")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_FILE_NAME dockerlint-${PROJECT_VERSION}-${system}-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_PACKAGE_CHECKSUM SHA256)
set(CPACK_THREADS 0)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE ${PROJECT_HOMEPAGE_URL})
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/tools/packaging/debian_policy.cmake)
include(CPack)
