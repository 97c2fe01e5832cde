// SPDX-License-Identifier: Apache-2.0
#include "cli/replace.hpp"

#include "cli/descriptor.hpp"
#include "cli/temporary.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <vector>

#ifdef __linux__
#include <sys/xattr.h>
#endif

namespace dockerlint::cli {
namespace {

#ifdef O_PATH
constexpr int kDirectory = O_PATH | O_DIRECTORY | O_CLOEXEC;  // needs no permission to list it
#else
constexpr int kDirectory = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
#endif

constexpr std::string_view kChanged = "it changed while dockerlint was reading it; nothing written";

bool is_same(const struct stat& status, const FileContent& was) {
  return S_ISREG(status.st_mode) && status.st_dev == was.device && status.st_ino == was.inode;
}

/// The owner where that is permitted, else the group, as it often is; where neither is, the file becomes the user's,
/// who may write it anyway.
void keep_owner(int to, struct stat& status) {
  if (status.st_uid == ::geteuid() && status.st_gid == ::getegid()) return;
  if (::fchown(to, status.st_uid, status.st_gid) == 0) return;
  if (::fchown(to, static_cast<uid_t>(-1), status.st_gid) == 0 && status.st_uid == ::geteuid()) return;
  status.st_mode &= static_cast<mode_t>(~(S_ISUID | S_ISGID));
}

#ifdef __linux__
/// Copies what the user has put on the file: returns errno where its access control list cannot be kept, as the mode
/// alone would permit more.
int keep_attributes(int from, int to) {
  constexpr std::string_view kAcl = "system.posix_acl_access";
  const ssize_t size = ::flistxattr(from, nullptr, 0);
  if (size <= 0) return 0;
  std::string names(static_cast<std::size_t>(size), '\0');
  const ssize_t got = ::flistxattr(from, names.data(), names.size());
  names.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  for (std::string_view rest = names; !rest.empty();) {
    const std::string name(rest.substr(0, rest.find('\0')));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    if (name != kAcl && name != "security.selinux" && !name.starts_with("user.")) continue;
    std::vector<char> value(XATTR_SIZE_MAX);
    const ssize_t length = ::fgetxattr(from, name.c_str(), value.data(), value.size());
    if (length >= 0 && ::fsetxattr(to, name.c_str(), value.data(), static_cast<std::size_t>(length), 0) == 0) continue;
    if (name == kAcl) return errno;
  }
  return 0;
}
#else
int keep_attributes(int, int) { return 0; }
#endif

/// Of two dockerlints that come so far at once, one waits for the other. Not for long: who holds a lock may be the
/// program that started us, and the file is looked at again in any case.
void lock(int fd) {
  constexpr int kTries = 1000;
  constexpr timespec kPause{0, 1'000'000};
  for (int i = 0; i < kTries && ::flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK; ++i)
    ::nanosleep(&kPause, nullptr);
}

/// The directory and the file in it that a path leads to. Both are held open, so that nothing which is done with
/// them goes elsewhere when somebody puts links in their place.
class Target {
 public:
  explicit Target(const std::string& resolved)
      : name_(resolved.substr(resolved.rfind('/') + 1)),
        directory_(::open(resolved.substr(0, resolved.rfind('/') + 1).c_str(), kDirectory)),
        file_(directory_.open()
                  ? ::openat(directory_.get(), name(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
                  : -1) {}

  bool open() const { return file_.open(); }
  const char* name() const { return name_.c_str(); }
  int directory() const { return directory_.get(); }
  int file() const { return file_.get(); }

  bool is_writable() const { return ::faccessat(directory(), name(), W_OK, AT_EACCESS) == 0; }

  /// Whether the name still stands for what `was` was read from, with the same bytes.
  bool is_unchanged(const FileContent& was) const {
    struct stat status {};
    return ::fstatat(directory(), name(), &status, AT_SYMLINK_NOFOLLOW) == 0 && is_same(status, was) &&
           holds(file(), was.bytes);
  }

  /// Whether another has written the same already.
  bool is_done(std::string_view bytes) const {
    const Descriptor now(::openat(directory(), name(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    struct stat status {};
    return now.open() && ::fstat(now.get(), &status) == 0 && S_ISREG(status.st_mode) && holds(now.get(), bytes);
  }

 private:
  static bool holds(int fd, std::string_view bytes) {
    std::array<char, 65536> buffer;
    off_t at = 0;
    for (;;) {
      const ssize_t got = ::pread(fd, buffer.data(), buffer.size(), at);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return got == 0 && bytes.empty();
      const std::string_view piece(buffer.data(), static_cast<std::size_t>(got));
      if (!bytes.starts_with(piece)) return false;
      bytes.remove_prefix(piece.size());
      at += got;
    }
  }

  std::string name_;
  Descriptor directory_;
  Descriptor file_;
};

}  // namespace

struct Replacement::Prepared {
  Prepared(const std::string& resolved, const FileContent& was_read, std::string_view new_bytes)
      : was(was_read), bytes(new_bytes), target(resolved) {}

  std::string prepare() {
    if (!target.open()) return errno == ELOOP ? std::string(kChanged) : error_text(errno);
    struct stat status {};
    if (::fstat(target.file(), &status) != 0) return error_text(errno);
    if (!is_same(status, was)) {
      done = target.is_done(bytes);
      return done ? std::string() : std::string(kChanged);
    }
    // A rename asks the directory for permission, not the file; root needs nobody's. The user's word stands all the
    // same.
    if ((status.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0 || !target.is_writable()) return "it is read-only";

    temporary.emplace(target.directory());
    if (const int error = temporary->error(); error != 0)
      return fmt::format("no temporary file beside it: {}", error_text(error));
    const int file = temporary->descriptor();
    if (const int error = write_all(file, bytes); error != 0) return error_text(error);
    keep_owner(file, status);
    if (const int error = keep_attributes(target.file(), file); error != 0)
      return fmt::format("its access control list cannot be kept: {}", error_text(error));
    if (::fchmod(file, status.st_mode & 07777) != 0 || ::fsync(file) != 0) return error_text(errno);
    return {};
  }

  std::string commit() {
    if (done) return {};
    lock(target.file());
    if (!target.is_unchanged(was)) return target.is_done(bytes) ? std::string() : std::string(kChanged);
    const int error = temporary->rename_to(target.name());
    return error == 0 ? std::string() : error_text(error);
  }

  const FileContent& was;
  std::string_view bytes;
  Target target;
  std::optional<Temporary> temporary;
  bool done = false;  // by another
};

Replacement::Replacement(const std::string& path, const FileContent& was, std::string_view bytes) {
  std::array<char, PATH_MAX> resolved{};
  if (!was.regular) trouble_ = "it is not a regular file; --fix reads standard input when the path is -";
  else if (::realpath(path.c_str(), resolved.data()) == nullptr) trouble_ = error_text(errno);
  if (!trouble_.empty()) return;
  prepared_ = std::make_unique<Prepared>(resolved.data(), was, bytes);
  trouble_ = prepared_->prepare();
}

Replacement::~Replacement() = default;
Replacement::Replacement(Replacement&&) noexcept = default;
Replacement& Replacement::operator=(Replacement&&) noexcept = default;

std::string Replacement::commit() { return trouble_.empty() ? prepared_->commit() : trouble_; }

std::string replace_file(const std::string& path, const FileContent& was, std::string_view bytes) {
  return Replacement(path, was, bytes).commit();
}

std::string create_file(const std::string& path, std::string_view bytes) {
  const std::size_t name = path.rfind('/') + 1;
  const Descriptor directory(::open(name == 0 ? "." : path.substr(0, name).c_str(), kDirectory));
  if (!directory.open()) return error_text(errno);
  Temporary temporary(directory.get());
  if (const int error = temporary.error(); error != 0) return error_text(error);
  const int file = temporary.descriptor();
  if (const int error = write_all(file, bytes); error != 0) return error_text(error);
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (::fchmod(file, 0666 & ~mask) != 0 || ::fsync(file) != 0) return error_text(errno);
  const int error = temporary.link_to(path.c_str() + name);
  return error == 0 ? std::string() : error_text(error);
}

}  // namespace dockerlint::cli
