// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <set>

namespace dockerlint::rules {
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
    return (alone || command.user.is_root() != use.command->user.is_root()) && !is_known(command, catalog);
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
  const Value home = use.command->user.home;
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

/// Why the directory is not where the mount is, for people.
std::string reason(const DirectoryUse& use, const Mount& mount) {
  const std::string_view written = mount.option(MountKey::target)->value;
  if (written.starts_with('~')) return "BuildKit takes `~` for the name of a directory below WORKDIR";
  if (*mount.target != written && written.starts_with('$') && written.find("HOME") < 3)
    return "nothing sets HOME for BuildKit, which expands it to nothing; only the shell knows it";
  if (const std::string_view name = deciding_variable(*use.directory, *use.command); !name.empty())
    return fmt::format("`{}` is `{}` here", name, use.command->variable(name).value);
  if (use.command->user.name && use.command->user.home && lies_in(use.place.path, *use.command->user.home))
    return fmt::format("the command runs as `{}`, whose home is {}", *use.command->user.name, *use.command->user.home);
  return {};
}

void fix(Diagnostic& found, const Mount& mount, const DirectoryUse& use, const std::string& target) {
  if (target.find_first_of(" ,\"'\\$`") != target.npos) return;
  std::vector<TextEdit> edits = edit::set_mount_option(mount, MountKey::target, target);
  std::string title = fmt::format("say target={}", target);
  const bool has_owner = mount.option(MountKey::uid) != nullptr || mount.option(MountKey::mode) != nullptr;
  if (use.command->user.is_root() != true && !has_owner) {
    const Mount* const alone = &mount;
    const bool is_named = mount.option(MountKey::id) != nullptr && mount.cache != nullptr;
    const auto owner = use.command->user.uid ? edit::set_owner(is_named ? mount.cache->mounts : std::span(&alone, 1),
                                                               *use.command->user.uid, use.command->user.gid)
                                             : std::vector<TextEdit>();
    if (owner.empty()) return;
    edits.insert(edits.end(), owner.begin(), owner.end());
    title += fmt::format(", and whose it is: uid={}", *use.command->user.uid);
  }
  found.suggest(Applicability::safe, std::move(title), std::move(edits));
}

void check(const RunStep& run, RuleContext& cx) {
  if (run.on_build || run.mounts.size() > kMostMounts) return;
  std::vector<DirectoryUse> uses;
  std::set<std::string> taken;
  for (const Mount& mount : run.mounts) {
    if (!mount.is(MountType::cache) || !mount.target || mount.option(MountKey::target) == nullptr) continue;
    if (uses.empty()) uses = directory_uses(run, cx.catalog());
    if (is_used(mount, uses)) continue;
    const std::string meant = meant_target(mount, run);
    // Who names the path somewhere may have told the tool of it.
    if (meant == *mount.target && cx.model().scripts_have(run, *mount.target)) continue;
    for (const DirectoryUse& use : uses) {
      if (!use.is_written() || use.command->conditional || !use.place.known || use.place.path.empty()) continue;
      if (is_covered(use.place.path, run) || others_may_use_it(use, run, cx.catalog())) continue;
      const std::string target = target_for(*use.directory, use.place.path, meant);
      if (meant == *mount.target && may_be_another_version(use, meant)) continue;
      if (target.empty() && (cx.catalog().directory_at(meant) != nullptr || !is_elsewhere(use, meant))) continue;
      Diagnostic& found = cx.report(mount.option(MountKey::target)->range, "{} is in {} here: nothing uses this mount",
                                    use.directory->what, use.place.path);
      if (use.directory->evidence == Evidence::recalled) found.at(Severity::info);
      found.label(use.command->words.front().range, "looks for it there");
      if (std::string why = reason(use, mount); !why.empty()) found.note(std::move(why));
      if (!target.empty() && taken.insert(target).second) fix(found, mount, use, target);
      break;
    }
  }
}

}  // namespace

extern constinit const Rule cache_wrong_target{
    .name = "cache/wrong-target",
    .summary = "cache mounts where the tool does not look",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = each_run<check>,
};

}  // namespace dockerlint::rules
