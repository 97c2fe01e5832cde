// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {
namespace {

/// Whether some mount of the file names this cache by an id of its own: it is meant then.
bool is_named(const Cache& cache) {
  for (const Mount* const mount : cache.mounts) {
    const MountOption* const id = mount->option(MountKey::id);
    if (id != nullptr && id->has_value && !id->value.empty()) return true;
  }
  return false;
}

void check(const Mount& mount, std::span<const SharedBuild> shared, RuleContext& cx) {
  const MountOption* const target = mount.option(MountKey::target);
  const MountOption* const id = mount.option(MountKey::id);
  if (target == nullptr || !target->expanded || target->expanded->empty() || target->expanded->starts_with('/')) return;
  if (id != nullptr && !id->value.empty()) return;
  if (target->expanded->starts_with('~')) return;  // another mistake
  // Where even this file builds several things in the cache, cache/shared-build-output says so.
  for (const SharedBuild& build : shared)
    if (build.build.mount->cache == mount.cache) return;

  Diagnostic& found =
      cx.report(target->range, "every project on the builder that mounts `{}` uses this same cache", *target->expanded);
  found.note("the id is the target as it is written, before WORKDIR is put in front of it");
  if (!mount.target || mount.cache == nullptr || is_named(*mount.cache)) return;
  // An empty `id=` is the default, too: the value goes there.
  found.suggest(Applicability::safe, fmt::format("say id={}", *mount.target),
                edit::set_mount_option(mount, MountKey::id, *mount.target));
}

void check(RuleContext& cx) {
  std::optional<std::vector<SharedBuild>> shared;
  for (const Stage& stage : cx.model().stages())
    for (const RunStep& run : stage.runs)
      for (const Mount& mount : run.mounts) {
        if (!mount.is(MountType::cache)) continue;
        if (!shared) shared = shared_builds(cx.model(), cx.catalog());
        check(mount, *shared, cx);
      }
}

}  // namespace

extern constinit const Rule cache_relative_target{
    .name = "cache/relative-target",
    .summary = "cache mounts on a relative target without an id, which all projects share",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = check,
};

}  // namespace dockerlint::rules
