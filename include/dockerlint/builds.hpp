// SPDX-License-Identifier: Apache-2.0
#pragma once
// Builds whose output tree lies in a cache mount: which of them use one tree, and whether they may take what
// another one built for their own. Build tools tell by names and time stamps what is built already.

#include "dockerlint/catalog.hpp"
#include "dockerlint/commands.hpp"
#include "dockerlint/model.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace dockerlint {

/// A command whose product comes to lie in a cache mount of its RUN.
struct MountedBuild {
  const Mount* mount = nullptr;  // null: one that is to be made
  const RunCommand* command = nullptr;
  const CacheDir* output = nullptr;  // of kind build_output

  const Stage& stage() const { return *command->run->stage; }
};

/// In the order of the file. What an ONBUILD runs is left out: it is built somewhere else.
std::vector<MountedBuild> mounted_builds(const Model& model, const Catalog& catalog);

/// Two builds of different things in one output tree.
struct SharedBuild {
  MountedBuild build;
  MountedBuild other;            // an earlier one, of other sources, in a stage that this one is not built on;
                                 // without a mount where it is `argument` that makes two of one
  std::string_view argument;     // the build argument that selects what is built; the id is the same for all
  bool selects_sources = false;  // it selects the sources; else only what is built of them
  TextRange selection;           // where it does
};

/// At most one for a stage and a cache.
std::vector<SharedBuild> shared_builds(const Model& model, const Catalog& catalog);

/// The build argument that selects what is built, or of which sources, and is not part of the mount's id; empty when
/// there is none.
std::string_view selecting_argument(const MountedBuild& build);

/// Whether all that a COPY brings are files, as far as their names tell: `Cargo.toml`, `*.json`.
bool brings_only_files(const CopyStep& copy);

/// Whether `stage` is `base` or built on it.
bool is_built_on(const Stage& stage, const Stage& base);

/// Where a stage, or one below it, declares a build argument before `offset`. Null when none does.
const Instruction* declaration_of(std::string_view argument, const Stage& stage, TextSize offset);

}  // namespace dockerlint
