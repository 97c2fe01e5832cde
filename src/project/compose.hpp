// SPDX-License-Identifier: Apache-2.0
#pragma once
// Compose files: what `docker compose build` would build.
// The specification: https://github.com/compose-spec/compose-spec

#include "dockerlint/project.hpp"
#include "project/files.hpp"

#include <set>
#include <string>
#include <string_view>

namespace dockerlint::project {

/// The names that compose looks for itself, the preferred one first.
inline constexpr std::string_view kComposeNames[] = {"compose.yaml", "compose.yml", "docker-compose.yml",
                                                     "docker-compose.yaml"};
inline constexpr std::string_view kComposeOverrideNames[] = {
    "compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"};

/// What one compose file builds. With a name that compose looks for, its override file is read too. One that only
/// makes sense on top of another, as its services have neither an image nor a build, is read on top of the compose
/// file beside it. `searched`: nobody has named it, so that it may be something else altogether: then it is left alone.
/// The files that it includes are added to `included`.
Project read_compose(const std::string& path, bool searched, const Files& files, std::set<std::string>& included);

}  // namespace dockerlint::project
