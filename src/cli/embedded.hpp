// SPDX-License-Identifier: Apache-2.0
#pragma once
// Linting and fixing the Dockerfiles that stand inside a compose or bake file, as parts of that file.

#include "cli/configurations.hpp"
#include "cli/discover.hpp"
#include "dockerlint/lint.hpp"

#include <optional>
#include <string>
#include <vector>

namespace dockerlint::cli {

struct EmbeddedResult {
  std::string bytes;                // of the file, with what was fixed
  std::vector<Diagnostic> left;     // in `bytes`, by place
  std::vector<Suppressed> ignored;  // by comments; only if asked for
  std::vector<AppliedFix> applied;  // lines are those of the file as it was
  std::vector<RefusedFix> refused;
  std::string trouble;  // why nothing was done; empty when it was
};

/// `fixes`: which are made; nothing: none.
EmbeddedResult lint_embedded(const Input& input, const std::string& bytes, const FileSettings& settings,
                             std::optional<Applicability> fixes, bool wants_ignored);

}  // namespace dockerlint::cli
