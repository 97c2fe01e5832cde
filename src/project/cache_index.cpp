// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/lock_order.hpp"
#include "dockerlint/project_caches.hpp"

#include "dockerlint/effects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

namespace dockerlint {
namespace {

constexpr std::size_t kMostDirectories = 16;  // of one id
constexpr std::size_t kMostOwners = 16;       // of one id
constexpr std::size_t kMostPlatforms = 8;     // of one id
constexpr std::size_t kMostBuilds = 64;       // that are compared with each other

/// Whether nobody minds who else uses it at the same time.
bool is_free(const CacheUser& user) {
  return user.cache != nullptr && user.cache->concurrency == Concurrency::safe && !user.empties;
}

/// Adds a user to those of its kind. False: there are too many kinds.
template <typename Key>
bool add_by(std::vector<std::pair<Key, FirstUsers>>& kinds, const std::type_identity_t<Key>& key, CacheUserPlace place,
            std::size_t most) {
  auto known = std::find_if(kinds.begin(), kinds.end(), [&](const auto& one) { return one.first == key; });
  if (known == kinds.end() && kinds.size() == most) return false;
  if (known == kinds.end()) known = kinds.insert(known, {key, {}});
  known->second.add(place);
  return true;
}

void add_libc(const CacheUser& user, CacheUserPlace place, ProjectCache& cache) {
  const Libc libc = user.image == nullptr ? Libc::unknown : user.image->libc;
  if (libc == Libc::glibc) cache.by_libc[0].add(place);
  else if (libc == Libc::musl) cache.by_libc[1].add(place);
  else cache.unknown_libc.add(place);
}

void add_owner(const CacheUser& user, CacheUserPlace place, ProjectCache& cache) {
  const bool known = user.user && !user.owned_by_variable && !user.based &&
                     add_by(cache.owners, {user.uid, user.gid, user.owner_mode, *user.user}, place, kMostOwners);
  if (!known) cache.unknown_owner.add(place);
}

}  // namespace

const FirstUsers* ProjectCache::of(const CacheDir& directory) const {
  const auto found =
      std::find_if(directories.begin(), directories.end(), [&](const auto& one) { return one.first == &directory; });
  return found == directories.end() ? nullptr : &found->second;
}

ProjectCaches::ProjectCaches(const Project& project, std::vector<FileCaches> files)
    : project_(project), files_(std::move(files)) {
  for (std::uint32_t f = 0; f < files_.size(); ++f) {
    const auto& variants = files_[f].variants;
    for (std::uint32_t v = 0; v < variants.size(); ++v) {
      for (std::uint32_t u = 0; u < variants[v].users.size(); ++u)
        if (variants[v].reaches(variants[v].users[u])) add(variants[v].users[u], {f, v, u});
      add_locks(variants[v], {f, v, 0});
    }
  }
  choose_ids();
  // Indices in by_id_ are of the order in which ids came; from here on they are sorted.
  std::sort(caches_.begin(), caches_.end(), [](const ProjectCache& a, const ProjectCache& b) { return a.id < b.id; });
  for (std::size_t i = 0; i < caches_.size(); ++i) by_id_[caches_[i].id] = i;
}

void ProjectCaches::add(const CacheUser& user, CacheUserPlace place) {
  if (!user.id_known) return;
  const auto [entry, is_new] = by_id_.try_emplace(user.id, caches_.size());
  if (is_new) caches_.emplace_back().id = user.id;
  ProjectCache& cache = caches_[entry->second];
  cache.users.push_back(place);
  if (user.mode != Sharing::locked) cache.open.add(place);
  if (user.mode) cache.by_mode[static_cast<std::size_t>(*user.mode)].add(place);
  else cache.unknown_mode.add(place);
  if (user.cache == nullptr) cache.unknown_directory.add(place);
  else if (user.cache->concurrency != Concurrency::tolerated) cache.decided.add(place);
  if (!is_free(user)) cache.needs_lock.add(place);
  if (user.directory == nullptr || !add_by(cache.directories, user.directory, place, kMostDirectories))
    cache.elsewhere.add(place);
  add_libc(user, place, cache);
  add_owner(user, place, cache);
  add_platforms(user, place, cache);
  if (user.builds && cache.builds.size() < kMostBuilds) cache.builds.push_back(place);
}

void ProjectCaches::add_platforms(const CacheUser& user, CacheUserPlace place, ProjectCache& cache) const {
  if (!user.native) return;
  for (const CacheVariant::Member& member : variant(place).builds) {
    if (user.stage < member.reached.size() && !member.reached[user.stage]) continue;
    for (const Given& platform : project_.builds[member.build].platforms)
      if (platform.known()) add_by(cache.platforms, *platform.text, place, kMostPlatforms);
  }
}

void ProjectCaches::add_locks(const CacheVariant& variant, CacheUserPlace place) {
  TextSize run = 0;
  for (std::uint32_t u = 0; u < variant.users.size(); ++u) {
    if (!variant.reaches(variant.users[u]) || (u > 0 && variant.users[u].run == run)) continue;
    run = variant.users[u].run;
    const auto locks = locks_of_run(variant, run);
    for (std::size_t i = 0; i < locks.size(); ++i)
      for (std::size_t j = i + 1; j < locks.size(); ++j) {
        const auto user = static_cast<std::uint32_t>(locks[i] - variant.users.data());
        locks_[{locks[i]->id, locks[j]->id}].add({place.file, place.variant, user});
      }
  }
}

void ProjectCaches::choose_ids() {
  struct Votes {
    std::uint32_t files = 0;
    std::uint32_t last = 0;  // file that has voted, from 1
  };
  std::unordered_map<std::string, std::vector<std::pair<std::string_view, Votes>>> votes;
  constexpr std::size_t kMostIds = 256;  // of one directory
  for (const ProjectCache& cache : caches_)
    for (const CacheUserPlace place : cache.users) {
      const std::string key = scatter_key(user(place));
      if (key.empty()) continue;
      auto& ids = votes[key];
      auto known = std::find_if(ids.begin(), ids.end(), [&](const auto& one) { return one.first == cache.id; });
      if (known == ids.end() && ids.size() == kMostIds) continue;
      if (known == ids.end()) known = ids.insert(known, {cache.id, {}});
      if (known->second.last == place.file + 1) continue;
      known->second.last = place.file + 1;
      ++known->second.files;
    }
  for (const auto& [key, ids] : votes) {
    const auto more = [](const auto& a, const auto& b) { return a.second.files < b.second.files; };
    usual_[key] = std::max_element(ids.begin(), ids.end(), more)->first;
  }
}

const ProjectCache* ProjectCaches::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &caches_[found->second];
}

const FirstUsers* ProjectCaches::locks(std::string_view first, std::string_view second) const {
  const auto found = locks_.find({first, second});
  return found == locks_.end() ? nullptr : &found->second;
}

std::string_view ProjectCaches::usual_id(const std::string& scatter_key) const {
  const auto found = usual_.find(scatter_key);
  return found == usual_.end() ? std::string_view() : found->second;
}

std::vector<const CacheUser*> locks_of_run(const CacheVariant& variant, TextSize run) {
  std::vector<const CacheUser*> locks;
  for (const CacheUser& user : variant.users)
    if (user.run == run && user.mode == Sharing::locked && user.id_known && !user.target.empty())
      locks.push_back(&user);
  if (locks.size() > kMostLocks) return {};
  std::stable_sort(locks.begin(), locks.end(),
                   [](const CacheUser* a, const CacheUser* b) { return a->target < b->target; });
  std::vector<const CacheUser*> waited_for;
  for (const CacheUser* const lock : locks)
    if (std::none_of(waited_for.begin(), waited_for.end(), [&](const CacheUser* one) { return one->id == lock->id; }))
      waited_for.push_back(lock);
  return waited_for;
}

std::string scatter_key(const CacheUser& user) {
  const CacheDir* const cache = user.cache;
  if (cache == nullptr || !user.plain || !user.id_known || user.target.empty() || user.based) return {};
  if (cache->kind != DirectoryKind::download && cache->kind != DirectoryKind::metadata) return {};
  if (cache->concurrency != Concurrency::safe && cache->concurrency != Concurrency::tolerated) return {};
  std::string image = user.base;
  if (user.image != nullptr && user.image->libc != Libc::unknown)
    image = fmt::format("{}/{}", to_string(user.image->family), to_string(user.image->libc));
  if (image.empty()) return {};
  const auto number = [](std::optional<std::uint32_t> n) { return n ? std::to_string(*n) : std::string("-"); };
  return fmt::format("{}/{}|{}|{}|{}:{}:{}|{}", cache->tool->name, cache->name, user.target, image, number(user.uid),
                     number(user.gid), number(user.owner_mode), to_string(user.mode.value_or(Sharing::shared)));
}

bool have_different_sources(const CacheVariant& a, const CacheUser& one, const CacheVariant& b,
                            const CacheUser& other) {
  if (!one.builds || !other.builds || !one.sources_known || !other.sources_known) return false;
  if (one.sources.empty() || other.sources.empty() || a.context.empty() != b.context.empty()) return false;
  const auto rooted = [](std::string_view path) {
    return path.starts_with('/') ? std::string(path) : fmt::format("/{}", path);
  };
  const auto of_context = [](std::string_view root) { return root.find(':') == std::string_view::npos; };
  for (const std::string& mine : one.sources)
    for (const std::string& theirs : other.sources) {
      if (of_context(mine) != of_context(theirs)) return false;
      // Stages are of one Dockerfile.
      if (!of_context(mine) && mine.find("://") == std::string::npos) return false;
      if (mine == theirs) return false;
      if (!of_context(mine)) continue;
      // The whole of a context that nobody knows may be anything.
      if (mine.empty() || theirs.empty() || mine == "." || theirs == ".") return false;
      if (lies_in(rooted(mine), rooted(theirs)) || lies_in(rooted(theirs), rooted(mine))) return false;
    }
  return true;
}

}  // namespace dockerlint
