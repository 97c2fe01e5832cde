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
}

void check_all(RuleContext& cx) {
  for (const Cache& cache : cx.model().caches()) check(cache, cx);
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
