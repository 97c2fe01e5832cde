// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/cache_use.hpp"

#include "dockerlint/directory_use.hpp"
#include "dockerlint/effects.hpp"
#include "effects/programs.hpp"
#include "model/paths.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace dockerlint {
namespace {

std::optional<std::string> absolute(std::string_view path, const RunCommand& command) {
  if (is_absolute(path)) return clean_path(path);
  if (!command.workdir || path.starts_with('~')) return std::nullopt;
  return join_path(*command.workdir, path);
}

/// What `rm` deletes, as far as it is known.
void add_deleted(const RunCommand& command, std::vector<Deletion>& all) {
  if (command.program() != "rm") return;
  for (const CommandWord& word : command.words.subspan(1)) {
    const Value value = word.value();
    if (!value || value->empty() || value->front() == '-') continue;
    std::string_view path = *value, pattern;
    if (const std::size_t wild = path.find_first_of("*?["); word.pattern && wild != path.npos) {
      const std::size_t slash = path.rfind('/');
      if (slash == path.npos || slash > wild) continue;
      pattern = path.substr(slash + 1);
      path = path.substr(0, std::max<std::size_t>(slash, 1));
    }
    if (auto place = absolute(path, command)) all.push_back({&command, &word, nullptr, *std::move(place), pattern});
  }
}

void add_cleaned(const RunCommand& command, const Catalog& catalog, std::vector<Deletion>& all) {
  for (const ToolUse& use : catalog.uses(command)) {
    for (const CacheDir* directory : use.command->empties) {
      DirectoryPlace place = catalog.place(*directory, command);
      if (place.known && is_absolute(place.path))
        all.push_back({&command, nullptr, directory, std::move(place.path), "*"});
    }
  }
}

/// The cache mount that lies below the path, if there is one.
const Mount* mount_below(const RunStep& run, std::string_view path) {
  for (const Mount& mount : run.mounts)
    if (mount.is(MountType::cache) && mount.target && *mount.target != path && lies_in(*mount.target, path))
      return &mount;
  return nullptr;
}

bool contains(std::span<const CacheDir* const> all, const CacheDir* one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

/// The cache mount that the deletion empties, if it does.
std::optional<Emptying> emptied_by(const RunStep& run, const Deletion& deletion, const Catalog& catalog) {
  Emptying found{deletion.command, deletion.word, nullptr, deletion.path, false, false};
  const bool some = !deletion.pattern.empty() && deletion.pattern != "*";
  const Mount* const mount = covering_mount(run, deletion.path);
  if (deletion.directory != nullptr && !is_disposable(*deletion.directory)) return std::nullopt;
  if (mount != nullptr) {
    if (!mount->is(MountType::cache)) return std::nullopt;
    const bool whole = *mount->target == deletion.path;
    // Part of a cache may be stale: that is deleted for a reason. What is a cache of its own is not part of one.
    const CacheDir* const known = catalog.directory_at(deletion.path);
    const bool is_cache = deletion.directory != nullptr || (known != nullptr && is_disposable(*known));
    if ((!whole || some) && !is_cache) return std::nullopt;
    found.mount = mount;
    found.mount_point = whole && deletion.pattern.empty();
    return found;
  }
  if (some) return std::nullopt;
  found.mount = mount_below(run, deletion.path);
  if (found.mount == nullptr) return std::nullopt;
  // A pattern does not stand for names that begin with a dot.
  const std::string_view rest = found.mount->target->substr(deletion.path.size());
  if (deletion.directory == nullptr && !deletion.pattern.empty() && rest.starts_with("/.")) return std::nullopt;
  found.everything = found.mount_point = deletion.directory == nullptr;
  return found;
}

bool deletes_unknown(const RunCommand& command) {
  return command.program() == "rm" &&
         (command.more_words || std::any_of(command.words.begin(), command.words.end(),
                                            [](const CommandWord& word) { return !word.value(); }));
}

bool may_empty(const RunStep& run, const Catalog& catalog) {
  if (run.script == nullptr || !run.script->understood) return true;
  for (const RunCommand& command : run.commands) {
    if (deletes_unknown(command)) return true;
    for (const ToolUse& use : catalog.uses(command))
      if (!use.command->empties.empty()) return true;
  }
  const auto all = deletions(run, catalog);
  return std::any_of(all.begin(), all.end(), [&](const Deletion& deletion) {
    return covering_mount(run, deletion.path) != nullptr || mount_below(run, deletion.path) != nullptr;
  });
}

/// Whether one of the places where `known` usually is lies in one of `directory`'s.
bool is_part(const CacheDir& known, const CacheDir& directory) {
  return std::any_of(known.paths.begin(), known.paths.end(), [&](std::string_view path) {
    return std::any_of(directory.paths.begin(), directory.paths.end(),
                       [&](std::string_view above) { return lies_in(path, above); });
  });
}

/// Whether the mount may be meant for the directory, though it does not cover it.
bool speaks_of(const Mount& mount, const CacheUse& use, const Catalog& catalog) {
  if (!mount.valid || !mount.type_name || !mount.target) return true;
  if (lies_in(*mount.target, use.path)) return true;
  if (mount.type != MountType::cache) return false;
  const CacheDir* const known = catalog.directory_at(*mount.target);
  if (known == nullptr || known->tool != use.directory->tool) return false;
  // A home of the tool somewhere else, the same directory or part of it somewhere else.
  return !is_disposable(*known) || is_part(*known, *use.directory);
}

/// Whether something that the RUN runs is known to use the mount.
bool is_used(const Mount& mount, const RunStep& run, const Catalog& catalog) {
  if (!mount.target || catalog.directory_at(*mount.target) != nullptr) return true;
  for (const RunCommand& command : run.commands) {
    for (const ToolUse& use : catalog.uses(command)) {
      for (const auto directories : {use.command->fills, use.command->writes}) {
        for (const CacheDir* directory : directories) {
          const std::string path = catalog.place(*directory, command).path;
          if (!path.empty() && (lies_in(path, *mount.target) || lies_in(*mount.target, path))) return true;
        }
      }
    }
  }
  return false;
}

/// Whether the RUN has a mount that may be for this directory.
bool is_thought_of(const RunStep& run, const CacheUse& use, const Catalog& catalog) {
  return std::any_of(run.mounts.begin(), run.mounts.end(),
                     [&](const Mount& mount) { return speaks_of(mount, use, catalog); });
}

/// A cache that nobody knows may be anyone's, by a configuration or a link: `ln -s /cache /etc/apk/cache`.
bool has_unknown_cache(const RunStep& run, const Catalog& catalog) {
  return std::any_of(run.mounts.begin(), run.mounts.end(),
                     [&](const Mount& mount) { return mount.is(MountType::cache) && !is_used(mount, run, catalog); });
}

/// `dnf` is one of several package managers, by the version in the image: whether the image has another than this.
bool is_of_another_manager(const DirectoryUse& use, const RunStep& run) {
  const Image* const image = run.stage->image_facts;
  if (image == nullptr || use.directory->tool->ecosystem != "os-packages") return false;
  if (use.directory->tool->name == image->package_manager) return false;
  const auto fills = use.use.command->fills;
  return std::any_of(fills.begin(), fills.end(),
                     [&](const CacheDir* other) { return other->tool->name == image->package_manager; });
}

/// Whether an option that turns the cache off could be taken out, if one would.
bool could_be_turned_on(const CacheUse& use, const Catalog& catalog) {
  const auto defeated = catalog.defeated(*use.directory, *use.command);
  return defeated && defeated->flag != nullptr && defeated->defeat->fix;
}

/// Whether the command's own options or environment say that the cache is to be left alone. An option that cannot
/// be taken out safely has been chosen: `apk add --no-cache`.
bool is_turned_off(const CacheUse& use, const Catalog& catalog) {
  const auto defeated = catalog.defeated(*use.directory, *use.command);
  if (!defeated) return false;
  return !defeated->defeat->fix || (defeated->flag != nullptr && *defeated->defeat->fix != Applicability::safe);
}

/// Whether apt's configuration may be among what is copied: not by a key or a list of sources.
bool may_bring_apt_options(const CopyStep& copy) {
  if (!copy.destination || *copy.destination == "/") return true;
  const std::string_view to = *copy.destination;
  return to == "/etc/apt/apt.conf" || lies_in(to, "/etc/apt/apt.conf.d") ||
         lies_in("/etc/apt/apt.conf.d", to.substr(0, to.find_last_not_of('/') + 1));
}

/// Tools of which only commands that may not run download something.
std::set<const Tool*> uncertain_tools(const RunStep& run, std::span<const CacheUse> filled, const Catalog& catalog) {
  std::set<const Tool*> tools;
  for (const RunCommand& command : run.commands) {
    if (!command.conditional) continue;
    for (const ToolUse& use : catalog.uses(command))
      for (const CacheDir* directory : use.command->fills)
        if (directory->kind == DirectoryKind::download) tools.insert(directory->tool);
  }
  for (const CacheUse& use : filled)
    if (use.directory->kind == DirectoryKind::download) tools.erase(use.directory->tool);
  return tools;
}

}  // namespace

bool is_disposable(const CacheDir& directory) {
  return directory.kind == DirectoryKind::download || directory.kind == DirectoryKind::metadata ||
         directory.kind == DirectoryKind::compile_cache;
}

bool should_be_mounted(const CacheDir& directory) {
  return directory.mount == MountAdvice::yes && is_disposable(directory);
}

std::vector<CacheUse> filled_caches(const RunStep& run, const Catalog& catalog) {
  std::vector<CacheUse> all;
  for (const DirectoryUse& used : catalog.directory_uses(run)) {
    if (used.action != DirectoryAction::fills || used.command->conditional) continue;
    if (!used.place.known || !is_absolute(used.place.path) || is_of_another_manager(used, run)) continue;
    const Mount* const mount = covering_mount(run, used.place.path);
    all.push_back({used.command, used.use, used.directory, used.place.path, mount});
  }
  return all;
}

std::vector<Deletion> deletions(const RunStep& run, const Catalog& catalog) {
  std::vector<Deletion> all;
  for (const RunCommand& command : run.commands) {
    add_deleted(command, all);
    add_cleaned(command, catalog, all);
  }
  return all;
}

std::vector<Emptying> emptied_mounts(const RunStep& run, const Catalog& catalog) {
  std::vector<Emptying> all;
  if (run.mounts.empty()) return all;
  for (const Deletion& deletion : deletions(run, catalog)) {
    auto found = emptied_by(run, deletion, catalog);
    if (!found) continue;
    // A tool that cleans several directories is one command to take out.
    if (found->word == nullptr && !all.empty() && all.back().command == found->command) continue;
    all.push_back(*std::move(found));
  }
  return all;
}

bool EmptyingRuns::contains(const RunStep& run) {
  const auto [it, is_new] = known_.try_emplace(&run, false);
  if (is_new) it->second = may_empty(run, catalog_);
  return it->second;
}

std::vector<MissingCompanion> missing_companions(const RunStep& run, const Catalog& catalog) {
  std::vector<MissingCompanion> all;
  const bool may_have = std::any_of(run.mounts.begin(), run.mounts.end(), [&](const Mount& mount) {
    const CacheDir* const known = mount.target ? catalog.directory_at(*mount.target) : nullptr;
    return known != nullptr && !known->tool->companions.empty();
  });
  if (!may_have) return all;
  const auto filled = filled_caches(run, catalog);
  for (const Mount& mount : run.mounts) {
    if (!mount.is(MountType::cache) || !mount.target) continue;
    const CacheDir* const mounted = catalog.directory_at(*mount.target);
    const bool used =
        std::any_of(filled.begin(), filled.end(), [&](const CacheUse& use) { return use.mount == &mount; });
    if (mounted == nullptr || !used) continue;
    for (const Companion& companion : mounted->tool->companions) {
      if (!contains(companion.directories, mounted)) continue;
      for (const CacheDir* also : companion.also) {
        const auto use = std::find_if(filled.begin(), filled.end(), [&](const CacheUse& u) {
          return u.directory == also && u.mount == nullptr && should_be_mounted(*also);
        });
        if (use == filled.end() || catalog.defeated(*also, *use->command)) continue;
        const bool said =
            std::any_of(all.begin(), all.end(), [&](const MissingCompanion& m) { return m.use.directory == also; });
        if (!said && !is_thought_of(run, *use, catalog)) all.push_back({&mount, mounted, &companion, *use});
      }
    }
  }
  return all;
}

std::vector<CacheUse> unmounted_caches(const RunStep& run, const Catalog& catalog, TurnedOff turned_off) {
  std::vector<CacheUse> all;
  if (run.on_build || run.instruction->form == Form::json) return all;
  for (const Flag& flag : run.instruction->flags)
    if (flag.name == "network" && flag.value.text() == "none") return all;
  const auto filled = filled_caches(run, catalog);
  std::set<const Tool*> mounted;  // tools that have a mount of the RUN
  for (const CacheUse& use : filled)
    if (use.mount != nullptr) mounted.insert(use.directory->tool);
  const auto uncertain = uncertain_tools(run, filled, catalog);
  std::set<std::string_view> said;  // paths
  for (const CacheUse& use : filled) {
    if (!should_be_mounted(*use.directory) || use.mount != nullptr) continue;
    // What an index says is little beside the packages: whoever has these in a mount has most of it.
    const bool is_index = use.directory->kind == DirectoryKind::metadata;
    if (is_index && (mounted.contains(use.directory->tool) || uncertain.contains(use.directory->tool))) continue;
    const bool off =
        is_turned_off(use, catalog) && (turned_off == TurnedOff::is_a_choice || !could_be_turned_on(use, catalog));
    if (said.contains(use.path) || off || is_thought_of(run, use, catalog)) continue;
    said.insert(use.path);
    all.push_back(use);
  }
  if (all.empty() || has_unknown_cache(run, catalog)) return {};
  for (const MissingCompanion& missing : missing_companions(run, catalog))
    all.erase(std::remove_if(all.begin(), all.end(),
                             [&](const CacheUse& use) { return use.directory->tool == missing.use.directory->tool; }),
              all.end());
  // Packages before their lists, as everybody writes them.
  std::stable_sort(all.begin(), all.end(), [](const CacheUse& a, const CacheUse& b) {
    return a.directory->tool == b.directory->tool && a.directory->kind == DirectoryKind::download &&
           b.directory->kind == DirectoryKind::metadata;
  });
  return all;
}

const Mount* lock_beside(const Mount& mount, const Catalog& catalog) {
  constexpr std::size_t kMostUsers = 200;
  const CacheDir* const directory = catalog.cache_of(mount);
  if (directory == nullptr || mount.cache == nullptr || mount.cache->mounts.size() > kMostUsers) return nullptr;
  const auto is_lock = [&](const Mount& other) {
    if (other.sharing != Sharing::locked || other.cache == nullptr || other.cache == mount.cache) return false;
    const CacheDir* const locked = catalog.cache_of(other);
    // A build's output is one project's: other projects, with a lock of their own, use the caches of the tool too.
    return locked != nullptr && locked->tool == directory->tool && locked->kind != DirectoryKind::build_output;
  };
  for (const Mount& lock : mount.run->mounts) {
    if (!is_lock(lock)) continue;
    const auto has_lock = [&](const Mount* user) {
      return std::any_of(user->run->mounts.begin(), user->run->mounts.end(), [&](const Mount& other) {
        return other.cache == lock.cache && other.sharing == Sharing::locked;
      });
    };
    if (std::all_of(mount.cache->mounts.begin(), mount.cache->mounts.end(), has_lock)) return &lock;
  }
  return nullptr;
}

bool docker_clean_deletes(const Model& model, const RunStep& run) {
  const Image* const image = run.stage->image_facts;
  if (image == nullptr || !image->docker_clean) return false;
  for (const std::string_view sign : {"docker-clean", "Keep-Downloaded-Packages", "apt.conf"})
    if (model.scripts_have(run, sign)) return false;
  for (const Stage* stage = run.stage; stage != nullptr; stage = stage->parent)
    for (const CopyStep& copy : stage->copies)
      if (copy.instruction->range.begin < run.instruction->range.begin && may_bring_apt_options(copy)) return false;
  return true;
}

}  // namespace dockerlint
