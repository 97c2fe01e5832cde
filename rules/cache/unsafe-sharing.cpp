// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {
namespace {

void check(const Mount& mount, RuleContext& cx) {
  const CacheDir* const cache = cx.catalog().cache_of(mount);
  if (mount.sharing != Sharing::shared || cache == nullptr || cache->sharing() != Sharing::locked) return;
  if (!cache->parallel_sign.empty() && cx.model().scripts_have(*mount.run, cache->parallel_sign)) return;

  Diagnostic& found =
      cx.report(mount.option(MountKey::sharing)->range, "two builds cannot use {} at once", cache->what);
  if (cache->evidence == Evidence::recalled) found.at(Severity::info);
  found.note(std::string(cache->why));
  if (!cache->parallel.empty()) found.note(fmt::format("to let builds run side by side instead: {}", cache->parallel));
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
