// SPDX-License-Identifier: Apache-2.0
#include "cli/output.hpp"

#include "cli/descriptor.hpp"
#include "cli/files.hpp"
#include "report/visible.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <new>
#include <utility>

namespace dockerlint::cli {
namespace {

constexpr std::size_t kBuffer = 64 * 1024;

}  // namespace

Output::Output(int fd, std::string name) : fd_(fd), name_(std::move(name)), terminal_(::isatty(fd) == 1) {}

void Output::write(std::string_view text) {
  if (text.empty()) return;
  wrote_ = true;
  if (error_ != 0) return;
  buffer_ += text;
  if (terminal_ || buffer_.size() >= kBuffer) flush();
}

void Output::flush() {
  if (error_ == 0) error_ = write_all(fd_, buffer_);
  buffer_.clear();
}

std::string Output::trouble() const {
  if (error_ == 0 || error_ == EPIPE) return {};
  return fmt::format("cannot write to {}: {}", name_, error_text(error_));
}

void complain(std::string_view message) noexcept {
  try {
    std::string line = "dockerlint: ";
    append_visible(line, message);
    line += '\n';
    write_all(STDERR_FILENO, line);
  } catch (const std::bad_alloc&) {
    write_all(STDERR_FILENO, "dockerlint: out of memory\n");
  }
}

void say(std::string_view text) { write_all(STDERR_FILENO, text); }

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return value == nullptr ? std::string_view() : value;
}

bool wants_color(Choice choice, int fd) {
  if (choice != Choice::automatic) return choice == Choice::always;
  if (!environment("NO_COLOR").empty()) return false;
  const std::string_view force = environment("CLICOLOR_FORCE");
  if (!force.empty() && force != "0") return true;
  return ::isatty(fd) == 1 && environment("TERM") != "dumb";
}

void prepare_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) != -1 || errno != EBADF) continue;
    // Gets the lowest free number, which is `fd`. The wrong direction: whoever uses it is told EBADF.
    ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace dockerlint::cli
