// SPDX-License-Identifier: Apache-2.0
#pragma once
// Linting and fixing the Dockerfiles that stand inside a compose or bake file, as parts of that file.

#include "cli/configurations.hpp"
#include "cli/discover.hpp"
#include "dockerlint/lint.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::cli {

/// Where each Dockerfile of a file stands in the project.
using ProjectViews = std::vector<ProjectView>;

/// Whether the Dockerfiles still stand in the file where they were read.
bool are_there(const Input& input, std::string_view bytes);

struct EmbeddedFixes {
  std::string bytes;                             // of the file, with what was fixed
  std::vector<InlineDockerfile> texts;           // as they stand in `bytes`
  std::vector<std::vector<AppliedFix>> applied;  // by text; lines are those of the file as it was
  std::vector<RefusedFix> refused;

  std::vector<AppliedFix> all_applied() const;
};
/// A Dockerfile that cannot be edited where it stands is left as it is.
EmbeddedFixes fix_embedded(const Input& input, const std::string& bytes, const FileSettings& settings,
                           Applicability at_least, const ProjectViews& views,
                           const std::set<std::string, std::less<>>& left_out);

struct EmbeddedFindings {
  std::vector<Diagnostic> found;    // in the file, by place
  std::vector<Suppressed> ignored;  // by comments; only if asked for
};
EmbeddedFindings lint_embedded(const std::vector<InlineDockerfile>& texts, std::string_view bytes,
                               const FileSettings& settings, const ProjectViews& views, bool wants_ignored);

}  // namespace dockerlint::cli
