// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a file asks to be silent about: `# dockerlint ignore=RULES why` above an instruction or between its
// lines, `# dockerlint ignore-file=RULES why` anywhere.

#include "dockerlint/diagnostic.hpp"
#include "dockerlint/rule.hpp"
#include "dockerlint/syntax.hpp"

#include <vector>

namespace dockerlint {

class Suppressions {
 public:
  explicit Suppressions(const Document& document);
  /// Whether a comment of the file hides what the rule finds at `where`.
  bool hide(const Rule& rule, TextRange where) const;

 private:
  struct Entry {
    TextRange scope;
    std::vector<const Rule*> rules;
  };
  std::vector<Entry> entries_;
};

}  // namespace dockerlint
