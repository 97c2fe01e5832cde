// SPDX-License-Identifier: Apache-2.0
#pragma once
// What was found before, so that a run can show what is new. A finding is known by its rule, its file (of a Dockerfile
// that stands in a compose or bake file, also by the service or target), the text it is about and its instruction, not by the line it stands on. The file is JSON with a line for each, sorted, so that
// little of it changes when little is found otherwise.

#include "dockerlint/diagnostic.hpp"
#include "dockerlint/syntax.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint {

struct BaselineEntry {
  std::string path = {};         // from the folder of the baseline, with `/`
  std::string build = {};        // the service or target whose Dockerfile stands in that file; empty: it is one itself
  std::string rule = {};         // its name
  std::string text = {};         // a hash of what the finding is about
  std::string instruction = {};  // a hash of the instruction it is in; empty: in none
  std::string about = {};        // the begin of that text, for those who read the file
  unsigned count = 1;            // findings that are the same in all of this
};

struct Baseline {
  std::vector<BaselineEntry> entries;  // sorted

  /// Those of one file.
  std::span<const BaselineEntry> of(std::string_view path) const;
  /// Sorts them, and joins what is the same.
  void tidy();
  std::string text() const;
};

struct BaselineReading {
  Baseline baseline;
  std::string error;  // why it is none; empty: it is one
  std::size_t line = 0;
  std::size_t column = 0;
};
BaselineReading read_baseline(std::string_view bytes);

/// An entry for each finding.
std::vector<BaselineEntry> baseline_entries(std::string_view path, std::string_view build, const Document& document,
                                            std::span<const Diagnostic> findings);

struct BaselineMatch {
  std::vector<bool> known;     // of each finding
  std::vector<unsigned> left;  // of each entry: how many it counts that are not found any more
};
/// Each entry stands for as many findings as it counts: first for those that are the same in all, then for those whose
/// instruction has changed otherwise.
BaselineMatch match(std::span<const BaselineEntry> entries, const Document& document,
                    std::span<const Diagnostic> findings);

}  // namespace dockerlint
