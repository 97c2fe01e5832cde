// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/missed_mount.hpp"
#include "dockerlint/rule.hpp"

#include <algorithm>

#include <set>

namespace dockerlint::rules {
namespace {

/// Why the directory is not where the mount is, for people.
std::string reason(const DirectoryUse& use, const Mount& mount) {
  const std::string_view written = mount.option(MountKey::target)->value;
  if (written.starts_with('~')) return "BuildKit takes `~` for the name of a directory below WORKDIR";
  if (*mount.target != written && written.starts_with('$') && written.find("HOME") < 3)
    return "nothing sets HOME for BuildKit, which expands it to nothing; only the shell knows it";
  if (const std::string_view name = deciding_variable(*use.directory, *use.command); !name.empty())
    return fmt::format("`{}` is `{}` here", name, use.command->variable(name).value);
  if (use.command->user->name && use.command->user->home && lies_in(use.place.path, *use.command->user->home))
    return fmt::format("the command runs as `{}`, whose home is {}", *use.command->user->name,
                       *use.command->user->home);
  return {};
}

/// Whether the target, which is the id too, is that of a cache of other owners: it would be one id for two caches.
bool meets_other_owner(const Mount& mount, std::string_view target, const Model& model) {
  if (mount.option(MountKey::id) != nullptr) return false;
  const auto is_other = [&](const Mount* other) {
    return other->id == target && (other->uid != mount.uid || other->gid != mount.gid || other->mode != mount.mode);
  };
  return std::any_of(model.caches().begin(), model.caches().end(), [&](const Cache& cache) {
    return std::any_of(cache.mounts.begin(), cache.mounts.end(), is_other);
  });
}

void fix(Diagnostic& found, const Mount& mount, const DirectoryUse& use, const std::string& target,
         const Model& model) {
  if (target.find_first_of(" ,\"'\\$`") != target.npos) return;
  std::vector<TextEdit> edits = edit::set_mount_option(mount, MountKey::target, target);
  std::string title = fmt::format("say target={}", target);
  const bool has_owner = mount.option(MountKey::uid) != nullptr || mount.option(MountKey::mode) != nullptr;
  if (use.command->user->is_root() != true && !has_owner) {
    const Mount* const alone = &mount;
    const bool is_named = mount.option(MountKey::id) != nullptr && mount.cache != nullptr;
    const auto owner = use.command->user->uid ? edit::set_owner(is_named ? mount.cache->mounts : std::span(&alone, 1),
                                                                *use.command->user->uid, use.command->user->gid)
                                              : std::vector<TextEdit>();
    if (owner.empty()) return;
    edits.insert(edits.end(), owner.begin(), owner.end());
    title += fmt::format(", and whose it is: uid={}", *use.command->user->uid);
  } else if (meets_other_owner(mount, target, model)) {
    return;
  }
  found.suggest(Applicability::safe, std::move(title), std::move(edits));
}

void check(const RunStep& run, RuleContext& cx) {
  std::set<std::string> taken;
  for (const MissedMount& missed : missed_mounts(run, cx.model(), cx.catalog())) {
    const auto& [mount, use, target] = missed;
    Diagnostic& found = cx.report(mount->option(MountKey::target)->range, "{} is in {} here: nothing uses this mount",
                                  use.directory->what, use.place.path);
    if (use.directory->evidence == Evidence::recalled) found.at(Severity::info);
    found.label(use.command->words.front().range(), "looks for it there");
    if (std::string why = reason(use, *mount); !why.empty()) found.note(std::move(why));
    if (!target.empty() && taken.insert(target).second) fix(found, *mount, use, target, cx.model());
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
