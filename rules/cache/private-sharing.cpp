// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {
namespace {

void check(const Mount& mount, RuleContext& cx) {
  if (mount.sharing != Sharing::private_) return;

  Diagnostic& found = cx.report(mount.option(MountKey::sharing)->range,
                                "a build that finds this cache in use starts with an empty one");
  const CacheDir* const cache = cx.catalog().cache_of(mount);
  if (cache == nullptr) {
    found.note("the copies stay on disk; use shared where the tool bears it, else locked");
    return;
  }
  if (cache->concurrency == Concurrency::serialised) {
    // Two ways lead out, and which one is better is not ours to choose.
    found.note(fmt::format("the copies stay on disk; sharing=locked makes builds wait instead, for {}", cache->what))
        .note(fmt::format("to let builds run side by side: {}", cache->parallel));
    return;
  }
  const std::string_view mode = to_string(cache->sharing());
  // A build argument may lead the mount somewhere else, to a cache that bears another mode.
  const bool fixed_target = mount.option(MountKey::target)->value.find('$') == std::string_view::npos;
  found.note(fmt::format("the copies stay on disk; for {}, {} is right: {}", cache->what, mode, cache->why))
      .suggest(fixed_target ? Applicability::safe : Applicability::unsafe, fmt::format("say sharing={}", mode),
               edit::set_mount_option(mount, MountKey::sharing, mode));
}

}  // namespace

extern constinit const Rule cache_private_sharing{
    .name = "cache/private-sharing",
    .summary = "sharing=private, which gives each concurrent build a cache of its own",
    .severity = Severity::info,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = each_cache_mount<check>,
};

}  // namespace dockerlint::rules
