// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/catalog.hpp"

#include "catalog/tables.hpp"

#include <algorithm>

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

Sharing CacheDir::sharing() const {
  switch (concurrency) {
    case Concurrency::exclusive:
    case Concurrency::serialised: return Sharing::locked;
    case Concurrency::tolerated:
    case Concurrency::safe: break;
  }
  return Sharing::shared;
}

const Catalog& Catalog::builtin() {
  static const Catalog catalog(catalog_tables::tools(), catalog_tables::by_path());
  return catalog;
}

const CacheDir* Catalog::cache_at(std::string_view path) const {
  if (!path.starts_with('/')) return nullptr;  // a `~` here is a directory of that name
  const Key key = key_of(path);
  const auto found = std::lower_bound(by_path_.begin(), by_path_.end(), key,
                                      [](const CacheDir* cache, const Key& k) { return k.compare(cache->path) > 0; });
  return found != by_path_.end() && key.compare((*found)->path) == 0 ? *found : nullptr;
}

const CacheDir* Catalog::cache_of(const Mount& mount) const {
  return mount.is(MountType::cache) && mount.target ? cache_at(*mount.target) : nullptr;
}

bool Catalog::may_empty_caches(const Document& document, const RunStep& run) const {
  for (const std::string_view sign : {"cache clean", "cache clear", "cache rm", "cache purge", "prune", "-modcache",
                                      "clean -cache", "--clear", "--cleanup", "rm -r", "rm -f"}) {
    if (script_has(document, run, sign)) return true;
  }
  return false;
}

}  // namespace dockerlint
