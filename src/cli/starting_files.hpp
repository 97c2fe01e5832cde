// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `dockerlint init` writes, as text: nothing here reads or writes a file.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dockerlint::cli {

enum class CiSystem : std::uint8_t { none, github, gitlab, jenkins };

/// What a repository is like, as far as a starting configuration depends on it.
struct Survey {
  std::size_t dockerfiles = 0;
  std::size_t with_cache_mounts = 0;
  std::string hosted_build;  // a workflow that builds images on GitHub's own machines; empty: none was seen
};

/// A .dockerlint.toml.
std::string starting_configuration(const Survey& survey);

/// Whether a workflow of GitHub's builds images on machines that are new for each build.
bool builds_on_hosted_machines(std::string_view workflow);

/// A workflow of GitHub's that lints.
std::string github_workflow();
/// What a Jenkinsfile needs; nobody but its author can say where.
std::string jenkins_stage();

/// `text`, a .pre-commit-config.yaml, with dockerlint among its `repos`; all else is as it was. Nothing where it is not
/// sure how to write that. An empty text is a new file.
std::optional<std::string> with_pre_commit_hook(std::string_view text);
/// The same for a .gitlab-ci.yml and its `include`.
std::optional<std::string> with_gitlab_job(std::string_view text);
/// What the two would have added, to be put in by hand.
std::string pre_commit_hook();
std::string gitlab_job_by_hand();

}  // namespace dockerlint::cli
