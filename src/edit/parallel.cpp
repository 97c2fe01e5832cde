// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/parallel.hpp"

#include "dockerlint/builds.hpp"
#include "dockerlint/commands.hpp"
#include "dockerlint/edit.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace dockerlint::edit {
namespace {

constexpr std::size_t kMostUsers = 50;  // of the cache: the fix of each holds the edits of all

bool is_cargo(const RunCommand& command, const Catalog& catalog) {
  const auto uses = catalog.uses(command);
  return std::any_of(uses.begin(), uses.end(), [](const ToolUse& use) {
    return (use.tool->name == "cargo" || use.tool->name == "cargo-chef") && !use.command->fills.empty();
  });
}

bool runs_cargo(const RunStep& run, const Catalog& catalog) {
  return std::any_of(run.commands.begin(), run.commands.end(),
                     [&](const RunCommand& command) { return is_cargo(command, catalog); });
}

/// Whether each cargo of the RUN has its registry in the mount.
bool all_cargo_in(const Mount& mount, const CacheDir& registry, const Catalog& catalog) {
  bool any = false;
  for (const RunCommand& command : mount.run->commands) {
    if (!is_cargo(command, catalog)) continue;
    if (catalog.place(registry, command).path != *mount.target) return false;
    any = true;
  }
  return any;
}

/// Beside the registry: by the variable that says so, where the image or the file sets it.
std::string link_command(const Mount& mount) {
  const std::string home(mount.target->substr(0, mount.target->rfind('/')));
  const Variable variable = mount.run->before.env.find("CARGO_HOME");
  const bool named = variable.known && variable.set && variable.value == home;
  const std::string lock = named ? "\"$CARGO_HOME/.package-cache\"" : home + "/.package-cache";
  return "ln -sf registry/.package-cache " + lock;
}

void append(std::vector<TextEdit>& edits, std::vector<TextEdit> more) {
  edits.insert(edits.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

bool is_among(const RunStep* run, const std::vector<const RunStep*>& runs) {
  return std::find(runs.begin(), runs.end(), run) != runs.end();
}

/// Whether some later cargo would follow the link to where no mount is.
bool may_dangle(const Model& model, const Catalog& catalog, const std::vector<const RunStep*>& linked) {
  for (const Stage& stage : model.stages())
    for (const RunStep& run : stage.runs) {
      if (is_among(&run, linked) || (!run.commands.empty() && !runs_cargo(run, catalog))) continue;
      for (const RunStep* const before : linked)
        if (before->instruction->range.begin < run.instruction->range.begin && is_built_on(stage, *before->stage))
          return true;
    }
  return false;
}

}  // namespace

std::optional<Fix> share_cargo_lock(const Model& model, const Catalog& catalog, const Mount& mount) {
  const CacheDir* const registry = catalog.directory("cargo/registry");
  if (registry == nullptr || mount.cache == nullptr || mount.cache->mounts.size() > kMostUsers) return std::nullopt;

  Fix fix{Applicability::safe, "let builds run side by side: link cargo's lock into the mount", {}};
  std::vector<const RunStep*> linked;
  for (const Mount* const user : mount.cache->mounts) {
    const RunStep& run = *user->run;
    if (run.on_build || catalog.cache_of(*user) != registry || !user->target->ends_with("/registry"))
      return std::nullopt;
    if (!all_cargo_in(*user, *registry, catalog) || is_among(&run, linked)) return std::nullopt;
    // The link stays in the layer, for all that is built on it.
    const bool has_link = std::any_of(linked.begin(), linked.end(),
                                      [&](const RunStep* before) { return is_built_on(*run.stage, *before->stage); });
    linked.push_back(&run);
    if (has_link || script_has(model.document(), run, registry->parallel_sign)) continue;
    auto link = prepend_command(model.document(), run, link_command(*user));
    if (link.empty()) return std::nullopt;
    append(fix.edits, std::move(link));
  }
  auto shared = set_sharing(mount, Sharing::shared);
  if (shared.empty() && mount.sharing != Sharing::shared) return std::nullopt;
  append(fix.edits, std::move(shared));

  // The lock is one for the checkouts too.
  std::vector<const Cache*> others;
  for (const RunStep* const run : linked)
    for (const Mount& other : run->mounts) {
      if (!other.is(MountType::cache) || other.cache == mount.cache || other.sharing != Sharing::locked) continue;
      const CacheDir* const directory = catalog.cache_of(other);
      const bool git = directory != nullptr && directory->tool == registry->tool && directory->name.starts_with("git");
      if (!git || other.cache == nullptr) {
        if (mount.sharing == Sharing::locked) return std::nullopt;
        continue;
      }
      if (std::find(others.begin(), others.end(), other.cache) != others.end()) continue;
      others.push_back(other.cache);
      for (const Mount* const user : other.cache->mounts)
        if (!is_among(user->run, linked)) return std::nullopt;
      auto more = set_sharing(other, Sharing::shared);
      if (more.empty()) return std::nullopt;
      append(fix.edits, std::move(more));
    }
  if (may_dangle(model, catalog, linked)) fix.applicability = Applicability::unsafe;
  return fix;
}

}  // namespace dockerlint::edit
