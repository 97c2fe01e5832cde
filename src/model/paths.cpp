// SPDX-License-Identifier: Apache-2.0
#include "model/paths.hpp"

namespace dockerlint {

namespace {

/// Whether it surely is clean: `/.cache` is, too, but is left to the long way.
bool is_clean(std::string_view path) {
  if (path.empty() || path.back() == '/') return path == "/";
  char before = '/';
  for (const char c : path.substr(is_absolute(path) ? 1 : 0)) {
    if (before == '/' && (c == '/' || c == '.')) return false;
    before = c;
  }
  return true;
}

}  // namespace

std::string clean_path(std::string_view path) {
  if (is_clean(path)) return std::string(path);
  const bool rooted = is_absolute(path);
  std::string clean;
  clean.reserve(path.size() + 1);
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(slash == path.npos ? path.size() : slash + 1);
    if (part.empty() || part == ".") continue;
    const std::size_t last = clean.rfind('/');  // of what is kept, where its last part begins
    const std::string_view kept = std::string_view(clean).substr(last == clean.npos ? 0 : last + 1);
    if (part == ".." && !kept.empty() && kept != "..") {
      clean.resize(last == clean.npos ? 0 : last);
    } else if (part != ".." || !rooted) {
      if (rooted || !clean.empty()) clean += '/';
      clean += part;
    }
  }
  if (clean.empty()) clean += rooted ? '/' : '.';
  return clean;
}

std::string join_path(std::string_view directory, std::string_view path) {
  if (is_absolute(path)) return clean_path(path);
  std::string joined;
  joined.reserve(directory.size() + 1 + path.size());
  joined += directory;
  if (directory != "/") joined += '/';
  joined += path;
  return is_clean(directory) && is_clean(path) ? joined : clean_path(joined);
}

std::string_view clean_path(std::string_view path, Arena& arena) {
  if (is_clean(path)) return path;
  const std::string_view without_slash = path.substr(0, path.size() - (path.size() > 1 && path.back() == '/' ? 1 : 0));
  if (is_clean(without_slash)) return without_slash;
  return arena.keep(std::string_view(clean_path(path)));
}

std::string_view join_path(std::string_view directory, std::string_view path, Arena& arena) {
  if (is_absolute(path)) return clean_path(path, arena);
  if (path == "." || path == "./" || path.empty()) return clean_path(directory, arena);
  return arena.keep(std::string_view(join_path(directory, path)));
}

std::string_view base_name(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path.substr(path.rfind('/') + 1);
}

}  // namespace dockerlint
