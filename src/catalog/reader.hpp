// SPDX-License-Identifier: Apache-2.0
#pragma once
// From the text of rules/catalog/TOOL.json to a Tool. It believes no file: whatever schema.json asks for, and
// what a schema cannot say, is checked here. The build and a project's own files go the same way.

#include "catalog/tables.hpp"
#include "text/arena.hpp"

#include <span>
#include <vector>

namespace dockerlint {

/// The tools of the files and those of `others` that no file replaces, sorted by name. When `errors` is not
/// empty afterwards, the result is of no use. What is new lives in the arena.
std::vector<const Tool*> read_tools(std::span<const CatalogFile> files, std::span<const Tool* const> others,
                                    Arena& arena, std::vector<CatalogError>& errors);

/// What is needed to search them. `tools` are sorted by name, and no path comes twice in them.
CatalogTables make_tables(std::span<const Tool* const> tools, Arena& arena);

}  // namespace dockerlint
