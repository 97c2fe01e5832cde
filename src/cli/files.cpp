// SPDX-License-Identifier: Apache-2.0
#include "cli/files.hpp"

#include "cli/descriptor.hpp"
#include "dockerlint/syntax.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace dockerlint::cli {
namespace {

constexpr std::string_view kTooLarge = "it is larger than 1 GiB; no Dockerfile is";

/// Reads from where `fd` stands to the end. Returns what went wrong.
std::string read_all(int fd, std::size_t expected, std::string& bytes) {
  std::size_t size = 0;
  bytes.resize(expected + 1);  // one more, so that the end is seen without growing
  for (;;) {
    if (size == bytes.size()) bytes.resize(std::max<std::size_t>(2 * size, 65536));
    const ssize_t got = ::read(fd, bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return error_text(errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
    if (size > kMaxFileSize) return std::string(kTooLarge);
  }
  bytes.resize(size);
  return {};
}

bool names_descriptor(std::string_view path) {
  return path == "/dev/stdin" || path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/");
}

std::string_view kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a named pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

}  // namespace

std::string error_text(int error) { return error == ENOMEM ? "out of memory" : std::generic_category().message(error); }

FileContent read_file(const std::string& path) {
  FileContent content;
  // Not to wait for a writer of a named pipe.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file.open()) {
    content.trouble = errno == ENXIO ? "it is not a regular file" : error_text(errno);
    return content;
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) {
    content.trouble = error_text(errno);
    return content;
  }
  content.device = status.st_dev;
  content.inode = status.st_ino;
  content.regular = S_ISREG(status.st_mode);
  if (!content.regular) {
    if (!names_descriptor(path) || !(S_ISFIFO(status.st_mode) || ::isatty(file.get()) == 1)) {
      content.trouble = fmt::format("it is {}", kind_of(status.st_mode));
      return content;
    }
    ::fcntl(file.get(), F_SETFL, ::fcntl(file.get(), F_GETFL) & ~O_NONBLOCK);
  }
  const auto size = static_cast<std::size_t>(content.regular ? status.st_size : 0);
  content.trouble = size > kMaxFileSize ? std::string(kTooLarge) : read_all(file.get(), size, content.bytes);
  return content;
}

FileContent read_stdin() {
  FileContent content;
  content.trouble = read_all(STDIN_FILENO, 0, content.bytes);
  return content;
}

std::string_view no_dockerfile(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
    return "it is UTF-16 text; a Dockerfile must be UTF-8";
  const std::string_view head = bytes.substr(0, 8000);
  if (head.find('\0') == std::string_view::npos) return {};
  for (std::string_view rest = head; !rest.empty();) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    line.remove_prefix(std::min(line.size(), line.find_first_not_of(" \t")));
    const std::size_t end = line.find_first_of(" \t");
    if (end != std::string_view::npos && instruction_kind(line.substr(0, end)) != InstructionKind::unknown) return {};
  }
  return "it looks like a binary file, not a Dockerfile";
}

std::string append_to_file(const std::string& path, std::string_view bytes) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666));
  if (!file.open()) return error_text(errno);
  if (const int error = write_all(file.get(), bytes); error != 0) return error_text(error);
  return file.close() ? std::string() : error_text(errno);
}

}  // namespace dockerlint::cli
