// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace dockerlint::rules {
namespace {

/// Whether BuildKit makes the cache's directory root's own, writable for nobody else.
bool is_roots(const Mount& mount) {
  if (!mount.is(MountType::cache) || !mount.target || mount.readonly) return false;
  for (const MountKey key : {MountKey::uid, MountKey::gid, MountKey::mode, MountKey::from, MountKey::source})
    if (mount.option(key) != nullptr) return false;
  return true;
}

/// Whether the command gives files away, or may: as root, one that nobody knows.
bool may_give_away(const RunCommand& command, const Catalog& catalog) {
  constexpr std::array kPrograms = std::to_array<std::string_view>({"chgrp", "chmod", "chown", "install", "setfacl"});
  if (std::find(kPrograms.begin(), kPrograms.end(), command.program()) != kPrograms.end()) return true;
  return command.user->is_root() != false && !is_known(command, catalog);
}

/// Whether somebody may have given the directory away in one of the RUNs that use it.
bool may_be_given_away(const Cache& cache, const Catalog& catalog) {
  constexpr std::size_t kMost = 200;
  if (cache.mounts.size() > kMost) return true;
  return std::any_of(cache.mounts.begin(), cache.mounts.end(), [&](const Mount* mount) {
    const RunStep& run = *mount->run;
    return run.script == nullptr || !run.script->understood ||
           std::any_of(run.commands.begin(), run.commands.end(),
                       [&](const RunCommand& command) { return may_give_away(command, catalog); });
  });
}

std::string name_of(const User& user) {
  if (user.name && !user.name->empty()) return fmt::format("`{}`", *user.name);
  return user.uid ? fmt::format("user {}", *user.uid) : std::string("a user that is not root");
}

/// The write into each mount that its owner forbids: the first by someone who is not root.
std::map<const Mount*, const PathWrite*> forbidden_writes(const Effects& effects) {
  std::map<const Mount*, const PathWrite*> found;
  for (const PathWrite* write : effects.writes()) {
    const bool makes = write->kind == WriteKind::file || write->kind == WriteKind::tree;
    if (!makes || write->mount == nullptr || write->command == nullptr || write->conditional) continue;
    if (write->command->user->is_root() == false && is_roots(*write->mount)) found.emplace(write->mount, write);
  }
  return found;
}

/// The one user who is not root of all RUNs that use the cache; null when there are several, or nobody knows.
const User* only_user(const Cache& cache, const std::map<const Mount*, const PathWrite*>& writes) {
  const User* only = nullptr;
  for (const Mount* mount : cache.mounts) {
    const auto write = writes.find(mount);
    const User& user = write != writes.end() ? *write->second->command->user : mount->run->before.user;
    if (user.is_root() == true) continue;
    if (!user.uid || (only != nullptr && only->uid != user.uid)) return nullptr;
    only = &user;
  }
  return only;
}

void check(RuleContext& cx) {
  const bool has_caches = !cx.model().caches().empty();
  if (!has_caches) return;
  const auto writes = forbidden_writes(cx.effects());
  for (const Cache& cache : cx.model().caches()) {
    std::optional<bool> given_away;
    for (const Mount* mount : cache.mounts) {
      const auto write = writes.find(mount);
      if (write == writes.end()) continue;
      if (!given_away) given_away = may_be_given_away(cache, cx.catalog());
      if (*given_away) break;
      const RunCommand& command = *write->second->command;
      Diagnostic& found =
          cx.report(mount->flag->range, "{} cannot write to this cache: it is root's", name_of(*command.user));
      found.label(write->second->range, "writes there");
      found.note(
          "BuildKit makes a cache's directory for root, with mode 0755, unless uid=, gid= or mode= say otherwise");
      if (const User* user = only_user(cache, writes))
        if (auto edits = edit::set_owner(cache.mounts, *user->uid, user->gid); !edits.empty()) {
          std::string title = fmt::format("add {}", edits.front().text.substr(1));
          found.suggest(Applicability::safe, std::move(title), std::move(edits));
        }
    }
  }
}

}  // namespace

extern constinit const Rule cache_foreign_owner{
    .name = "cache/foreign-owner",
    .summary = "cache mounts that the user of the RUN cannot write to",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = check,
};

}  // namespace dockerlint::rules
