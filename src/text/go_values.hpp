// SPDX-License-Identifier: Apache-2.0
#pragma once
// Values as Go's strconv reads them, because BuildKit does.

#include <string_view>

namespace dockerlint {

/// 1, t, true and their like; 0, f, false and theirs.
constexpr bool is_bool(std::string_view value) {
  for (const std::string_view word : {"1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"})
    if (value == word) return true;
  return false;
}

/// Of what is_bool().
constexpr bool is_true(std::string_view value) {
  return value == "1" || value.starts_with('t') || value.starts_with('T');
}

}  // namespace dockerlint
