// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <unordered_map>

namespace dockerlint::rules {
namespace {

void check_options(const Mount& mount, RuleContext& cx) {
  for (const MountOption& option : mount.options) {
    const MountOption* const last = mount.option(option.key);
    if (&option == last) continue;
    Diagnostic& found = cx.report(option.range, "`{}` is given twice in this mount", option.name);
    found.label(last->range, "this one counts").note("BuildKit takes the last one and does not say so");
    if (option.has_value == last->has_value && option.value == last->value)
      found.suggest(Applicability::safe, "remove it", edit::remove_mount_option(mount, option));
  }
}

void report_twice(const Mount& mount, const Mount& earlier, RuleContext& cx) {
  const bool same = mount.flag->value.text() == earlier.flag->value.text();
  Diagnostic& found = cx.report(mount.flag->range, "{} is mounted twice in this RUN", *mount.target);
  found.label(earlier.flag->range, same ? "the same mount" : "the other mount");
  found.note(same ? "once is enough" : "one hides the other, and BuildKit does not promise which");
  if (!same) return;
  auto edits = edit::remove_flag(cx.document(), *mount.run->instruction, *mount.flag);
  const bool comment = cx.document().has_comment(edits.front().range);
  found.suggest(comment ? Applicability::unsafe : Applicability::safe, "remove it", std::move(edits));
}

void check(const RunStep& run, RuleContext& cx) {
  std::unordered_map<std::string_view, const Mount*> by_target;
  for (const Mount& mount : run.mounts) {
    if (!mount.valid) continue;
    check_options(mount, cx);
    if (!mount.target) continue;
    const auto [first, is_new] = by_target.try_emplace(*mount.target, &mount);
    if (!is_new) report_twice(mount, *first->second, cx);
  }
}

}  // namespace

extern constinit const Rule cache_duplicate_target{
    .name = "cache/duplicate-target",
    .summary = "two mounts of a RUN on one target, and options given twice",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = each_run<check>,
};

}  // namespace dockerlint::rules
