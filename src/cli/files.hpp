// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reading files whole and replacing them whole. Whatever happens on the way, a file on disk is either what it was
// or what it was to become.

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

/// Puts `bytes` in the place of the file that `was` was read from; a symbolic link stays and its target is replaced.
/// Mode and, where permitted, owner stay. A file with several hard links is parted from the others: a file that
/// is written in place can be left half written. Returns what went wrong; empty when all went well.
std::string replace_file(const std::string& path, const FileContent& was, std::string_view bytes);

/// Writes behind what is in the file, which need not exist. Returns what went wrong; empty when all went well.
std::string append_to_file(const std::string& path, std::string_view bytes);

/// From now on SIGINT, SIGTERM and SIGHUP take the temporary files of replace_file() with them.
void remove_temporaries_on_signals();

/// What the system says of an errno: "No such file or directory".
std::string error_text(int error);

}  // namespace dockerlint::cli
