// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/project.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dockerlint {

std::string to_string(const FilePlace& place) {
  if (place.range.empty() && place.range.begin == 0) return place.path;
  return fmt::format("{}:{}:{}", place.path, place.at.line, place.at.column);
}

std::string_view to_string(DefinedBy kind) {
  switch (kind) {
    case DefinedBy::compose: return "compose";
    case DefinedBy::bake: return "bake";
    case DefinedBy::dockerfile: break;
  }
  return "dockerfile";
}

bool Project::together(std::size_t one, std::size_t other) const {
  const auto has = [](const BuildGroup& group, std::size_t build) {
    return std::binary_search(group.builds.begin(), group.builds.end(), build);
  };
  return std::any_of(groups.begin(), groups.end(),
                     [&](const BuildGroup& group) { return has(group, one) && has(group, other); });
}

std::vector<std::size_t> Project::builds_of(std::string_view dockerfile) const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < builds.size(); ++i) {
    const std::optional<Given>& path = builds[i].dockerfile;
    if (path && path->text == dockerfile) found.push_back(i);
  }
  return found;
}

}  // namespace dockerlint
