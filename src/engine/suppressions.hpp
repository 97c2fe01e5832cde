// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a file asks to be silent about: `# dockerlint ignore=RULES why` above an instruction or between its
// lines, `# dockerlint ignore-file=RULES why` anywhere.

#include "dockerlint/diagnostic.hpp"
#include "dockerlint/rule.hpp"
#include "dockerlint/syntax.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace dockerlint {

class Suppressions {
 public:
  explicit Suppressions(const Document& document);
  /// Why a comment of the file hides what the rule finds at `where`, in its own words, of which there may be none.
  /// Nothing when no comment does.
  std::optional<std::string_view> reason_to_hide(const Rule& rule, TextRange where) const;

 private:
  struct Entry {
    TextRange scope;
    std::vector<const Rule*> rules;
    std::string_view reason;
  };
  std::vector<Entry> entries_;
};

}  // namespace dockerlint
