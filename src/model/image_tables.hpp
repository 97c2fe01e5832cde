// SPDX-License-Identifier: Apache-2.0
#pragma once
// The facts about base images as constant tables. What defines these functions is made from
// rules/catalog/images/*.json by tools/catalog/images.cpp while the program is built.

#include "dockerlint/image.hpp"

#include <span>
#include <string_view>

namespace dockerlint::image_tables {

struct Variant {
  std::string_view tags;  // a pattern; `*` stands for any text
  Image image;
};

struct Entry {
  std::string_view name;              // without registry, where that is Docker Hub; an image may have several
  std::span<const Variant> variants;  // the first whose pattern fits counts
  const Image* any;                   // what is true of all of them
};

/// Sorted by name, byte by byte.
std::span<const Entry> entries();

}  // namespace dockerlint::image_tables
