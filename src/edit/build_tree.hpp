// SPDX-License-Identifier: Apache-2.0
#pragma once
// The output tree of a build in a cache mount of its own: what is wanted of it is copied out in the same RUN.

#include "dockerlint/catalog.hpp"
#include "dockerlint/diagnostic.hpp"
#include "dockerlint/effects.hpp"
#include "dockerlint/model.hpp"

#include <optional>
#include <string>
#include <vector>

namespace dockerlint::edit {

struct BuildTree {
  std::string path;
  std::string mount;               // the value of --mount
  std::vector<TextEdit> copy_out;  // empty where the RUN takes out what is wanted itself
  std::string destination;         // where the first copy is then
};

/// For the cargo builds of a RUN. Nothing unless all that the file shows says that nobody misses the tree: no other
/// RUN has anything there, everyone who reads from it reads a program by name and can be pointed elsewhere, and there
/// is a name for the cache that is this project's own.
std::optional<BuildTree> mount_build_tree(const Model& model, const Catalog& catalog, const Effects& effects,
                                          const RunStep& run);

}  // namespace dockerlint::edit
