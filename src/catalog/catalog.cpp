// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/catalog.hpp"

#include "catalog/memory.hpp"
#include "catalog/reader.hpp"
#include "catalog/tables.hpp"
#include "text/arena.hpp"

#include <algorithm>
#include <utility>

namespace dockerlint {
namespace {

/// A path as the catalog writes it: `home` and `rest` joined. Kept in two pieces, so that a lookup
/// copies nothing.
struct Key {
  std::string_view home;  // "~" or empty
  std::string_view rest;

  int compare(std::string_view path) const {
    const int order = home.compare(path.substr(0, home.size()));
    return order != 0 ? order : rest.compare(path.substr(home.size()));
  }
};

Key key_of(std::string_view path) {
  constexpr std::string_view kRoot = "/root/";
  constexpr std::string_view kHome = "/home/";
  if (path.starts_with(kRoot)) return {"~", path.substr(kRoot.size() - 1)};
  if (path.starts_with(kHome)) {
    const std::size_t end = path.find('/', kHome.size());
    if (end != std::string_view::npos && end > kHome.size()) return {"~", path.substr(end)};
  }
  return {"", path};
}

}  // namespace

/// What a project's files have added to.
struct Catalog::Owned {
  Arena arena;
  CatalogTables tables;
};

Catalog::Catalog(const CatalogTables& tables) : tables_(&tables) {}
Catalog::Catalog(std::unique_ptr<const Owned> owned) : tables_(&owned->tables), owned_(std::move(owned)) {}
Catalog::Catalog(Catalog&&) noexcept = default;
Catalog& Catalog::operator=(Catalog&&) noexcept = default;
Catalog::~Catalog() = default;

const Catalog& Catalog::builtin() {
  static const Catalog catalog(kBuiltinCatalog);
  return catalog;
}

Catalog Catalog::remembering() const {
  Catalog catalog(*tables_);
  catalog.memory_ = std::make_unique<Memory>();
  return catalog;
}

CatalogReading read_catalog(std::span<const CatalogFile> files) {
  CatalogReading reading;
  auto owned = std::make_unique<Catalog::Owned>();
  const auto tools = read_tools(files, kBuiltinCatalog.tools, owned->arena, reading.errors);
  if (!reading.errors.empty()) return reading;
  owned->tables = make_tables(tools, owned->arena);
  reading.catalog = Catalog(std::move(owned));
  return reading;
}

std::span<const Tool* const> Catalog::tools() const { return tables_->tools; }

const Tool* Catalog::tool(std::string_view name) const {
  const auto tools = tables_->tools;
  const auto found = std::lower_bound(tools.begin(), tools.end(), name,
                                      [](const Tool* tool, std::string_view n) { return tool->name < n; });
  return found != tools.end() && (*found)->name == name ? *found : nullptr;
}

const CacheDir* Catalog::directory(std::string_view tool_and_name) const {
  const std::size_t slash = tool_and_name.find('/');
  const Tool* const owner = slash == std::string_view::npos ? nullptr : tool(tool_and_name.substr(0, slash));
  if (owner == nullptr) return nullptr;
  const std::string_view name = tool_and_name.substr(slash + 1);
  for (const CacheDir& directory : owner->directories)
    if (directory.name == name) return &directory;
  return nullptr;
}

const CacheDir* Catalog::directory_at(std::string_view path) const {
  if (!path.starts_with('/')) return nullptr;  // a `~` here is a directory of that name
  const Key key = key_of(path);
  const auto paths = tables_->paths;
  const auto found = std::lower_bound(paths.begin(), paths.end(), key,
                                      [](const KnownPath& known, const Key& k) { return k.compare(known.path) > 0; });
  return found != paths.end() && key.compare(found->path) == 0 ? found->directory : nullptr;
}

const CacheDir* Catalog::cache_at(std::string_view path) const {
  const CacheDir* const directory = directory_at(path);
  const bool is_cache =
      directory != nullptr && directory->mount != MountAdvice::no && directory->concurrency != Concurrency::unknown;
  return is_cache ? directory : nullptr;
}

const CacheDir* Catalog::cache_of(const Mount& mount) const {
  return mount.is(MountType::cache) && mount.target ? cache_at(*mount.target) : nullptr;
}

}  // namespace dockerlint
