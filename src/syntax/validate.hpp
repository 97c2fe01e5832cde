// SPDX-License-Identifier: Apache-2.0
#pragma once
// What BuildKit asks of each instruction by itself: flags that it has, arguments that it needs.

#include "dockerlint/syntax.hpp"

#include <optional>
#include <string>

namespace dockerlint {

struct Refusal {
  SyntaxErrorKind kind;
  TextRange range;
  std::string message;
  std::string note;
};

/// The first reason why BuildKit would refuse the instruction (instructions/parse.go), if there is one.
std::optional<Refusal> validate(const Instruction& instruction, char escape, bool labs_frontend);

}  // namespace dockerlint
