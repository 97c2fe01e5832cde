// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a run leaves alone: findings that the baseline knows, and those on lines that are as they were.

#include "cli/changed_lines.hpp"
#include "dockerlint/lint.hpp"
#include "report/baseline.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dockerlint::cli {

/// What is known of one file from before.
struct Past {
  bool has_baseline = false;
  std::span<const BaselineEntry> baseline = {};
  bool since = false;                // whether only what has changed counts
  const std::string* was = nullptr;  // the file as it was then; null: it was not there, and all of it is new

  /// Of a Dockerfile that stands in the file: its text as it was read, and what of that has changed.
  struct Part {
    std::string text;
    LineDifference changed;
  };
  std::optional<Part> part = std::nullopt;

  bool counts() const { return !baseline.empty() || since; }
};

/// Of each of these Dockerfiles, which stand in a file whose past is given.
std::vector<Past> pasts_of(std::span<const InlineDockerfile> texts, const SourceText& file, const Past& past);

/// For fix(). `past` must outlive it.
Screen screen_for(const Past& past);

struct Screened {
  std::size_t known = 0;      // in the baseline
  std::size_t unchanged = 0;  // it and all that explains it stands on lines that are as they were
  std::size_t outdated = 0;   // findings that the baseline has, and that are not there any more

  void add(const Screened& other);
};

/// Takes such findings out. Those that the baseline knows go to `known`, unless it is null, in their places.
Screened take_out(const Past& past, const Document& document, const Config& config, std::vector<Diagnostic>& findings,
                  std::vector<Suppressed>* known);

}  // namespace dockerlint::cli
