// SPDX-License-Identifier: Apache-2.0
#pragma once
// The catalog's constant tables. What defines these functions is made from rules/catalog/*.json by
// tools/catalog/generate.cpp while the program is built.

#include "dockerlint/catalog.hpp"

#include <span>

namespace dockerlint::catalog_tables {

/// Sorted by name.
std::span<const Tool> tools();
/// Every cache of every tool, sorted by path, byte by byte; no path comes twice.
std::span<const CacheDir* const> by_path();

}  // namespace dockerlint::catalog_tables
