// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <set>

namespace dockerlint::rules {
namespace {

/// The first command of the RUN that downloads packages into a mount.
const CacheUse* downloads_into_mount(const std::vector<CacheUse>& all) {
  const auto found = std::find_if(all.begin(), all.end(), [](const CacheUse& use) {
    return use.directory->tool->name == "apt" && use.directory->kind == DirectoryKind::download &&
           use.mount != nullptr && use.mount->is(MountType::cache);
  });
  return found == all.end() ? nullptr : &*found;
}

void report(const RunStep& run, const CacheUse& use, RuleContext& cx) {
  Diagnostic& found =
      cx.report(use.mount->flag->range, "the image deletes the packages after each install: this cache stays empty");
  found.note(
      "/etc/apt/apt.conf.d/docker-clean empties /var/cache/apt/archives whenever dpkg "
      "has run");
  if (use.command->user->is_root() == false || !use.command->wrappers.empty()) return;
  const auto commands = edit::remove_docker_clean(use.command->program() == "apt");
  if (auto edits = edit::prepend_commands(cx.document(), run, commands); !edits.empty())
    found.suggest(Applicability::safe, "remove the hook before the install", std::move(edits));
}

void check(RuleContext& cx) {
  std::set<const Stage*> said;  // the hook is to be removed once: stages built on this one inherit that
  for (const Stage& stage : cx.model().stages()) {
    if (said.contains(stage.parent)) {
      said.insert(&stage);
      continue;
    }
    for (const RunStep& run : stage.runs) {
      if (run.on_build || run.mounts.empty()) continue;
      const auto filled = filled_caches(run, cx.catalog());
      const CacheUse* const use = downloads_into_mount(filled);
      if (use == nullptr || !docker_clean_deletes(cx.model(), run)) continue;
      report(run, *use, cx);
      said.insert(&stage);
      break;
    }
  }
}

}  // namespace

extern constinit const Rule cache_docker_clean{
    .name = "cache/docker-clean",
    .summary = "mounts of /var/cache/apt that the image's docker-clean hook keeps empty",
    .severity = Severity::info,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = check,
};

}  // namespace dockerlint::rules
