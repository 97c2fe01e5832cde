// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reading files whole.

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace dockerlint::cli {

inline constexpr std::size_t kMaxFileSize = std::size_t{1} << 30;

struct FileContent {
  std::string bytes;
  dev_t device = 0;
  ino_t inode = 0;
  bool regular = false;
  std::string trouble;  // why it could not be read, for a person; empty when it was
};

/// Reads a regular file, or to its end a pipe that is handed over as /dev/stdin or /dev/fd/…
FileContent read_file(const std::string& path);
FileContent read_stdin();

/// Why `bytes` are certainly no Dockerfile; empty when they may be one.
std::string_view no_dockerfile(std::string_view bytes);

/// Writes behind what is in the file, which need not exist. Returns what went wrong; empty when all went well.
std::string append_to_file(const std::string& path, std::string_view bytes);

/// What the system says of an errno: "No such file or directory". Of ENOMEM what we say when it is we who find none.
std::string error_text(int error);

}  // namespace dockerlint::cli
