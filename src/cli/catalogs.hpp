// SPDX-License-Identifier: Apache-2.0
#pragma once
// The catalog of a run: the built-in one, or that with the files of a project.

#include "dockerlint/catalog.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dockerlint::cli {

class LoadedCatalog {
 public:
  /// Reads the files. What is wrong with them is in troubles(), and the catalog then the built-in one.
  explicit LoadedCatalog(std::span<const std::string> paths);

  const Catalog& get() const { return own_ ? *own_ : Catalog::builtin(); }
  const std::vector<std::string>& troubles() const { return troubles_; }

 private:
  std::optional<Catalog> own_;
  std::vector<std::string> troubles_;
};

/// The tools that `name` means: the one of that name, or those with a program of that name.
std::vector<const Tool*> tools_named(const Catalog& catalog, std::string_view name);
/// Every name that tools_named() knows.
std::vector<std::string_view> tool_names(const Catalog& catalog);

std::string catalog_as_text(const Catalog& catalog);
/// Each tool in the form of rules/catalog/schema.json.
std::string catalog_as_json(const Catalog& catalog);

}  // namespace dockerlint::cli
