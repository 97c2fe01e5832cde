// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/c_library.hpp"
#include "dockerlint/fix_group.hpp"
#include "dockerlint/lock_order.hpp"
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace dockerlint::rules {
namespace {

constexpr std::size_t kMostUsers = 200;  // of a cache whose id a fix changes

/// What lies where the mount is: by its path, or because a build has its output there.
class Directories {
 public:
  explicit Directories(const RuleContext& cx) : catalog_(cx.catalog()) {
    for (const MountedBuild& build : mounted_builds(cx.model(), cx.catalog()))
      built_.emplace(build.mount, build.output);
  }
  const CacheDir* of(const Mount& mount) const {
    if (!mount.target) return nullptr;
    if (const CacheDir* const known = catalog_.directory_at(*mount.target)) return known;
    const auto found = built_.find(&mount);
    return found == built_.end() ? nullptr : found->second;
  }

 private:
  const Catalog& catalog_;
  std::unordered_map<const Mount*, const CacheDir*> built_;
};

TextRange id_of(const Mount& mount) {
  const MountOption* option = mount.option(MountKey::id);
  if (option == nullptr || option->value.empty()) option = mount.option(MountKey::target);
  return option != nullptr ? option->range : mount.flag->range;
}

/// Whether the project has something else than the directory under the id already.
bool is_taken(const std::string& id, const CacheDir& directory, const RuleContext& cx) {
  const ProjectCache* const there = cx.neighbours().users().empty() ? nullptr : cx.neighbours().all().find(id);
  return there != nullptr &&
         (there->elsewhere.any() || there->directories.size() > 1 || there->of(directory) == nullptr);
}

/// Whether the mounts have one cache in several modes, and no rule about one of their directories says which is right.
bool mixes_modes(std::span<const Mount* const> mounts, const RuleContext& cx) {
  const auto locks = [](const Mount* mount) { return mount->sharing == Sharing::locked; };
  const bool mixed =
      std::any_of(mounts.begin(), mounts.end(), locks) && !std::all_of(mounts.begin(), mounts.end(), locks);
  return mixed && std::none_of(mounts.begin(), mounts.end(), [&](const Mount* mount) {
           const CacheDir* const known = cx.catalog().cache_of(*mount);
           return known != nullptr && known->concurrency != Concurrency::tolerated;
         });
}

/// Another id for the mounts of the cache that `chosen` picks. Empty if one of them cannot have it, if builds could
/// wait for each other for good then, or if that parts those who lock from those who do not.
template <typename Chosen>
std::vector<TextEdit> set_apart(const Cache& cache, const CacheDir& directory, const std::string& suffix,
                                const RuleContext& cx, Chosen chosen) {
  std::vector<TextEdit> edits;
  if (cache.mounts.size() > kMostUsers) return edits;
  std::vector<const Mount*> apart, rest;
  for (const Mount* const mount : cache.mounts) {
    if (!chosen(*mount)) {
      rest.push_back(mount);
      continue;
    }
    if (mount->id && is_taken(fmt::format("{}{}", *mount->id, suffix), directory, cx)) return {};
    const auto more = edit::lengthen_id(*mount, suffix);
    if (more.empty()) return {};
    edits.insert(edits.end(), more.begin(), more.end());
    apart.push_back(mount);
  }
  const bool mixes = !mixes_modes(cache.mounts, cx) && (mixes_modes(apart, cx) || mixes_modes(rest, cx));
  return mixes || would_cross_locks(apart) ? std::vector<TextEdit>() : edits;
}

/// Of the directories under one id, the one that keeps it: the first in the project, as far as that is known.
struct Kept {
  const CacheDir* directory = nullptr;
  const Mount* here = nullptr;            // where it is in this file
  const CacheUserPlace* there = nullptr;  // or in one before it
};

Kept kept_in(const Cache& cache, const ProjectCache* shared, const Directories& directories, RuleContext& cx) {
  const auto first = [&](auto is_wanted) {
    const auto found = std::find_if(cache.mounts.begin(), cache.mounts.end(), is_wanted);
    return found == cache.mounts.end() ? nullptr : *found;
  };
  if (shared != nullptr && !shared->directories.empty()) {
    const auto& [directory, users] = shared->directories.front();
    const Mount* const here = first([&, wanted = directory](const Mount* m) { return directories.of(*m) == wanted; });
    if (here != nullptr) return {directory, here, nullptr};
    if (const CacheUserPlace* const there = users.before(cx.neighbours().file())) return {directory, nullptr, there};
  }
  const Mount* const here = first([&](const Mount* m) { return directories.of(*m) != nullptr; });
  return here == nullptr ? Kept() : Kept{directories.of(*here), here, nullptr};
}

/// What tells a directory's id from the one that it had: its tool's name, or its own among others of the tool.
std::string suffix_of(const CacheDir& directory, const CacheDir& kept, std::span<const CacheDir* const> all) {
  if (directory.tool == kept.tool) return fmt::format("-{}", directory.name);
  const bool several = std::any_of(all.begin(), all.end(), [&](const CacheDir* other) {
    return other != &directory && other->tool == directory.tool;
  });
  return several ? fmt::format("-{}-{}", directory.tool->name, directory.name)
                 : fmt::format("-{}", directory.tool->name);
}

/// All that is known to lie under the id.
std::vector<const CacheDir*> known_in(const Cache& cache, const ProjectCache* shared, const Directories& directories) {
  std::vector<const CacheDir*> all;
  const auto add = [&](const CacheDir* directory) {
    if (directory != nullptr && std::find(all.begin(), all.end(), directory) == all.end()) all.push_back(directory);
  };
  for (const Mount* const mount : cache.mounts) add(directories.of(*mount));
  if (shared != nullptr)
    for (const auto& [directory, users] : shared->directories) add(directory);
  return all;
}

Diagnostic& report_apart(const Mount& mount, const CacheDir& directory, const Kept& kept, RuleContext& cx) {
  if (kept.here != nullptr) {
    Diagnostic& found = cx.report(id_of(mount), "one cache for {} and for {}", kept.directory->what, directory.what);
    found.label(id_of(*kept.here), fmt::format("{} here", kept.directory->what));
    return found.note("one id is one directory: each finds the files of the other in it");
  }
  const Neighbours& neighbours = cx.neighbours();
  Diagnostic& found = cx.report(id_of(mount), "one cache for {} and for {} in {}", directory.what, kept.directory->what,
                                neighbours.name(*kept.there));
  found.label(neighbours.place(*kept.there, fmt::format("{} here", kept.directory->what)));
  return found.note("an id means one directory for all that a builder builds: each finds the files of the other in it");
}

/// One id for several directories of a tool, or of several tools, in this file or in those before it.
void check_directories(const Cache& cache, const ProjectCache* shared, const Directories& directories,
                       RuleContext& cx) {
  const Kept kept = kept_in(cache, shared, directories, cx);
  if (kept.directory == nullptr) return;
  const std::string_view target =
      kept.here != nullptr ? std::string_view(*kept.here->target) : cx.neighbours().all().user(*kept.there).target;
  std::vector<const CacheDir*> reported;
  std::vector<const CacheDir*> known;
  for (const Mount* const mount : cache.mounts) {
    const CacheDir* const directory = directories.of(*mount);
    if (directory == nullptr || directory == kept.directory || *mount->target == target) continue;
    if (std::find(reported.begin(), reported.end(), directory) != reported.end()) continue;
    reported.push_back(directory);
    if (known.empty()) known = known_in(cache, shared, directories);
    Diagnostic& found = report_apart(*mount, *directory, kept, cx);
    auto edits = set_apart(cache, *directory, suffix_of(*directory, *kept.directory, known), cx,
                           [&](const Mount& other) { return directories.of(other) == directory; });
    if (edits.empty()) continue;
    found.suggest(Applicability::safe, fmt::format("give {} an id of its own", directory->what), std::move(edits));
    // Those who share the directory on purpose go on doing so.
    const FirstUsers* const users = shared == nullptr ? nullptr : shared->of(*directory);
    if (users != nullptr)
      join_group(found, fmt::format("cache/colliding-id {} {}/{}", shared->id, directory->tool->name, directory->name),
                 users->files());
  }
}

/// A mount whose id the builds decide: in one of them it may be that of something else.
void check_given_ids(const Directories& directories, RuleContext& cx) {
  const Neighbours& neighbours = cx.neighbours();
  std::vector<std::string_view> seen;
  for (const Neighbours::Own& own : neighbours.users()) {
    if (own.cache == nullptr || own.cache->directories.empty()) continue;
    if (own.mount->cache != nullptr && neighbours.shared(*own.mount->cache) != nullptr) continue;
    const CacheDir* const here = directories.of(*own.mount);
    if (here == nullptr || std::find(seen.begin(), seen.end(), own.user->id) != seen.end()) continue;
    seen.push_back(own.user->id);
    const auto& [there, users] = own.cache->directories.front();
    const CacheUserPlace* const other = users.before(neighbours.file());
    if (there == here || other == nullptr || neighbours.all().user(*other).target == own.user->target) continue;
    report_apart(*own.mount, *here, {there, nullptr, other}, cx);
  }
}

Libc libc_of(const Mount& mount) {
  const Image* const image = mount.run->stage->image_facts;
  return image == nullptr || image->libc == Libc::none ? Libc::unknown : image->libc;
}

std::string_view name_of(Libc libc) { return libc == Libc::musl ? "musl" : "glibc"; }

/// The C library whose images keep the id: that of the first in the project.
struct KeptLibc {
  Libc libc = Libc::unknown;
  const Mount* here = nullptr;            // where it is in this file
  const CacheUserPlace* there = nullptr;  // or in one before it
};

KeptLibc kept_libc(const Cache& cache, const ProjectCache* shared, RuleContext& cx) {
  const auto first = [&](auto is_wanted) {
    const auto found = std::find_if(cache.mounts.begin(), cache.mounts.end(),
                                    [&](const Mount* mount) { return is_wanted(libc_of(*mount)); });
    return found == cache.mounts.end() ? nullptr : *found;
  };
  if (shared != nullptr) {
    const std::uint32_t file = cx.neighbours().file();
    const CacheUserPlace* const glibc = shared->by_libc[0].before(file);
    const CacheUserPlace* const musl = shared->by_libc[1].before(file);
    if (glibc != nullptr || musl != nullptr) {
      const auto order = [](const CacheUserPlace& p) { return std::tie(p.file, p.variant, p.user); };
      const bool is_musl = glibc == nullptr || (musl != nullptr && order(*musl) < order(*glibc));
      const Libc libc = is_musl ? Libc::musl : Libc::glibc;
      return {libc, first([&](Libc one) { return one == libc; }), is_musl ? musl : glibc};
    }
  }
  const Mount* const here = first([](Libc one) { return one != Libc::unknown; });
  return here == nullptr ? KeptLibc() : KeptLibc{libc_of(*here), here, nullptr};
}

/// Whether all that lies under the id is programs.
bool all_hold_binaries(const Cache& cache, const ProjectCache* shared, const Directories& directories) {
  const auto holds = [](const CacheDir* directory) { return directory != nullptr && holds_binaries(*directory); };
  return std::all_of(cache.mounts.begin(), cache.mounts.end(),
                     [&](const Mount* mount) { return holds(directories.of(*mount)); }) &&
         (shared == nullptr ||
          (!shared->elsewhere.any() && std::all_of(shared->directories.begin(), shared->directories.end(),
                                                   [&](const auto& one) { return holds(one.first); })));
}

/// One id in images whose programs do not run in each other.
void check_libc(const Cache& cache, const ProjectCache* shared, const Directories& directories, RuleContext& cx) {
  if (!all_hold_binaries(cache, shared, directories)) return;
  const KeptLibc kept = kept_libc(cache, shared, cx);
  const auto differs = std::find_if(cache.mounts.begin(), cache.mounts.end(), [&](const Mount* mount) {
    return libc_of(*mount) != Libc::unknown && libc_of(*mount) != kept.libc;
  });
  if (kept.libc == Libc::unknown || differs == cache.mounts.end()) return;
  const Mount& other = **differs;
  const Libc libc = libc_of(other);
  const CacheDir& directory = *directories.of(other);
  const std::string_view first = name_of(kept.libc), second = name_of(libc);
  Diagnostic& found =
      kept.here != nullptr
          ? cx.report(id_of(other), "{} holds programs for {} and for {}", directory.what, first, second)
          : cx.report(id_of(other), "{} holds programs for {}, and for {} in {}", directory.what, second, first,
                      cx.neighbours().name(*kept.there));
  found.at(Severity::info);
  if (kept.here != nullptr) found.label(id_of(*kept.here), fmt::format("{} here", first));
  else found.label(cx.neighbours().place(*kept.there, fmt::format("{} here", first)));
  found.note("what was compiled with one C library does not load with the other");
  const bool certain = std::none_of(cache.mounts.begin(), cache.mounts.end(),
                                    [](const Mount* mount) { return libc_of(*mount) == Libc::unknown; }) &&
                       (shared == nullptr || !shared->unknown_libc.any());
  if (!certain) return;
  auto edits = set_apart(cache, directory, fmt::format("-{}", second), cx,
                         [&](const Mount& mount) { return libc_of(mount) == libc; });
  if (edits.empty()) return;
  found.suggest(Applicability::safe, "set them apart", std::move(edits));
  if (shared != nullptr)
    join_group(found, fmt::format("cache/colliding-id {} {}", shared->id, second),
               shared->by_libc[libc == Libc::musl ? 1 : 0].files());
}

constexpr std::string_view kOwnerNote =
    "uid, gid and mode are part of what a cache is: with others, an empty one is made";

/// One id with two owners is two caches. True: it has been said.
bool check_owner(const Cache& cache, RuleContext& cx) {
  const Mount* first = nullptr;
  for (const Mount* const mount : cache.mounts) {
    if (mount->option(MountKey::from) != nullptr || mount->option(MountKey::source) != nullptr) return false;
    if (!mount->run->before.user.uid) return false;
    for (const MountKey key : {MountKey::uid, MountKey::gid, MountKey::mode})
      if (const MountOption* const option = mount->option(key); option != nullptr && !option->expanded) return false;
    if (first == nullptr) {
      first = mount;
      continue;
    }
    const bool same = mount->uid == first->uid && mount->gid == first->gid && mount->mode == first->mode;
    // Two users may want two caches.
    if (same || mount->run->before.user.uid != first->run->before.user.uid) continue;
    cx.report(mount->flag->range, "another owner or mode makes this another cache than the one with the same id")
        .label(first->flag->range, "the one")
        .note(std::string(kOwnerNote));
    return true;
  }
  return false;
}

/// The same of a file before this one, where both give the id: that the defaults are the same, nobody has asked for.
void check_owner_elsewhere(const Cache& cache, const ProjectCache& shared, RuleContext& cx) {
  if (shared.unknown_owner.any() || shared.owners.size() < 2) return;
  const Neighbours& neighbours = cx.neighbours();
  for (const Mount* const mount : cache.mounts) {
    if (const MountOption* const id = mount->option(MountKey::id); id == nullptr || id->value.empty()) continue;
    const CacheOwner owner{mount->uid, mount->gid, mount->mode, mount->run->before.user.uid.value_or(0)};
    for (const auto& [other, users] : shared.owners) {
      const CacheUserPlace* const there = users.before(neighbours.file());
      if (there == nullptr || other.user != owner.user || other == owner || !neighbours.all().user(*there).named)
        continue;
      cx.report(mount->flag->range,
                "another owner or mode makes this another cache than the one with the same id in {}",
                neighbours.name(*there))
          .label(neighbours.place(*there, "the one"))
          .note(std::string(kOwnerNote));
      return;
    }
  }
}

void check(RuleContext& cx) {
  const Neighbours& neighbours = cx.neighbours();
  std::optional<Directories> directories;
  for (const Cache& cache : cx.model().caches()) {
    const ProjectCache* const shared = neighbours.shared(cache);
    if (cache.mounts.size() < 2 && shared == nullptr) continue;
    if (!directories) directories.emplace(cx);
    check_directories(cache, shared, *directories, cx);
    check_libc(cache, shared, *directories, cx);
    if (!check_owner(cache, cx) && shared != nullptr) check_owner_elsewhere(cache, *shared, cx);
  }
  if (neighbours.users().empty()) return;
  if (!directories) directories.emplace(cx);
  check_given_ids(*directories, cx);
}

}  // namespace

extern constinit const Rule cache_colliding_id{
    .name = "cache/colliding-id",
    .summary = "one id for caches that have nothing in common",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .of_projects = true,
    .check = check,
};

}  // namespace dockerlint::rules
