// SPDX-License-Identifier: Apache-2.0
#pragma once
// Putting fixes into a text.

#include "dockerlint/diagnostic.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint {

struct Applied {
  std::string text;
  std::vector<TextEdit> edits;           // in the order of their places; none overlaps another
  std::vector<const Diagnostic*> fixed;  // whose fixes went in
};

/// One pass: earlier in `wanted` wins. A fix goes in whole or not at all; edits that are the same are
/// shared; two that begin at one place wait for each other, as do a removal and what is put right behind it. Every element must carry a fix with edits.
Applied apply_fixes(std::string_view bytes, std::span<const Diagnostic* const> wanted);

}  // namespace dockerlint
