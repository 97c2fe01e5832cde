// SPDX-License-Identifier: Apache-2.0
#pragma once
// The targets of a bake project: what each says, what it inherits, what its matrix makes of it.

#include "dockerlint/project.hpp"
#include "project/bake_files.hpp"
#include "project/hcl/evaluate.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dockerlint::project {

/// A target as far as files say it; paths as written.
struct BakeTarget {
  std::string name;
  std::string label;  // of the block; that of a matrix stands for all that it makes
  FilePlace where;
  std::optional<Given> context;
  std::optional<Given> dockerfile;
  std::optional<InlineDockerfile> inline_dockerfile;
  std::optional<Given> inline_unknown;
  std::optional<Given> target;
  std::vector<BuildArg> args;
  std::optional<std::vector<Given>> platforms;
  std::vector<NamedContext> contexts;
  std::vector<Given> inherits;
  bool complete = true;
};

struct BakeGroup {
  FilePlace where;
  std::vector<Given> targets;
  bool of_matrix = false;
};

struct BakeModel {
  std::vector<BakeTarget> targets;  // in the order of the files, each name once, without what they inherit
  std::vector<std::pair<std::string, BakeGroup>> groups;
};

BakeModel read_bake_model(const BakeFiles& files, Troubles& troubles);

/// `over` on top of `base`, as bake merges targets.
BakeTarget merged(BakeTarget base, BakeTarget over);

}  // namespace dockerlint::project
