// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {
namespace {

/// Another mount of the file under the same id that may need the lock, or null. One id under two modes
/// is worse than a lock too many: the modes do not see each other's directory.
const Mount* needs_lock(const Mount& mount, const RuleContext& cx) {
  for (const Stage& stage : cx.model().stages())
    for (const RunStep& run : stage.runs)
      for (const Mount& other : run.mounts) {
        if (!other.is(MountType::cache) || !other.id || other.id != mount.id) continue;
        const CacheDir* const cache = cx.catalog().cache_of(other);
        if (cache == nullptr || cache->concurrency != Concurrency::safe) return &other;
      }
  return nullptr;
}

void check(const Mount& mount, RuleContext& cx) {
  const CacheDir* const cache = cx.catalog().cache_of(mount);
  if (mount.sharing != Sharing::locked || cache == nullptr) return;
  const TextRange where = mount.option(MountKey::sharing)->range;

  if (cache->concurrency == Concurrency::serialised) {
    cx.report(where, "builds wait for each other here, for as long as the whole RUN takes")
        .at(Severity::info)
        .note(fmt::format("{} needs the lock as it is mounted: {}", cache->what, cache->why))
        .note(fmt::format("to let builds run side by side: {}", cache->parallel));
    return;
  }
  if (cache->concurrency != Concurrency::safe) return;

  Diagnostic& found = cx.report(where, "builds wait for each other here, but {} needs no lock", cache->what);
  if (cache->evidence == Evidence::recalled) found.at(Severity::info);
  found.note(std::string(cache->why));
  if (const Mount* const other = mount.id ? needs_lock(mount, cx) : nullptr) {
    found.label(other->flag->range, "the same id, which may need the lock")
        .note("give this mount an id of its own, then sharing=shared is right");
    return;
  }
  if (!mount.id) return;  // a variable in the id: nobody knows who else uses it
  found.suggest(Applicability::safe, "say sharing=shared",
                edit::set_mount_option(mount, MountKey::sharing, to_string(Sharing::shared)));
}

}  // namespace

extern constinit const Rule cache_needless_lock{
    .name = "cache/needless-lock",
    .summary = "sharing=locked on caches that builds could use side by side",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = each_cache_mount<check>,
};

}  // namespace dockerlint::rules
