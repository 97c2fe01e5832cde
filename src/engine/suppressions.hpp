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
  /// Whether a comment of the file hides the finding.
  bool hide(const Diagnostic& found) const;

 private:
  struct Entry {
    TextRange scope;
    std::vector<const Rule*> rules;
  };
  std::vector<Entry> entries_;
};

}  // namespace dockerlint
