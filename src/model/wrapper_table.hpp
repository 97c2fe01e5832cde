// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace dockerlint::script {

enum class WrapperKind : std::uint8_t {
  plain,
  in_shell,  // of the shell itself: a builtin behind it works
  exec,
  env,
  sudo,
  user_first,  // its first operand is who runs the command
  user_option,
  xargs,
  parallel,
  retry,
};

/// The grammar of a wrapper's own words. An option that is not here makes it no wrapper, because nobody knows
/// whether the next word belongs to it.
struct Wrapper {
  std::string_view name;
  std::string_view options;       // as for getopt: `n:` takes a value, `i::` only in the same word
  std::string_view long_options;  // `user:>u`: takes a value, and is the same as -u
  WrapperKind kind = WrapperKind::plain;
  std::uint8_t operands = 0;  // before the command
  bool assignments = false;   // NAME=value before the command
};

/// Null when the program is none.
const Wrapper* wrapper_named(std::string_view program);

}  // namespace dockerlint::script
