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

  RuleCount& of(const Rule& rule);
  void add(const Summary& file);

  /// "3 findings in 2 files, 2 fixable with --fix, 1 more with --unsafe-fixes"
  std::string closing(const Options& options) const;
  /// The findings of each rule, the most frequent first.
  std::string table() const;
};

}  // namespace dockerlint::cli
