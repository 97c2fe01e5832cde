// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {
namespace {

/// Whether an earlier step has left what is missing in a layer, where this one finds it: `RUN go mod download`.
bool is_in_layer(const RunStep& run, const CacheUse& use, const RuleContext& cx) {
  if (use.directory->kind != DirectoryKind::download) return false;
  const Content content = cx.effects().content(*run.stage, use.path, run.instruction->range.begin);
  return content.where == Content::Where::layer && content.write != nullptr && content.write->tool != nullptr;
}

/// Go takes modules out of a `vendor` beside `go.mod`, without being told. Who speaks of one may have one.
bool is_vendored(const CacheUse& use, const RuleContext& cx) {
  return use.directory->tool->name == "go" && cx.document().source().bytes().find("vendor") != std::string_view::npos;
}

void check(const RunStep& run, std::optional<MountPlanner>& planner, RuleContext& cx) {
  for (const MissingCompanion& missing : missing_companions(run, cx.catalog())) {
    const CacheUse& use = missing.use;
    if (is_in_layer(run, use, cx) || (use.directory->kind == DirectoryKind::download && is_vendored(use, cx))) continue;
    Diagnostic& found =
        cx.report(missing.mount->flag->range, "{} is mounted, but not {}", missing.mounted->what, use.directory->what);
    if (missing.companion->evidence == Evidence::recalled) found.at(Severity::hint);
    found.label(use.command->words.front().range(), fmt::format("fills {} as well", use.path))
        .note(std::string(missing.companion->why));
    if (!planner) planner.emplace(cx.model(), cx.catalog(), cx.effects());
    MountPlan plan = planner->plan(run, std::span(&use, 1), missing.mount);
    if (!plan.edits.empty()) found.suggest(plan.applicability, plan.title + " as well", std::move(plan.edits));
    else if (!plan.why_not.empty()) found.note("no fix is offered: " + plan.why_not);
  }
}

void check_all(RuleContext& cx) {
  std::optional<MountPlanner> planner;
  for (const Stage& stage : cx.model().stages())
    for (const RunStep& run : stage.runs)
      if (!run.mounts.empty() && !run.on_build) check(run, planner, cx);
}

}  // namespace

extern constinit const Rule cache_partial_mounts{
    .name = "cache/partial-mounts",
    .summary = "cache mounts of which one of a set is missing, such as apt's lists without its packages",
    .severity = Severity::info,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = check_all,
};

}  // namespace dockerlint::rules
