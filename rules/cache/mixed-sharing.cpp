// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/fix_group.hpp"
#include "dockerlint/rule.hpp"

#include <algorithm>

namespace dockerlint::rules {
namespace {

/// The mode that BuildKit takes; absent when a variable decides it.
std::optional<Sharing> mode_of(const Mount& mount) {
  if (mount.option(MountKey::sharing) == nullptr) return Sharing::shared;
  return mount.sharing;
}

/// Where the catalog knows which mode is right, the rule about that mode speaks.
bool others_speak(const Cache& cache, const Catalog& catalog) {
  return std::any_of(cache.mounts.begin(), cache.mounts.end(), [&](const Mount* mount) {
    const CacheDir* const known = catalog.cache_of(*mount);
    return known != nullptr && known->concurrency != Concurrency::tolerated;
  });
}

/// The mode that all files are to say that share the cache: that of most of them, but a lock where one file has both.
Sharing common_mode(const ProjectCache& cache) {
  constexpr std::size_t kMostUsers = 256;  // that are looked through
  std::size_t files = 0;
  for (std::size_t i = 0; i < std::min(cache.users.size(), kMostUsers); ++i)
    files += i == 0 || cache.users[i].file != cache.users[i - 1].file;
  const bool mixed = cache.users.size() <= kMostUsers && cache.locking().files() + cache.open.files() > files;
  return !mixed && cache.locking().files() < cache.open.files() ? Sharing::shared : Sharing::locked;
}

/// To bring one of several files to the common mode helps nobody.
void bring_all(Diagnostic& found, const ProjectCache* cache, Sharing mode) {
  if (cache == nullptr || cache->decided.any() || cache->unknown_mode.any() || common_mode(*cache) != mode) return;
  const std::size_t files = mode == Sharing::locked ? cache->open.files() : cache->locking().files();
  join_group(found, fmt::format("cache/mixed-sharing {}", cache->id), files);
}

void check(const Cache& cache, RuleContext& cx) {
  const Mount* locked = nullptr;
  const Mount* other = nullptr;  // the first that would not wait for it
  std::size_t locks = 0;
  bool tolerated = true;  // every mount is of a cache that bears both
  for (const Mount* const mount : cache.mounts) {
    const auto mode = mode_of(*mount);
    if (!mode) return;
    if (*mode == Sharing::locked && ++locks == 1) locked = mount;
    if (*mode != Sharing::locked && other == nullptr) other = mount;
    tolerated = tolerated && cx.catalog().cache_of(*mount) != nullptr;
  }
  if (locked == nullptr || other == nullptr || others_speak(cache, cx.catalog())) return;

  const MountOption* const sharing = other->option(MountKey::sharing);
  Diagnostic& found = cx.report(sharing != nullptr ? sharing->range : other->flag->range,
                                "this does not wait for those who lock the same cache: it gets another, empty one");
  found.label(locked->option(MountKey::sharing)->range, "locked here");
  found.note(
      "while a RUN holds the lock, a `shared` or `private` user of the id is given a new directory, and later "
      "builds may be given that one");
  if (!tolerated && 2 * locks < cache.mounts.size()) {
    found.note("say one mode everywhere: `locked` if what uses the cache needs it alone, else `shared`");
    return;
  }
  // A lock is never wrong, only slower: it does no harm where both are borne.
  if (auto edits = edit::set_sharing(*other, Sharing::locked); !edits.empty())
    found.suggest(tolerated ? Applicability::safe : Applicability::unsafe, "say sharing=locked everywhere",
                  std::move(edits));
  bring_all(found, cx.neighbours().shared(cache), Sharing::locked);
}

/// Whether all users of the id in this file lock it, or none does; absent when they are mixed, which has been said, or
/// when a variable decides.
std::optional<bool> locks(std::string_view id, const Neighbours& neighbours) {
  std::optional<bool> locked;
  for (const Neighbours::Own& own : neighbours.users()) {
    if (own.user->id != id) continue;
    if (!own.user->mode) return std::nullopt;
    const bool locks = *own.user->mode == Sharing::locked;
    if (locked && *locked != locks) return std::nullopt;
    locked = locks;
  }
  return locked;
}

/// Another file that has the cache in the common mode. Null where this one has it, too.
const CacheUserPlace* opposite(const ProjectCache& cache, bool locked, std::uint32_t file) {
  if (locked == (common_mode(cache) == Sharing::locked)) return nullptr;
  return locked ? cache.open.besides(file) : cache.locking().besides(file);
}

void report(const Neighbours::Own& own, CacheUserPlace other, bool locked, RuleContext& cx) {
  const Neighbours& neighbours = cx.neighbours();
  const MountOption* const sharing = own.mount->option(MountKey::sharing);
  const TextRange where = sharing != nullptr ? sharing->range : own.mount->flag->range;
  const std::string name = neighbours.name(other);
  Diagnostic& found =
      locked
          ? cx.report(where, "{} does not wait for this lock on the same cache: it gets another, empty one", name)
          : cx.report(where, "this does not wait for {}, which locks the same cache: it gets another, empty one", name);
  found.label(neighbours.place(other, locked ? "used without a lock here" : "locked here"));
  found.note(
      "an id means one cache for all that a builder builds; while a RUN holds the lock, a `shared` or `private` user "
      "of "
      "the id is given a new directory, and later builds may be given that one");
  const bool tolerated =
      own.user->cache != nullptr && own.cache->unknown_directory.besides(neighbours.file()) == nullptr;
  if (locked && !tolerated) return;  // nobody knows that it can do without
  const Sharing mode = locked ? Sharing::shared : Sharing::locked;
  auto edits = edit::set_sharing(*own.mount, mode);
  // Where a build gives the mount another id, nobody knows what the change does to that one.
  if (edits.empty() || own.mount->cache == nullptr || neighbours.shared(*own.mount->cache) != own.cache) return;
  found.suggest(tolerated ? Applicability::safe : Applicability::unsafe,
                locked ? "say sharing=shared, as most do" : "say sharing=locked here, too", std::move(edits));
  bring_all(found, own.cache, mode);
}

/// The first mount of each cache that other files of the project have in the other mode.
void check_neighbours(RuleContext& cx) {
  const Neighbours& neighbours = cx.neighbours();
  std::vector<std::string_view> seen;
  for (const Neighbours::Own& own : neighbours.users()) {
    if (own.cache == nullptr || std::find(seen.begin(), seen.end(), own.user->id) != seen.end()) continue;
    seen.push_back(own.user->id);
    const bool known = own.user->cache != nullptr && own.user->cache->concurrency != Concurrency::tolerated;
    if (known || own.cache->decided.besides(neighbours.file()) != nullptr || own.cache->unknown_mode.any()) continue;
    const std::optional<bool> locked = locks(own.user->id, neighbours);
    if (!locked) continue;
    const CacheUserPlace* const other = opposite(*own.cache, *locked, neighbours.file());
    if (other != nullptr) report(own, *other, *locked, cx);
  }
}

void check_all(RuleContext& cx) {
  for (const Cache& cache : cx.model().caches()) check(cache, cx);
  check_neighbours(cx);
}

}  // namespace

extern constinit const Rule cache_mixed_sharing{
    .name = "cache/mixed-sharing",
    .summary = "one cache under several sharing modes, which splits it",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .of_projects = true,
    .check = check_all,
};

}  // namespace dockerlint::rules
