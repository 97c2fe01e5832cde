// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a run leaves alone: findings that the baseline knows, and those on lines that are as they were.

#include "dockerlint/lint.hpp"
#include "report/baseline.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dockerlint::cli {

/// What is known of one file from before.
struct Past {
  std::span<const BaselineEntry> baseline = {};
  bool since = false;                // whether only what has changed counts
  const std::string* was = nullptr;  // the file as it was then; null: it was not there, and all of it is new

  bool counts() const { return !baseline.empty() || since; }
};

struct Screened {
  std::vector<bool> known;      // of each finding: in the baseline
  std::vector<bool> unchanged;  // of each other: it and all that explains it stands on lines that are as they were
  std::vector<unsigned> left;   // BaselineMatch
};

Screened screened(const Past& past, const Document& document, std::span<const Diagnostic> findings);

/// For fix(). `past` must outlive it.
Screen screen_for(const Past& past);

}  // namespace dockerlint::cli
