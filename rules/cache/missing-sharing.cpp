// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/missed_mount.hpp"
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {
namespace {

void check(const Mount& mount, RuleContext& cx) {
  if (mount.option(MountKey::sharing) != nullptr) return;  // said out loud: other rules judge whether it is right

  const MountOption* const type = mount.option(MountKey::type);
  const bool surely_cache = type != nullptr && type->value.find('$') == std::string_view::npos;
  const Applicability trust = surely_cache ? Applicability::safe : Applicability::unsafe;
  const CacheDir* const cache = cx.catalog().cache_of(mount);
  const TextRange where = mount.flag->range;
  if (cache == nullptr) {
    cx.report(where, "this cache mount does not say how builds share it")
        .at(Severity::hint)
        .note("without sharing= all builds use one directory at once");
    return;
  }
  if (cache->sharing() == Sharing::shared) {
    cx.report(where, "the mount of {} does not say how builds share it", cache->what)
        .at(Severity::hint)
        .note(fmt::format("it is shared as it is, which is right: {}", cache->why))
        .suggest(trust, "add sharing=shared", edit::set_mount_option(mount, MountKey::sharing, "shared"));
    return;
  }
  if (!cache->parallel_sign.empty() && cx.model().scripts_have(*mount.run, cache->parallel_sign)) return;

  if (is_missed(mount, cx.model(), cx.catalog())) return;  // nobody uses it: cache/wrong-target
  if (const Mount* const lock = lock_beside(mount, cx.catalog())) {
    Diagnostic& found = cx.report(where, "the mount of {} does not say how builds share it", cache->what);
    found.at(Severity::hint).label(lock->flag->range, "builds wait for each other here");
    if (auto edits = edit::set_sharing(mount, Sharing::locked); !edits.empty())
      found.suggest(trust, "add sharing=locked", std::move(edits));
    return;
  }

  Diagnostic& found = cx.report(where, "two builds may use {} at once: the mount has no sharing=", cache->what);
  if (cache->evidence == Evidence::recalled) found.at(Severity::info);
  found.note(std::string(cache->why));
  if (!cache->parallel.empty()) found.note(fmt::format("to let builds run side by side instead: {}", cache->parallel));
  if (auto edits = edit::set_sharing(mount, Sharing::locked); !edits.empty())
    found.suggest(trust, "add sharing=locked", std::move(edits));
}

}  // namespace

extern constinit const Rule cache_missing_sharing{
    .name = "cache/missing-sharing",
    .summary = "cache mounts that do not say how builds share them",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = each_cache_mount<check>,
};

}  // namespace dockerlint::rules
