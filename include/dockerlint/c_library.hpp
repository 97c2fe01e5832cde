// SPDX-License-Identifier: Apache-2.0
#pragma once
// What of a cache depends on the C library of the image that fills it.

#include "dockerlint/catalog.hpp"

namespace dockerlint {

/// Whether what is in there runs, or links, only with one C library.
inline bool holds_binaries(const CacheDir& directory) {
  if (directory.tool->name == "cargo") return false;  // it keeps the builds of each host apart
  // Wheels that pip built are named `linux_x86_64`, whatever C library they need.
  if (directory.tool->name == "pip" && directory.name == "cache") return true;
  return directory.platform == PlatformAdvice::required && directory.kind != DirectoryKind::installed;
}

}  // namespace dockerlint
