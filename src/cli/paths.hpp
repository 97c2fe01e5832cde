// SPDX-License-Identifier: Apache-2.0
#pragma once
// Paths as the system knows them, and as a person in the current folder would write them.

#include <string>
#include <string_view>

namespace dockerlint::cli {

inline std::string_view folder_part(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }
inline std::string_view name_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// Absolute, ends in a slash; where nothing of that name exists, what it would be.
std::string real_folder(const std::string& given);
/// Of a file: links resolved, where it exists; else in its real folder.
std::string real_path(const std::string& given);
/// Below the current folder, or in one of those above; else absolute.
std::string shown_path(const std::string& absolute);
/// From a folder, which is absolute and ends in a slash, to an absolute path.
std::string relative_path(std::string_view folder, std::string_view absolute);

}  // namespace dockerlint::cli
