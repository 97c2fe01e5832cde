// SPDX-License-Identifier: Apache-2.0
#pragma once
// Variable expansion as BuildKit does it in ENV, COPY, mounts and the rest (shell/lex.go). It looks like
// the shell's and is not: `${v^^}` is an error, and nothing is split or globbed.

#include "dockerlint/model.hpp"
#include "model/function_ref.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint {

using Lookup = FunctionRef<Variable(std::string_view name)>;

struct Expansion {
  std::string text;                     // with the values that the lookup gave
  bool known = true;                    // false: `text` depends on a variable that nobody knows
  std::string error;                    // why BuildKit refuses the word; empty: it does not
  std::vector<std::string_view> unset;  // names in the word that were looked up and are not set
};

/// `escape` is the file's escape character. Works for any bytes, in time linear in the word, save for
/// patterns (`${v##*x}`), which are given up as unknown when they would take longer.
Expansion expand(std::string_view word, char escape, Lookup lookup);

/// The same for an instruction that takes several words of one: `words` becomes the text, cut at blanks outside quotes.
Expansion expand_to_words(std::string_view word, char escape, Lookup lookup, std::vector<std::string>& words);

/// The body of an inline file of COPY or ADD: quotes stand for themselves, and `\\` escapes.
Expansion expand_inline_file(std::string_view body, Lookup lookup);

/// Whether `expand` could change the word at all.
bool needs_expansion(std::string_view word, char escape);

}  // namespace dockerlint
