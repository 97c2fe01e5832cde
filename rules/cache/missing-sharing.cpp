// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {
namespace {

void check(const Mount& mount, RuleContext& cx) {
  if (mount.option(MountKey::sharing) != nullptr) return;  // said out loud: other rules judge whether it is right

  const CacheDir* const cache = cx.catalog().cache_of(mount);
  if (cache == nullptr) {
    cx.report(mount.flag->range, "this cache mount does not say how builds share it")
        .at(Severity::hint)
        .note("without sharing= all builds use one directory at once");
    return;
  }
  const std::string_view mode = to_string(cache->sharing());
  Diagnostic& found = cx.report(mount.flag->range, "the mount of {} does not say how builds share it", cache->what);
  if (cache->sharing() == Sharing::shared) found.at(Severity::hint);  // the default is right
  else if (cache->evidence == Evidence::recalled) found.at(Severity::info);
  found.note(std::string(cache->why))
      .suggest(Applicability::safe, fmt::format("add sharing={}", mode),
               edit::set_mount_option(mount, MountKey::sharing, mode));
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
