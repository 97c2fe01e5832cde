// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/missed_mount.hpp"

#include "dockerlint/effects.hpp"

#include <algorithm>
#include <span>
#include <string_view>

namespace dockerlint {
namespace {

constexpr std::size_t kMostMounts = 200;  // of a RUN that is looked at

/// What the author must have meant: a home that BuildKit knows nothing of is root's home in most minds.
std::string meant_target(const Mount& mount, const RunStep& run) {
  const std::string_view written = mount.option(MountKey::target)->value;
  if (written.starts_with("~/")) return "/root" + std::string(written.substr(1));
  const Variable home = run.before.env.find("HOME");
  if (home.known && !home.set)
    for (const std::string_view variable : {"$HOME/", "${HOME}/"})
      if (written.starts_with(variable)) return "/root/" + std::string(written.substr(variable.size()));
  return std::string(*mount.target);
}

bool is_used(const Mount& mount, std::span<const DirectoryUse> uses) {
  return std::any_of(uses.begin(), uses.end(), [&](const DirectoryUse& use) {
    return use.place.path.empty() || !use.place.known ? !target_for(*use.directory, "/", *mount.target).empty()
                                                      : meet(use.place.path, *mount.target);
  });
}

/// Whether another command may use the mount: one that nobody knows, as another user, or where it is this command
/// itself that says where to look.
bool others_may_use_it(const DirectoryUse& use, const RunStep& run, const Catalog& catalog) {
  const bool alone = is_placed_by_command(*use.directory, *use.command);
  return std::any_of(run.commands.begin(), run.commands.end(), [&](const RunCommand& command) {
    return (alone || command.user->is_root() != use.command->user->is_root()) && !is_known(command, catalog);
  });
}

bool is_covered(std::string_view path, const RunStep& run) {
  return std::any_of(run.mounts.begin(), run.mounts.end(),
                     [&](const Mount& mount) { return !mount.target || meet(path, *mount.target); });
}

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }
std::string_view directory_of(std::string_view path) { return path.substr(0, path.rfind('/')); }

/// Where versions of one tool keep it in the same home, nobody can tell which version it is.
bool may_be_another_version(const DirectoryUse& use, std::string_view meant) {
  const Value home = use.command->user->home;
  return home && lies_in(meant, *home) && lies_in(use.place.path, *home) &&
         deciding_variable(*use.directory, *use.command).empty();
}

/// A directory of the project under the same name, in another project: `/src/target` where the work goes on in `/app`.
/// Above or below the working directory it may be that of another member of a workspace.
bool is_elsewhere(const DirectoryUse& use, std::string_view target) {
  const DirectoryKind kind = use.directory->kind;
  if (kind != DirectoryKind::build_output && kind != DirectoryKind::installed) return false;
  return use.directory->paths.empty() && use.command->workdir && base_name(target) == base_name(use.place.path) &&
         lies_in(use.place.path, *use.command->workdir) && !directory_of(target).empty() &&
         !meet(directory_of(target), *use.command->workdir);
}

/// The use of the directory that the mount is meant for; null where somebody may use the mount after all.
const DirectoryUse* missing_use(const Mount& mount, std::span<const DirectoryUse> uses, const Model& model,
                                const Catalog& catalog, std::string& target) {
  const RunStep& run = *mount.run;
  if (is_used(mount, uses)) return nullptr;
  const std::string meant = meant_target(mount, run);
  // Who names the path somewhere may have told the tool of it.
  if (meant == *mount.target && model.scripts_have(run, *mount.target)) return nullptr;
  for (const DirectoryUse& use : uses) {
    if (!use.is_written() || use.command->conditional || !use.place.known || use.place.path.empty()) continue;
    if (is_covered(use.place.path, run) || others_may_use_it(use, run, catalog)) continue;
    if (meant == *mount.target && may_be_another_version(use, meant)) continue;
    target = target_for(*use.directory, use.place.path, meant);
    if (target.empty() && (catalog.directory_at(meant) != nullptr || !is_elsewhere(use, meant))) continue;
    return &use;
  }
  return nullptr;
}

bool may_be_missed(const Mount& mount) {
  return mount.is(MountType::cache) && mount.target && mount.option(MountKey::target) != nullptr &&
         !mount.run->on_build && mount.run->mounts.size() <= kMostMounts;
}

}  // namespace

std::vector<MissedMount> missed_mounts(const RunStep& run, const Model& model, const Catalog& catalog) {
  std::vector<MissedMount> all;
  const auto uses = catalog.directory_uses(run);
  for (const Mount& mount : run.mounts) {
    if (!may_be_missed(mount)) continue;
    MissedMount missed{&mount, {}, {}};
    const DirectoryUse* const use = missing_use(mount, uses, model, catalog, missed.target);
    if (use == nullptr) continue;
    missed.use = *use;
    all.push_back(std::move(missed));
  }
  return all;
}

bool is_missed(const Mount& mount, const Model& model, const Catalog& catalog) {
  std::string target;
  return may_be_missed(mount) &&
         missing_use(mount, catalog.directory_uses(*mount.run), model, catalog, target) != nullptr;
}

}  // namespace dockerlint
