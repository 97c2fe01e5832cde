// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which words of an instruction's line open a heredoc. BuildKit decides it before any shell does, by
// its own rules: `$((1 << 2))` opens one, `<<- EOF` does not.

#include "dockerlint/syntax.hpp"
#include "text/arena.hpp"

#include <vector>

namespace dockerlint {

/// The heredocs that `line` (keyword, flags and all) opens, in order; bodies are still to be read.
/// None at all when a quote is not closed or `${` is not understood (parser.go, heredocsFromLine).
void find_heredocs(const LogicalText& line, Arena& arena, std::vector<Heredoc>& heredocs);

/// Whether a word of COPY or ADD names a heredoc.
bool is_heredoc_word(std::string_view word);

}  // namespace dockerlint
