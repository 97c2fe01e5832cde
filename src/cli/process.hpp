// SPDX-License-Identifier: Apache-2.0
#pragma once
// Running another program: git, when the user asks for what only git knows.

#include <span>
#include <string>
#include <string_view>

namespace dockerlint::cli {

struct ProcessResult {
  int status = -1;      // its exit status; -1: it did not run, or did not come to its end
  std::string output;   // what it printed
  std::string errors;   // on standard error
  std::string trouble;  // why it did not run; empty when it did
};

/// Runs the program that PATH knows as `arguments[0]`, with no shell between, hands it `input`, and waits for its end.
/// Its messages are in English, whatever the user's language.
ProcessResult run_process(std::span<const std::string> arguments, std::string_view input = {});

}  // namespace dockerlint::cli
