// SPDX-License-Identifier: Apache-2.0
#pragma once
// Paths in the image: always with `/`, whatever we run on.

#include "text/arena.hpp"

#include <string>
#include <string_view>

namespace dockerlint {

/// As Go's path.Clean: no `.`, no `//`, no `..` that can be resolved, no `/` at the end. "" becomes ".".
std::string clean_path(std::string_view path);
/// `path` seen from `directory`, clean.
std::string join_path(std::string_view directory, std::string_view path);
/// The same, as views: of what is given where nothing has to be changed, else of the arena.
std::string_view clean_path(std::string_view path, Arena& arena);
std::string_view join_path(std::string_view directory, std::string_view path, Arena& arena);
/// The last part; slashes at the end do not count. Empty for "/".
std::string_view base_name(std::string_view path);
inline bool is_absolute(std::string_view path) { return path.starts_with('/'); }

}  // namespace dockerlint
