// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <algorithm>

namespace dockerlint::rules {
namespace {

/// Whether another RUN can fill the cache: this one may then only read.
bool is_filled_elsewhere(const Mount& mount) {
  if (mount.cache == nullptr || mount.option(MountKey::from) != nullptr) return true;
  return std::any_of(mount.cache->mounts.begin(), mount.cache->mounts.end(),
                     [](const Mount* other) { return !other->readonly; });
}

/// The option that makes the mount read-only.
const MountOption* reason(const Mount& mount) {
  const MountOption* const option = mount.option(MountKey::readonly);
  return option != nullptr && mount.option(MountKey::readwrite) == nullptr ? option : nullptr;
}

void check(const RunStep& run, RuleContext& cx) {
  constexpr std::size_t kMostMounts = 200;
  if (run.on_build || run.mounts.size() > kMostMounts) return;
  for (const Mount& mount : run.mounts) {
    if (!mount.is(MountType::cache) || !mount.readonly || !mount.target || is_filled_elsewhere(mount)) continue;
    const MountOption* const option = reason(mount);
    if (option == nullptr) continue;
    for (const DirectoryUse& use : cx.catalog().directory_uses(run)) {
      if (!use.is_written() || !use.place.known || use.place.path.empty() || use.command->conditional) continue;
      if (covering_mount(run, use.place.path) != &mount) continue;
      Diagnostic& found =
          cx.report(option->range, "{} must be written, but this mount is read-only", use.directory->what);
      found.label(use.command->words.front().range(), "writes there");
      found.note("no other mount of the file fills this cache, so there is never anything to read in it");
      const auto count = std::count_if(mount.options.begin(), mount.options.end(),
                                       [](const MountOption& o) { return o.key == MountKey::readonly; });
      if (count == 1)
        found.suggest(Applicability::safe, fmt::format("remove {}", option->name),
                      edit::remove_mount_option(cx.document(), mount, *option));
      break;
    }
  }
}

}  // namespace

extern constinit const Rule cache_read_only_cache{
    .name = "cache/read-only-cache",
    .summary = "read-only mounts of caches that the RUN must write",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = each_run<check>,
};

}  // namespace dockerlint::rules
