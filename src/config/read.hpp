// SPDX-License-Identifier: Apache-2.0
#pragma once
// From a file as it was parsed to what it says.

#include "config/layer.hpp"
#include "data/value.hpp"

#include <memory>
#include <string>
#include <vector>

namespace dockerlint::config {

struct FileLayers {
  bool root = false;
  std::vector<Sourced<std::string>> extends;  // as written
  std::vector<Layer> layers;                  // the file itself, then its overrides
  std::vector<Problem> problems;
  std::vector<std::string> without_counterpart;  // what hadolint has and we have not
};

/// A .dockerlint.toml.
FileLayers read_native(const Value& root, std::shared_ptr<const Source> source);
/// A .hadolint.yaml.
FileLayers read_hadolint(const Value& root, std::shared_ptr<const Source> source);

/// Whether a name is made as hadolint's rules are called: DL3008, SC2086.
bool is_hadolint_name(std::string_view name);

}  // namespace dockerlint::config
