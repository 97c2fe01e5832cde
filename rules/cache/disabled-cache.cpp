// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <set>

namespace dockerlint::rules {
namespace {

struct ByPlace {
  bool operator()(TextRange a, TextRange b) const { return a.begin < b.begin; }
};

/// Where a stage sets a variable.
struct Setting {
  const Instruction* instruction = nullptr;
  const Assignment* assignment = nullptr;  // null: in the script, in a stage below, or in the base image
};

Setting setting_of(std::string_view name, const RunStep& run) {
  Setting last;
  for (const Instruction& in : run.stage->instructions) {
    if (in.range.begin >= run.instruction->range.begin) break;
    if (in.kind != InstructionKind::env && in.kind != InstructionKind::arg) continue;
    for (const Assignment& assignment : in.assignments)
      if (assignment.name.text == name) last = {&in, &assignment};
  }
  return last;
}

/// Whether the mount is for this directory: one of a directory above it may be there for another tool.
bool is_meant_for(const CacheUse& use, const std::vector<CacheUse>& all) {
  return std::all_of(all.begin(), all.end(), [&](const CacheUse& other) {
    return other.mount != use.mount || other.directory->tool == use.directory->tool;
  });
}

void report_option(const CacheUse& use, const Defeated& defeated, RuleContext& cx) {
  Diagnostic& found = cx.report(defeated.flag->range(), "`{}` keeps {} from using the cache that is mounted",
                                defeated.flag->text(), use.use.tool->title);
  found.label(use.mount->flag->range, "mounted here").note(std::string(defeated.defeat->why));
  if (const auto variable = variable_against(*defeated.defeat, *use.command); !variable.empty()) {
    found.note(fmt::format("so does `{}`: it is the variable that counts for all commands", variable));
    return;
  }
  if (auto edits = edit::remove_word(cx.document(), *use.command->syntax, defeated.flag->range()); !edits.empty())
    found.suggest(*defeated.defeat->fix, fmt::format("remove {}", defeated.flag->text()), std::move(edits));
}

void report_variable(const CacheUse& use, const Defeated& defeated, const Setting& setting, RuleContext& cx) {
  const TextRange command = use.command->words.front().range();
  Diagnostic& found =
      cx.report(setting.assignment != nullptr ? setting.assignment->range : command,
                "`{}` keeps {} from using the cache that is mounted", defeated.variable, use.use.tool->title);
  if (setting.assignment != nullptr) found.label(command, "finds nothing in the cache, and leaves nothing there");
  found.label(use.mount->flag->range, "mounted here").note(std::string(defeated.defeat->why));
  // Who else relies on the variable, in this image and in those built on it, is not ours to know.
  if (setting.assignment == nullptr || setting.instruction->kind != InstructionKind::env) return;
  if (auto edits = edit::remove_assignment(cx.document(), *setting.instruction, *setting.assignment); !edits.empty())
    found.suggest(Applicability::unsafe, fmt::format("remove {} from the ENV", defeated.variable), std::move(edits));
}

void check(const RunStep& run, std::set<TextRange, ByPlace>& said, RuleContext& cx) {
  const auto all = filled_caches(run, cx.catalog());
  for (const CacheUse& use : all) {
    if (use.mount == nullptr || !use.mount->is(MountType::cache) || !is_disposable(*use.directory)) continue;
    const auto defeated = cx.catalog().defeated(*use.directory, *use.command);
    if (!defeated || !defeated->defeat->fix || !is_meant_for(use, all)) continue;
    if (defeated->flag != nullptr) {
      if (said.insert(defeated->flag->range()).second) report_option(use, *defeated, cx);
      continue;
    }
    const Setting setting = setting_of(defeated->variable, run);
    const TextRange where =
        setting.assignment != nullptr ? setting.assignment->range : use.command->words.front().range();
    if (said.insert(where).second) report_variable(use, *defeated, setting, cx);
  }
}

void check_all(RuleContext& cx) {
  std::set<TextRange, ByPlace> said;  // one finding for one word, however many directories and RUNs it concerns
  for (const Stage& stage : cx.model().stages())
    for (const RunStep& run : stage.runs)
      if (!run.mounts.empty() && !run.on_build) check(run, said, cx);
}

}  // namespace

extern constinit const Rule cache_disabled_cache{
    .name = "cache/disabled-cache",
    .summary = "caches that are mounted and turned off by an option or a variable",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = check_all,
};

}  // namespace dockerlint::rules
