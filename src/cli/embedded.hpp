// SPDX-License-Identifier: Apache-2.0
#pragma once
// Linting and fixing the Dockerfiles that stand inside a compose or bake file, as parts of that file.

#include "cli/configurations.hpp"
#include "cli/discover.hpp"
#include "cli/screens.hpp"
#include "dockerlint/lint.hpp"
#include "report/baseline.hpp"

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::cli {

/// Where each Dockerfile of a file stands in the project.
using ProjectViews = std::vector<ProjectView>;

/// Whether the Dockerfiles still stand in the file where they were read. The rest is only for files where they do.
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
                           Applicability at_least, const ProjectViews& views, std::span<const Past> pasts,
                           const std::set<std::string, std::less<>>& left_out);

struct EmbeddedFindings {
  std::vector<Diagnostic> found;    // in the file, by place
  std::vector<Suppressed> ignored;  // by comments and the baseline; only if asked for
  Screened left_alone;
};
EmbeddedFindings lint_embedded(const std::vector<InlineDockerfile>& texts, std::string_view bytes,
                               const FileSettings& settings, const ProjectViews& views, std::span<const Past> pasts,
                               bool wants_ignored);

/// How much of the baseline is about builds that have no Dockerfile here any more.
std::size_t outdated_builds(const Input& input, const Past& past, const Config& config);

/// What is found, for a baseline in which the file has this name.
struct EmbeddedEntries {
  std::vector<BaselineEntry> entries;
  bool fault = false;  // one of them is our own
};
EmbeddedEntries embedded_entries(const Input& input, const FileSettings& settings, const ProjectViews& views,
                                 std::string_view name);

struct EmbeddedIgnores {
  std::string bytes;         // of the file, with comments
  std::size_t findings = 0;  // for which there is one now
  Screened left_alone;
  std::vector<std::string> troubles;  // for a person, a line each; of all that was found, this has no comment
};
EmbeddedIgnores ignore_embedded(const Input& input, const std::string& bytes, const FileSettings& settings,
                                const ProjectViews& views, std::span<const Past> pasts, std::string_view reason);

}  // namespace dockerlint::cli
