// SPDX-License-Identifier: Apache-2.0
#pragma once
// What compose and bake have in common once their files are read.

#include "dockerlint/project.hpp"
#include "project/files.hpp"
#include "project/source.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace dockerlint::project {

/// Sets where the Dockerfile lies, from the context and what the file says of it, and complains when it is not there.
/// `build_place` is what is complained of when nothing names it.
void find_dockerfile(Build& build, std::optional<Given> written, const FilePlace& build_place, const Files& files,
                     Troubles& troubles);

/// Finds the builds that contexts like service:NAME stand for, among those from `first` on.
void link_contexts(Project& project, std::size_t first, std::string_view prefix);

/// Puts one project behind another.
void append(Project more, Project& project);

}  // namespace dockerlint::project
