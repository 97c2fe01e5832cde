// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <unordered_map>
#include <utility>

namespace dockerlint::rules {
namespace {

void check_options(const Mount& mount, RuleContext& cx) {
  for (const MountOption& option : mount.options) {
    const MountOption* const last = mount.option(option.key);
    if (&option == last) continue;
    Diagnostic& found = option.name == last->name
                            ? cx.report(option.range, "`{}` is given twice in this mount", option.name)
                            : cx.report(option.range, "`{}` and `{}` are the same option", option.name, last->name);
    found.label(last->range, "this one counts").note("BuildKit takes the last one and does not say so");
    if (option.has_value != last->has_value || option.value != last->value) continue;
    if (auto edits = edit::remove_mount_option(cx.document(), mount, option); !edits.empty())
      found.suggest(Applicability::safe, "remove it", std::move(edits));
  }
}

/// Whether both say the same, however it is written.
bool same_mount(const Mount& a, const Mount& b) {
  if (a.type != b.type || a.target != b.target || a.id != b.id || a.from != b.from || a.sharing != b.sharing)
    return false;
  for (const MountKey key :
       {MountKey::source, MountKey::readonly, MountKey::readwrite, MountKey::required, MountKey::size, MountKey::mode,
        MountKey::uid, MountKey::gid, MountKey::env, MountKey::sharing}) {
    const MountOption* const x = a.option(key);
    const MountOption* const y = b.option(key);
    if ((x == nullptr) != (y == nullptr)) return false;
    if (x != nullptr && (x->value != y->value || x->has_value != y->has_value)) return false;
  }
  return true;
}

void report_twice(const Mount& mount, const Mount& earlier, RuleContext& cx) {
  const bool same = same_mount(mount, earlier);
  Diagnostic& found = cx.report(mount.flag->range, "{} is mounted twice in this RUN", *mount.target);
  found.label(earlier.flag->range, same ? "the same mount" : "the other mount");
  if (same) found.note("once is enough");
  else if (mount.cache != nullptr && mount.cache == earlier.cache)
    found.note("it is one cache: say once how it is mounted");
  else found.note("one hides the other, and BuildKit does not promise which");
  if (same)
    found.suggest(Applicability::safe, "remove it",
                  edit::remove_flag(cx.document(), *mount.run->instruction, *mount.flag));
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
