// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a build tool puts where below its output directory.

#include "dockerlint/effects.hpp"

#include <string_view>

namespace dockerlint {

enum class Product : std::uint8_t {
  unknown,  // nobody can say; it may be a directory
  none,     // the command makes no such thing: another profile, another platform
  program,  // one file that can be run
  file,     // one file
};

/// What lies at `path` after the write.
Product product_at(const PathWrite& write, std::string_view path);

}  // namespace dockerlint
