// SPDX-License-Identifier: Apache-2.0
#pragma once
// The catalog as it is searched. The built-in tables are made from rules/catalog/*.json by
// tools/catalog/generate.cpp while the program is built; those of a project when it is read.

#include "dockerlint/catalog.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace dockerlint {

/// One way to call a tool, by the first word of it.
struct Calling {
  const Tool* tool;
  std::span<const std::string_view> more;  // the words behind the first: of "python -m pip", "-m" and "pip"
};

struct Program {
  std::string_view name;
  std::span<const Calling> callings;  // those of most words first, then by the tools' names
};

struct KnownPath {
  std::string_view path;  // as the files write it, with `~` for a home
  const CacheDir* directory;
};

struct CatalogTables {
  std::span<const Tool* const> tools;    // sorted by name
  std::span<const Program> programs;     // sorted by name
  std::span<const std::uint32_t> slots;  // of a hash table over `programs`: index + 1, or 0
  std::span<const KnownPath> paths;      // sorted by path, byte by byte; no path comes twice
};

/// The slot where a search for `name` begins; it ends at an empty one. There is always one, and `slots` is a
/// power of two.
constexpr std::size_t first_slot(std::string_view name, std::size_t slots) {
  std::uint32_t hash = 2166136261U;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return (hash ^ (hash >> 15)) & (slots - 1);
}

extern const CatalogTables kBuiltinCatalog;

}  // namespace dockerlint
