// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is counted over all files, and the last line that tells of it.

#include "cli/options.hpp"

#include <cstddef>
#include <string>

namespace dockerlint::cli {

struct Summary : Totals {
  std::size_t files_with_findings = 0;
  std::size_t fixed_files = 0;
  std::size_t known = 0;      // in the baseline
  std::size_t unchanged = 0;  // on lines that are as they were
  std::size_t ignored = 0;    // for which a comment was added
  std::size_t ignored_files = 0;

  RuleCount& of(const Rule& rule);
  void add(const Summary& file);

  /// "3 findings in 2 files, 2 fixable with --fix, 1 more with --unsafe-fixes"
  std::string closing(const Options& options) const;
  /// The findings of each rule, the most frequent first.
  std::string table() const;
};

}  // namespace dockerlint::cli
