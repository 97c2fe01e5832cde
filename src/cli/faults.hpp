// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dockerlint/rule.hpp"

namespace dockerlint::cli {

/// Whether it says that something is wrong with dockerlint, and nothing of the file.
inline bool is_fault(const Diagnostic& found) { return found.rule->name.starts_with("internal/"); }

}  // namespace dockerlint::cli
