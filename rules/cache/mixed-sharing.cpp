// SPDX-License-Identifier: Apache-2.0
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

void check(const Cache& cache, RuleContext& cx) {
  const Mount* locked = nullptr;
  const Mount* other = nullptr;  // the first that would not wait for it
  bool tolerated = true;         // every mount is of a cache that bears both
  for (const Mount* const mount : cache.mounts) {
    const auto mode = mode_of(*mount);
    if (!mode) return;
    if (*mode == Sharing::locked && locked == nullptr) locked = mount;
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
  // A lock is never wrong, only slower: it does no harm where both are borne.
  if (auto edits = edit::set_sharing(*other, Sharing::locked); !edits.empty())
    found.suggest(tolerated ? Applicability::safe : Applicability::unsafe, "say sharing=locked everywhere",
                  std::move(edits));
}

/// The first of the file's mounts that would not wait, where another file of the project locks their cache.
/// What is mixed in this file alone has been said.
void check_neighbours(RuleContext& cx) {
  const Neighbours& neighbours = cx.neighbours();
  std::vector<std::string_view> seen;
  for (const Neighbours::Own& own : neighbours.users()) {
    const std::string& id = own.user->id;
    if (own.cache == nullptr || std::find(seen.begin(), seen.end(), id) != seen.end()) continue;
    if (own.user->mode && *own.user->mode == Sharing::locked) continue;
    seen.push_back(id);
    const auto locks = [&](const Neighbours::Own& other) {
      return other.user->id == id && other.user->mode != Sharing::shared && other.user->mode != Sharing::private_;
    };
    if (std::any_of(neighbours.users().begin(), neighbours.users().end(), locks)) continue;
    const ProjectCache& cache = *own.cache;
    const CacheUserPlace* const locked =
        cache.by_mode[static_cast<std::size_t>(Sharing::locked)].besides(neighbours.file());
    if (locked == nullptr || !own.user->mode || cache.unknown_mode.any()) continue;
    const bool known = own.user->cache != nullptr && own.user->cache->concurrency != Concurrency::tolerated;
    if (known || cache.decided.besides(neighbours.file()) != nullptr) continue;

    const MountOption* const sharing = own.mount->option(MountKey::sharing);
    Diagnostic& found = cx.report(sharing != nullptr ? sharing->range : own.mount->flag->range,
                                  "this does not wait for `{}`, which locks the same cache: it gets another, empty one",
                                  neighbours.all().files()[locked->file].path);
    found.label(neighbours.place(*locked, "locked here"));
    found.note(
        "an id means one cache for all that a builder builds; while a RUN holds the lock, a `shared` or `private` user "
        "of the id is given a new directory, and later builds may be given that one");
    const bool tolerated = own.user->cache != nullptr && cache.unknown_directory.besides(neighbours.file()) == nullptr;
    if (auto edits = edit::set_sharing(*own.mount, Sharing::locked); !edits.empty())
      found.suggest(tolerated ? Applicability::safe : Applicability::unsafe, "say sharing=locked here, too",
                    std::move(edits));
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
    .check = check_all,
};

}  // namespace dockerlint::rules
