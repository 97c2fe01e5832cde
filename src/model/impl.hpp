// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a Model holds.

#include "dockerlint/model.hpp"
#include "model/variables.hpp"
#include "text/arena.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace dockerlint {

struct Model::Impl {
  Impl(const Document& d, ImageLookup i) : document(d), images(i) {}

  const Document& document;
  const ImageLookup images;
  Arena arena;
  std::vector<Stage> stages;
  std::vector<StageVariables> variables;                              // one a stage
  std::unordered_map<std::string_view, std::uint32_t> stage_by_name;  // the first of a name
  std::vector<RunStep> runs;
  std::vector<CopyStep> copies;
  std::vector<BuildError> errors;
  std::vector<Cache> caches;
  bool reads_platform = false;

  /// The first RUN of a stage that has a text.
  struct StageScript {
    std::uint32_t stage;
    TextSize begin;
  };
  std::unordered_map<std::string, std::vector<StageScript>> first_scripts_with;  // by text, of the stages that have it
};

}  // namespace dockerlint
