// SPDX-License-Identifier: Apache-2.0
#pragma once
// Work in a process of its own, so that neither a crash nor an endless loop ends the sweep.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::sweep {

struct Limits {
  unsigned cpu_seconds = 60;
  std::size_t memory = 0;  // of address space, in bytes; 0: without limit
};

struct Ran {
  std::string out;      // what it wrote
  int exit_status = 0;  // 0 when it did not exit
  int signal = 0;       // what ended it
  double cpu = 0;       // seconds, user and system

  bool good() const { return exit_status == 0 && signal == 0; }
};

/// Calls `work` in a child; what it returns comes back as `out`.
Ran in_child(const std::function<std::string()>& work, const Limits& limits = {});

/// Calls `use` with the path of a file of these bytes, which is gone thereafter.
Ran with_file(std::string_view bytes, const std::function<Ran(const std::string&)>& use);

/// Runs a program, found in PATH, with `input` as its standard input. Its standard error is thrown away.
Ran run_program(const std::vector<std::string>& words, std::string_view input, const Limits& limits = {});

}  // namespace dockerlint::sweep
