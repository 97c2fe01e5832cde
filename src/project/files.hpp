// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the readers of compose and bake files ask of the disk.

#include "data/files.hpp"

#include <cstdint>
#include <string>

namespace dockerlint::project {

enum class FileKind : std::uint8_t { absent, file, folder, unreadable };

/// Paths are as they come out of the project: relative to where we run, or absolute; clean.
class Files : public data::FileReader {
 public:
  virtual FileKind kind(const std::string& path) const = 0;
};

}  // namespace dockerlint::project
