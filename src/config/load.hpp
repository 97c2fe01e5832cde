// SPDX-License-Identifier: Apache-2.0
#pragma once
// A configuration file with all that it extends. Files are reached through what the caller hands in.

#include "config/layer.hpp"
#include "data/files.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::config {

using data::FileReader;
using data::FileText;

struct Loaded {
  bool root = false;                  // nothing above it counts
  std::vector<Layer> layers;          // what it extends, then the file itself, then its overrides
  std::vector<std::string> problems;  // "path:line:column: what is wrong"; not to be used with any
  std::vector<std::string> notes;     // what was left out, one sentence for each file
};

/// Reads `path`, which is absolute and clean, as are the paths that `files` is asked for. A name that ends in .yaml or .yml is hadolint's configuration.
std::shared_ptr<const Loaded> load(const std::string& path, const FileReader& files);

/// `path` as seen from `folder`, which ends in `/`; absolute and without dots.
std::string joined_path(std::string_view folder, std::string_view path);

}  // namespace dockerlint::config
