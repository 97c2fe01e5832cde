// SPDX-License-Identifier: Apache-2.0
#pragma once
// Paths as compose and bake join them: by their text, whatever links there are (Go's filepath.Join).

#include <string>
#include <string_view>

namespace dockerlint::project {

/// "." when nothing is left. Leading `..` stay.
std::string clean_path(std::string_view path);
/// `path` as seen from `folder`; clean.
std::string join_path(std::string_view folder, std::string_view path);
/// "." for a name alone.
std::string folder_of(std::string_view path);
std::string_view name_of(std::string_view path);

/// Whether a build context lies on another machine: a repository, or a URL.
bool is_remote(std::string_view context);

}  // namespace dockerlint::project
