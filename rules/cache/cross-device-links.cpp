// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <vector>

namespace dockerlint::rules {
namespace {

/// What tells the tool of a directory to copy instead of making links. Null when it makes none.
const Companion* way_to_copy(const CacheDir& directory) {
  for (const Companion& companion : directory.tool->companions) {
    const auto& of = companion.directories;
    if (companion.variable.ends_with("=copy") && std::find(of.begin(), of.end(), &directory) != of.end())
      return &companion;
  }
  return nullptr;
}

std::string_view name_of(std::string_view setting) { return setting.substr(0, setting.find('=')); }

/// `--link-mode` does what UV_LINK_MODE does.
bool has_option(const RunCommand& command) {
  return std::any_of(command.words.begin(), command.words.end(), [](const CommandWord& word) {
    return word.values().empty() || word.text().starts_with("--link-mode");
  });
}

/// The use in which links would lead from a mount into the image.
const DirectoryUse* linking_use(const RunStep& run, std::span<const DirectoryUse> uses) {
  for (const DirectoryUse& use : uses) {
    const Companion* const companion = way_to_copy(*use.directory);
    if (companion == nullptr || use.action != DirectoryAction::fills || use.command->conditional) continue;
    const Variable setting = use.command->variable(name_of(companion->variable));
    if (!setting.known || setting.set || has_option(*use.command)) continue;
    if (!use.place.known || use.place.path.empty()) continue;
    const Mount* const mount = covering_mount(run, use.place.path);
    if (mount == nullptr || !mount->is(MountType::cache)) continue;
    const bool installs = std::any_of(uses.begin(), uses.end(), [&](const DirectoryUse& other) {
      return other.command == use.command && other.action == DirectoryAction::writes;
    });
    if (installs) return &use;
  }
  return nullptr;
}

/// Whether something has been found in the stage; the stages that are built on it are given the setting too.
bool check(const RunStep& run, RuleContext& cx) {
  constexpr std::size_t kMostMounts = 200;
  const bool has_cache =
      std::any_of(run.mounts.begin(), run.mounts.end(), [](const Mount& m) { return m.is(MountType::cache); });
  if (run.on_build || !has_cache || run.mounts.size() > kMostMounts) return false;
  const auto uses = cx.catalog().directory_uses(run);
  const DirectoryUse* const use = linking_use(run, uses);
  if (use == nullptr) return false;
  const Companion& companion = *way_to_copy(*use->directory);
  Diagnostic& found =
      cx.report(use->command->words.front().range(), "{} cannot link from its cache into the image, and says so",
                use->directory->tool->title);
  found.label(covering_mount(run, use->place.path)->flag->range, "another file system");
  found.note(std::string(companion.why));
  found.suggest(Applicability::safe, std::string(companion.say),
                edit::add_instruction(cx.document(), *run.instruction, "ENV", companion.variable));
  return true;
}

void check_all(RuleContext& cx) {
  std::vector<bool> is_told(cx.model().stages().size());
  for (const Stage& stage : cx.model().stages()) {
    is_told[stage.index] = stage.parent != nullptr && is_told[stage.parent->index];
    for (const RunStep& run : stage.runs)
      if (!is_told[stage.index] && check(run, cx)) is_told[stage.index] = true;
  }
}

}  // namespace

extern constinit const Rule cache_cross_device_links{
    .name = "cache/cross-device-links",
    .summary = "tools that try to hard-link from a cache mount into the image",
    .severity = Severity::hint,
    .fix = FixKind::always,
    .since = "0.1.0",
    .check = check_all,
};

}  // namespace dockerlint::rules
