// SPDX-License-Identifier: Apache-2.0
#pragma once
// Bake files, in HCL and in JSON: what `docker buildx bake` would build.
// The reference: https://docs.docker.com/build/bake/reference/

#include "dockerlint/project.hpp"
#include "project/files.hpp"

#include <string>
#include <string_view>

namespace dockerlint::project {

/// The names that bake looks for itself; an override file is read behind them.
inline constexpr std::string_view kBakeNames[] = {"docker-bake.json", "docker-bake.hcl"};
inline constexpr std::string_view kBakeOverrideNames[] = {"docker-bake.override.json", "docker-bake.override.hcl"};

/// What one bake file builds: its targets, and its groups. With a name that bake looks for, its override files are
/// read too. Paths in it count from where bake is started, which nobody tells: the file's own folder, if any of the
/// Dockerfiles is found there, else, of those above it, the nearest one in which most of them are found.
Project read_bake(const std::string& path, bool searched, const Files& files);

}  // namespace dockerlint::project
