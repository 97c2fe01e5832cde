// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <algorithm>

namespace dockerlint::rules {
namespace {

/// The program and its subcommand: `npm ci`.
TextRange words_of(const CacheUse& use) {
  const auto words = use.command->words;
  const std::size_t behind = std::clamp<std::size_t>(use.use.first_argument, 1, words.size());
  const TextRange program = words.front().range(), last = words[behind - 1].range();
  return last.begin >= program.begin ? TextRange{program.begin, last.end} : program;
}

void check(const RunStep& run, std::optional<MountPlanner>& planner, RuleContext& cx) {
  const bool wanted = cx.project().cache_policy == CachePolicy::mounts;
  const auto unmounted = unmounted_caches(run, cx.catalog(), wanted ? TurnedOff::is_a_habit : TurnedOff::is_a_choice);
  if (unmounted.empty()) return;
  const CacheUse& first = *std::min_element(unmounted.begin(), unmounted.end(),
                                            [](const CacheUse& a, const CacheUse& b) { return a.command < b.command; });
  Diagnostic& found =
      cx.report(words_of(first), "each build does this anew: the RUN mounts no cache for {}", first.use.tool->title);
  std::string directories;
  for (const CacheUse& use : unmounted)
    directories += fmt::format("{}{} ({})", directories.empty() ? "" : ", ", use.path, use.directory->what);
  found.note("what a cache mount would keep from one build to the next: " + directories);
  const bool known = std::all_of(unmounted.begin(), unmounted.end(),
                                 [](const CacheUse& use) { return use.directory->evidence != Evidence::recalled; });
  if (known && wanted) found.at(Severity::warning);
  if (!planner) planner.emplace(cx.model(), cx.catalog(), cx.effects());
  MountPlan plan = planner->plan(run, unmounted);
  if (!plan.edits.empty()) found.suggest(plan.applicability, plan.title, std::move(plan.edits));
  else if (!plan.why_not.empty()) found.note("no fix is offered: " + plan.why_not);
}

void check_all(RuleContext& cx) {
  if (cx.project().cache_policy == CachePolicy::clean) return;  // caches are cleaned up here, not kept
  std::optional<MountPlanner> planner;
  for (const Stage& stage : cx.model().stages())
    for (const RunStep& run : stage.runs) check(run, planner, cx);
}

}  // namespace

extern constinit const Rule cache_missing_mount{
    .name = "cache/missing-mount",
    .summary = "installs and builds whose downloads no cache mount keeps",
    .severity = Severity::info,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = check_all,
};

}  // namespace dockerlint::rules
