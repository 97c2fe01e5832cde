// SPDX-License-Identifier: Apache-2.0
#pragma once
// From the files that were found to the project that they make.

#include "dockerlint/project.hpp"
#include "project/files.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::project {

/// What a file of that name is taken for. `kind` is `dockerfile` for all that is neither.
DefinedBy definition_kind(std::string_view name);

struct Definition {
  std::string path;       // clean
  bool searched = false;  // found in a folder, not named by the user
};

struct Sources {
  std::vector<Definition> definitions;   // compose and bake files, in order
  std::vector<std::string> dockerfiles;  // what else was found: a build each, unless a definition names it
};

Project read_project(const Sources& sources, const Files& files);

}  // namespace dockerlint::project
