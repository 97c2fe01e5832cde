// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which instruction a finding belongs to.

#include "dockerlint/syntax.hpp"

#include <algorithm>

namespace dockerlint {

/// The instruction that reaches to `place`, or ends there; null where there is none.
inline const Instruction* instruction_at(TextSize place, const Document& document) {
  const auto all = document.instructions();
  const auto next =
      std::partition_point(all.begin(), all.end(), [&](const Instruction& in) { return in.range.end < place; });
  return next != all.end() && next->range.begin <= place ? &*next : nullptr;
}

}  // namespace dockerlint
