# SPDX-License-Identifier: Apache-2.0
# CPack runs this on what is about to become a .deb: what Debian wants to be otherwise than where we install.
if(NOT CPACK_GENERATOR STREQUAL DEB)
  return()
endif()
file(GLOB_RECURSE program ${CPACK_TEMPORARY_DIRECTORY}/dockerlint)
list(FILTER program INCLUDE REGEX "/usr/bin/dockerlint$")
list(LENGTH program count)
if(NOT count EQUAL 1)
  message(FATAL_ERROR "no program in ${CPACK_TEMPORARY_DIRECTORY}, or several: ${program}")
endif()
cmake_path(GET program PARENT_PATH bin)
cmake_path(GET bin PARENT_PATH usr)
set(doc ${usr}/share/doc/dockerlint)

file(REMOVE ${doc}/LICENSE)  # `copyright` names it
file(MAKE_DIRECTORY ${usr}/share/zsh ${usr}/share/lintian/overrides)
file(RENAME ${usr}/share/zsh/site-functions ${usr}/share/zsh/vendor-completions)
file(WRITE ${usr}/share/lintian/overrides/dockerlint
  "# It starts hundreds of times a day, in hooks: nothing is left to the dynamic loader.\n"
  "dockerlint: statically-linked-binary *\n")

string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)  # SOURCE_DATE_EPOCH, where it is set
file(WRITE ${doc}/changelog
  "dockerlint (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium\n\n"
  "  * Version ${CPACK_PACKAGE_VERSION}: ${CPACK_PACKAGE_HOMEPAGE_URL}/releases\n\n"
  " -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
execute_process(COMMAND gzip -9n ${doc}/changelog ${usr}/share/man/man1/dockerlint.1 COMMAND_ERROR_IS_FATAL ANY)
