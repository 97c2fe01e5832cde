// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which sources lie in the directory that a build is started in: seen as the directories, of the build context or
// of something else, that were put there.

#include "dockerlint/builds.hpp"

#include <string>
#include <vector>

namespace dockerlint {

struct Sources {
  bool known = true;               // false: something is there of which nothing tells where it comes from
  std::vector<std::string> roots;  // what the directory is a copy of: "" is all of the context, "api" a part of it,
                                   // "stage:/src" a directory of a stage, "git:URL" a repository
};

/// What is there before the build's RUN, and by its bind mounts.
Sources sources_of(const MountedBuild& build);

/// Whether both are known, and have nothing in common.
bool are_different(const Sources& a, const Sources& b);

/// Whether a COPY of one source puts it in the directory of the build itself.
bool lays_sources(const MountedBuild& build, const Instruction& copy);

}  // namespace dockerlint
