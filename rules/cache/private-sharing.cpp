// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {
namespace {

/// Whether every mount of the cache bears to be shared: one cache under two modes is two directories.
bool all_bear_sharing(const Mount& mount, const RuleContext& cx, EmptyingRuns& emptying) {
  if (mount.cache == nullptr) return false;
  for (const Mount* const user : mount.cache->mounts) {
    const CacheDir* const known = cx.catalog().cache_of(*user);
    if (known == nullptr || known->sharing() != Sharing::shared) return false;
    if (emptying.contains(*user->run)) return false;
  }
  return true;
}

void check(const Mount& mount, RuleContext& cx, EmptyingRuns& emptying) {
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
  const Sharing mode = cache->sharing();
  if (cache->concurrency == Concurrency::tolerated)
    found.note("the copies stay on disk; sharing=locked is sure, sharing=shared lets builds run side by side");
  else found.note(fmt::format("the copies stay on disk; for {}, sharing={} is right", cache->what, to_string(mode)));
  found.note(std::string(cache->why));
  if (mode == Sharing::shared && !all_bear_sharing(mount, cx, emptying)) return;
  auto edits = edit::set_sharing(mount, mode);
  if (edits.empty()) return;
  // A build argument may lead the mount to a cache that bears another mode, and older tools had races.
  const bool sure =
      mode == Sharing::locked || (cache->concurrency == Concurrency::safe && cache->evidence > Evidence::recalled &&
                                  mount.option(MountKey::target)->value.find('$') == std::string_view::npos);
  found.suggest(sure ? Applicability::safe : Applicability::unsafe, fmt::format("say sharing={}", to_string(mode)),
                std::move(edits));
}

void check_all(RuleContext& cx) {
  EmptyingRuns emptying(cx.catalog());
  for (const Stage& stage : cx.model().stages())
    for (const RunStep& run : stage.runs)
      for (const Mount& mount : run.mounts)
        if (mount.is(MountType::cache)) check(mount, cx, emptying);
}

}  // namespace

extern constinit const Rule cache_private_sharing{
    .name = "cache/private-sharing",
    .summary = "sharing=private, which gives each concurrent build a cache of its own",
    .severity = Severity::info,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = check_all,
};

}  // namespace dockerlint::rules
