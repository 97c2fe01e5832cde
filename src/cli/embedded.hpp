// SPDX-License-Identifier: Apache-2.0
#pragma once
// Linting and fixing the Dockerfiles that stand inside a compose or bake file, as parts of that file.

#include "cli/configurations.hpp"
#include "cli/discover.hpp"
#include "cli/screens.hpp"
#include "dockerlint/lint.hpp"
#include "report/baseline.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::cli {

struct EmbeddedResult {
  std::string bytes;                // of the file, with what was fixed
  std::vector<Diagnostic> left;     // in `bytes`, by place
  std::vector<Suppressed> ignored;  // by comments and the baseline; only if asked for
  Screened left_alone;
  std::vector<AppliedFix> applied;  // lines are those of the file as it was
  std::vector<RefusedFix> refused;
  std::string trouble;  // why nothing was done; empty when it was
};

/// `fixes`: which are made; nothing: none.
EmbeddedResult lint_embedded(const Input& input, const std::string& bytes, const FileSettings& settings,
                             const Past& past, std::optional<Applicability> fixes, bool wants_ignored);

/// What is found, for a baseline in which the file has this name.
struct EmbeddedEntries {
  std::vector<BaselineEntry> entries;
  bool fault = false;   // one of them is our own
  std::string trouble;  // as above
};
EmbeddedEntries embedded_entries(const Input& input, const std::string& bytes, const FileSettings& settings,
                                 std::string_view name);

struct EmbeddedIgnores {
  std::string bytes;         // of the file, with comments
  std::size_t findings = 0;  // for which there is one now
  Screened left_alone;
  std::vector<std::string> troubles;  // for a person, a line each; of all that was found, this has no comment
};
EmbeddedIgnores ignore_embedded(const Input& input, const std::string& bytes, const FileSettings& settings,
                                const Past& past, std::string_view reason);

}  // namespace dockerlint::cli
