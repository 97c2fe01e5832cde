// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {
namespace {

/// Each mount may ask and each stage is looked at: beyond this many, nobody is told.
constexpr std::size_t kMostStages = 200;

bool has_name_alone(const Stage& stage, const Model& model) {
  if (model.stages().size() > kMostStages) return false;
  int count = 0;
  for (const Stage& other : model.stages()) count += other.name == stage.name;
  return !stage.name.empty() && count == 1;
}

void check(const RunStep& run, RuleContext& cx) {
  if (run.on_build) return;  // its stages are those of another file
  for (const Mount& mount : run.mounts) {
    if (!mount.valid || !mount.from || mount.from->empty()) continue;
    if (mount.from->find_first_not_of("0123456789") != std::string_view::npos) continue;
    const Stage* const stage = cx.model().stage(*mount.from);
    if (stage == nullptr || stage->index >= run.stage->index) continue;

    const MountOption& from = *mount.option(MountKey::from);
    Diagnostic& found =
        cx.report(from.value_range, "this is the image `{}`, not the stage of that number", *mount.from);
    found.label(stage->from->range, stage->name.empty() ? "the stage, which has no name" : "the stage");
    found.note("only COPY --from counts stages; a mount takes a name");
    if (!has_name_alone(*stage, cx.model())) continue;
    const std::string_view name = stage->from->arguments[2].text;  // as it was written
    found.suggest(Applicability::safe, fmt::format("write from={}", name),
                  edit::set_mount_option(mount, MountKey::from, name));
  }
}

}  // namespace

extern constinit const Rule cache_index_from{
    .name = "cache/index-from",
    .summary = "mounts that mean a stage by its number",
    .severity = Severity::error,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = each_run<check>,
};

}  // namespace dockerlint::rules
