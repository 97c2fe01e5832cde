// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/parallel.hpp"
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {
namespace {

/// How the tool is let do without a lock: by a fix that is one mount's, and mends the other mounts of its RUN too.
struct Parallel {
  const Mount* mount;
  Fix fix;
};

std::optional<Parallel> parallel_form(const Mount& mount, const RuleContext& cx) {
  const CacheDir* const cache = cx.catalog().cache_of(mount);
  if (cache->concurrency != Concurrency::serialised) return std::nullopt;
  for (const Mount& other : mount.run->mounts) {
    const bool shared = other.is(MountType::cache) && other.sharing == Sharing::shared;
    const CacheDir* const beside = shared ? cx.catalog().cache_of(other) : nullptr;
    if (beside == nullptr || beside->tool != cache->tool) continue;
    auto fix = edit::share_cargo_lock(cx.model(), cx.catalog(), other);
    if (fix && fix->applicability == Applicability::safe) return Parallel{&other, *std::move(fix)};
  }
  return std::nullopt;
}

void check(const Mount& mount, RuleContext& cx) {
  const CacheDir* const cache = cx.catalog().cache_of(mount);
  if (mount.sharing != Sharing::shared || cache == nullptr || cache->sharing() != Sharing::locked) return;
  if (!cache->parallel_sign.empty() && cx.model().scripts_have(*mount.run, cache->parallel_sign)) return;

  Diagnostic& found =
      cx.report(mount.option(MountKey::sharing)->range, "two builds cannot use {} at once", cache->what);
  if (cache->evidence == Evidence::recalled) found.at(Severity::info);
  found.note(std::string(cache->why));
  if (!cache->parallel.empty()) found.note(fmt::format("to let builds run side by side instead: {}", cache->parallel));
  if (auto fix = parallel_form(mount, cx)) {
    if (fix->mount == &mount) found.fix = std::move(fix->fix);
    return;
  }
  if (auto edits = edit::set_sharing(mount, Sharing::locked); !edits.empty())
    found.suggest(Applicability::safe, "say sharing=locked", std::move(edits));
}

}  // namespace

extern constinit const Rule cache_unsafe_sharing{
    .name = "cache/unsafe-sharing",
    .summary = "sharing=shared on caches that two builds cannot use at once",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = each_cache_mount<check>,
};

}  // namespace dockerlint::rules
