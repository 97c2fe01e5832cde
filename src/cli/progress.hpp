// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <string_view>

namespace dockerlint::cli {

/// How far we are, when it takes long and standard error is a terminal.
class Progress {
 public:
  Progress(bool wanted, std::size_t files)
      : wanted_(wanted && files > 1 && ::isatty(STDERR_FILENO) == 1), files_(files) {}

  void show(std::size_t done) { show("of", done); }

  /// "12 of 40 files", "12 read of 40 files"
  void show(std::string_view what, std::size_t done) {
    if (!wanted_) return;
    const auto now = Clock::now();
    if (now - last_ < (shown_ ? kEvery : kAfter)) return;
    last_ = now;
    shown_ = true;
    on_screen_ = true;
    say(fmt::format("\r\x1b[K{} {} {} files", done, what, files_));
  }
  void clear() {
    if (on_screen_) say("\r\x1b[K");
    on_screen_ = false;
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kAfter{500};
  static constexpr std::chrono::milliseconds kEvery{100};

  bool wanted_;
  bool shown_ = false;
  bool on_screen_ = false;
  std::size_t files_;
  Clock::time_point last_ = Clock::now();
};

}  // namespace dockerlint::cli
