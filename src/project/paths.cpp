// SPDX-License-Identifier: Apache-2.0
#include "project/paths.hpp"

#include <algorithm>
#include <vector>

namespace dockerlint::project {

std::string clean_path(std::string_view path) {
  const bool absolute = path.starts_with('/');
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), part.size() + 1));
    if (part.empty() || part == ".") continue;
    if (part != "..") parts.push_back(part);
    else if (!parts.empty() && parts.back() != "..") parts.pop_back();
    else if (!absolute) parts.push_back(part);
  }
  std::string out = absolute ? "/" : "";
  for (const std::string_view part : parts) {
    if (!out.empty() && !out.ends_with('/')) out += '/';
    out += part;
  }
  return out.empty() ? "." : out;
}

std::string join_path(std::string_view folder, std::string_view path) {
  if (path.starts_with('/')) return clean_path(path);
  return clean_path(std::string(folder) + '/' + std::string(path));
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return slash == 0 ? "/" : std::string(path.substr(0, slash));
}

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// buildx, build/url.go and util/urlutil: what is taken for a URL, or for a repository.
bool is_remote(std::string_view context) {
  for (const std::string_view prefix : {"https://", "http://", "git://", "ssh://", "github.com/", "git@"})
    if (context.starts_with(prefix)) return true;
  return false;
}

}  // namespace dockerlint::project
