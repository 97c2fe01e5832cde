// SPDX-License-Identifier: Apache-2.0
#include "cli/files.hpp"

#include "dockerlint/syntax.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace dockerlint::cli {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  /// Tells of an error that only shows when the file is closed, as on a network file system.
  bool close() { return fd_ < 0 || ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

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

/// A name that is registered while there may be a temporary file of that name.
constexpr std::size_t kSlots = 256;
constinit std::array<std::atomic<const char*>, kSlots> temporaries{};

extern "C" void remove_temporaries(int signal) {
  for (std::atomic<const char*>& slot : temporaries)
    if (const char* const name = slot.load()) ::unlink(name);
  ::raise(signal);  // the handler was reset: this ends the program as the sender expects
}

class Temporary {
 public:
  Temporary(std::string_view directory, std::uint64_t random)
      : name_(fmt::format("{}.dockerlint-{:016x}", directory, random)) {
    for (std::atomic<const char*>& slot : temporaries) {
      const char* none = nullptr;
      if (slot.compare_exchange_strong(none, name_.c_str())) {
        slot_ = &slot;
        break;
      }
    }
  }
  ~Temporary() {
    if (exists_) ::unlink(name_.c_str());
    if (slot_ != nullptr) slot_->store(nullptr);
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  int create() {
    const int fd = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    exists_ = fd >= 0;
    return fd;
  }
  bool rename_to(const std::string& target) {
    if (::rename(name_.c_str(), target.c_str()) != 0) return false;
    exists_ = false;
    return true;
  }

 private:
  const std::string name_;
  std::atomic<const char*>* slot_ = nullptr;
  bool exists_ = false;
};

std::string write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(fd, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return error_text(errno);
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
  return {};
}

/// Whether `target` is still the file that was read, with the same bytes.
bool is_unchanged(const std::string& target, const FileContent& was) {
  const FileContent now = read_file(target);
  return now.trouble.empty() && now.device == was.device && now.inode == was.inode && now.bytes == was.bytes;
}

}  // namespace

std::string error_text(int error) { return std::generic_category().message(error); }

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

std::string replace_file(const std::string& path, const FileContent& was, std::string_view bytes) {
  if (!was.regular) return "it is not a regular file; --fix reads standard input when the path is -";
  std::array<char, PATH_MAX> resolved{};
  if (::realpath(path.c_str(), resolved.data()) == nullptr) return error_text(errno);
  const std::string target = resolved.data();
  struct stat status {};
  if (::stat(target.c_str(), &status) != 0) return error_text(errno);
  // A rename asks the directory for permission, not the file; root needs nobody's. The user's word stands all the same.
  if ((status.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0 ||
      ::faccessat(AT_FDCWD, target.c_str(), W_OK, AT_EACCESS) != 0)
    return "it is read-only";

  std::uint64_t random = 0;
  if (::getentropy(&random, sizeof random) != 0) return error_text(errno);
  const std::string directory = target.substr(0, target.rfind('/') + 1);
  Temporary temporary(directory, random);
  Descriptor file(temporary.create());
  if (!file.open()) return fmt::format("no temporary file beside it: {}", error_text(errno));
  if (const std::string trouble = write_all(file.get(), bytes); !trouble.empty()) return trouble;
  if (status.st_uid != ::geteuid() || status.st_gid != ::getegid()) {
    // The group alone is often permitted. Where neither is, the file becomes the user's, who may write it anyway.
    if (::fchown(file.get(), status.st_uid, status.st_gid) != 0 &&
        ::fchown(file.get(), static_cast<uid_t>(-1), status.st_gid) != 0)
      status.st_mode &= static_cast<mode_t>(~(S_ISUID | S_ISGID));
  }
  if (::fchmod(file.get(), status.st_mode & 07777) != 0 || ::fsync(file.get()) != 0 || !file.close())
    return error_text(errno);
  if (!is_unchanged(target, was)) return "it changed while dockerlint was reading it; nothing written";
  if (!temporary.rename_to(target)) return error_text(errno);
  return {};
}

std::string append_to_file(const std::string& path, std::string_view bytes) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666));
  if (!file.open()) return error_text(errno);
  if (std::string trouble = write_all(file.get(), bytes); !trouble.empty()) return trouble;
  return file.close() ? std::string() : error_text(errno);
}

void remove_temporaries_on_signals() {
  struct sigaction action {};
  action.sa_handler = remove_temporaries;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction old {};
    if (::sigaction(signal, nullptr, &old) == 0 && old.sa_handler != SIG_IGN) ::sigaction(signal, &action, nullptr);
  }
}

}  // namespace dockerlint::cli
