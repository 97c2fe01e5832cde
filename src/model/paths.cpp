// SPDX-License-Identifier: Apache-2.0
#include "model/paths.hpp"

#include <vector>

namespace dockerlint {

std::string clean_path(std::string_view path) {
  const bool rooted = is_absolute(path);
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(slash == path.npos ? path.size() : slash + 1);
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..") parts.pop_back();
    else if (part != ".." || !rooted) parts.push_back(part);
  }
  std::string clean;
  for (const std::string_view part : parts) {
    if (rooted || !clean.empty()) clean += '/';
    clean += part;
  }
  if (clean.empty()) clean = rooted ? "/" : ".";
  return clean;
}

std::string join_path(std::string_view directory, std::string_view path) {
  if (is_absolute(path)) return clean_path(path);
  std::string joined(directory);
  joined += '/';
  joined += path;
  return clean_path(joined);
}

std::string_view base_name(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path.substr(path.rfind('/') + 1);
}

}  // namespace dockerlint
