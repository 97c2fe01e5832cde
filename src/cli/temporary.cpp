// SPDX-License-Identifier: Apache-2.0
#include "cli/temporary.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <string>

namespace dockerlint::cli {

/// The name of a temporary file, where a signal handler finds it: these are never freed.
struct TemporaryName {
  std::atomic<bool> taken = false;
  std::atomic<int> directory = -1;  // -1: no such file
  std::array<char, sizeof ".dockerlint-0123456789abcdef"> text{};
};

namespace {

constexpr std::size_t kMaxJobs = 1024;  // each replaces one file at a time
constinit std::array<TemporaryName, kMaxJobs> names{};
constinit std::atomic<bool> ending = false;

/// False when there is none.
bool remove_all() {
  bool any = false;
  for (const TemporaryName& name : names) {
    const int directory = name.directory;
    if (directory < 0) continue;
    any = true;
    ::unlinkat(directory, name.text.data(), 0);
  }
  return any;
}

extern "C" void remove_temporaries(int signal) {
  ending = true;
  // Another thread may be about to give a file its name: it will see that we are ending, or we shall see the name.
  constexpr int kPasses = 20;
  constexpr timespec kPause{0, 5'000'000};
  for (int pass = 0; pass < kPasses && remove_all(); ++pass) ::nanosleep(&kPause, nullptr);
  ::raise(signal);  // the handler was reset: this ends the program as the sender expects
}

/// A file that has no name yet, or -1 where there is no such thing.
int open_nameless(int directory) {
#ifdef O_TMPFILE
  // Without /proc it could never be given one.
  if (::faccessat(AT_FDCWD, "/proc/self/fd", X_OK, 0) == 0)
    return ::openat(directory, ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
#else
  static_cast<void>(directory);
#endif
  return -1;
}

int link_nameless(int file, int directory, const char* name) {
  const std::string nameless = fmt::format("/proc/self/fd/{}", file);
  return ::linkat(AT_FDCWD, nameless.c_str(), directory, name, AT_SYMLINK_FOLLOW);
}

}  // namespace

Temporary::Temporary(int directory) : directory_(directory), file_(open_file()) {}

Temporary::~Temporary() {
  if (name_ == nullptr) return;
  ::unlinkat(directory_, name_->text.data(), 0);
  leave_name();
}

int Temporary::open_file() {
  int fd = open_nameless(directory_);
  if (fd >= 0) return fd;
  if (!enter_name()) return -1;
  fd = ::openat(directory_, name_->text.data(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) {
    error_ = errno;
    leave_name();
  }
  return fd;
}

int Temporary::rename_to(const char* name) {
  if (name_ == nullptr) {
    if (!enter_name()) return error_;
    if (ending) return EINTR;
    if (link_nameless(file_.get(), directory_, name_->text.data()) != 0) {
      error_ = errno;
      leave_name();
      return error_;
    }
  }
  // A signal that came before there was a file of this name has not removed it.
  if (ending) return EINTR;
  if (::renameat(directory_, name_->text.data(), directory_, name) != 0) return errno;
  leave_name();
  return 0;
}

int Temporary::link_to(const char* name) {
  if (ending) return EINTR;
  const int failed = name_ == nullptr ? link_nameless(file_.get(), directory_, name)
                                      : ::linkat(directory_, name_->text.data(), directory_, name, 0);
  if (failed == 0) return 0;
  // A file system without links.
  if (name_ == nullptr || errno == EEXIST) return errno;
  if (::faccessat(directory_, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
  return rename_to(name);
}

/// Before there is a file of that name, so that no signal comes between.
bool Temporary::enter_name() {
  std::uint64_t random = 0;
  if (::getentropy(&random, sizeof random) != 0) {
    error_ = errno;
    return false;
  }
  for (TemporaryName& name : names) {
    if (name.taken.exchange(true)) continue;
    name_ = &name;
    *fmt::format_to(name.text.data(), ".dockerlint-{:016x}", random) = '\0';
    name.directory = directory_;
    return true;
  }
  error_ = EAGAIN;
  return false;
}

void Temporary::leave_name() {
  name_->directory = -1;
  name_->taken = false;
  name_ = nullptr;
}

void remove_temporaries_on_signals() {
  struct sigaction action {};
  action.sa_handler = remove_temporaries;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGXCPU}) {
    struct sigaction old {};
    if (::sigaction(signal, nullptr, &old) == 0 && old.sa_handler != SIG_IGN) ::sigaction(signal, &action, nullptr);
  }
}

}  // namespace dockerlint::cli
