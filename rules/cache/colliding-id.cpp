// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <algorithm>
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

/// Another id for the mounts of the cache that `chosen` picks. Empty if one of them cannot have it.
template <typename Chosen>
std::vector<TextEdit> set_apart(const Cache& cache, std::string_view suffix, Chosen chosen) {
  std::vector<TextEdit> edits;
  if (cache.mounts.size() > kMostUsers) return edits;
  for (const Mount* const mount : cache.mounts) {
    if (!chosen(*mount)) continue;
    const auto more = edit::lengthen_id(*mount, suffix);
    if (more.empty()) return {};
    edits.insert(edits.end(), more.begin(), more.end());
  }
  return edits;
}

/// One id for two directories of a tool, or of two tools.
void check_directories(const Cache& cache, const Directories& directories, RuleContext& cx) {
  const Mount* first = nullptr;
  const CacheDir* kept = nullptr;
  std::vector<const CacheDir*> reported;
  for (const Mount* const mount : cache.mounts) {
    const CacheDir* const here = directories.of(*mount);
    if (here == nullptr) continue;
    if (kept == nullptr) {
      first = mount;
      kept = here;
      continue;
    }
    if (here == kept || *mount->target == *first->target) continue;
    if (std::find(reported.begin(), reported.end(), here) != reported.end()) continue;
    reported.push_back(here);
    Diagnostic& found = cx.report(id_of(*mount), "one cache for {} and for {}", kept->what, here->what);
    found.label(id_of(*first), fmt::format("{} here", kept->what));
    found.note("one id is one directory: each finds the files of the other in it");
    const bool one_tool = here->tool == kept->tool;
    auto edits = set_apart(cache, fmt::format("-{}", one_tool ? here->name : here->tool->name),
                           [&](const Mount& other) { return directories.of(other) == here; });
    if (!edits.empty())
      found.suggest(Applicability::safe, fmt::format("give {} an id of its own", here->what), std::move(edits));
  }
}

/// One id for two directories in two files. The later one says so.
void check_neighbours(const Directories& directories, RuleContext& cx) {
  const Neighbours& neighbours = cx.neighbours();
  std::vector<std::string_view> seen;
  for (const Neighbours::Own& own : neighbours.users()) {
    const CacheDir* const here = directories.of(*own.mount);
    const std::string& id = own.user->id;
    if (here == nullptr || own.cache == nullptr || std::find(seen.begin(), seen.end(), id) != seen.end()) continue;
    seen.push_back(id);
    for (const auto& [there, users] : own.cache->directories) {
      const CacheUserPlace* const other = users.before(neighbours.file());
      if (there == here || other == nullptr || neighbours.all().user(*other).target == own.user->target) continue;
      Diagnostic& found = cx.report(id_of(*own.mount), "this cache of {} is one with {} in `{}`", here->what,
                                    there->what, neighbours.all().files()[other->file].path);
      found.label(neighbours.place(*other, fmt::format("{} here", there->what)));
      found.note("an id means one directory for all that a builder builds: each finds the files of the other in it");
      const bool one_tool = here->tool == there->tool;
      std::vector<TextEdit> edits;
      if (own.mount->cache != nullptr)
        edits = set_apart(*own.mount->cache, fmt::format("-{}", one_tool ? here->name : here->tool->name),
                          [&](const Mount& user) { return directories.of(user) == here; });
      if (!edits.empty())
        found.suggest(Applicability::safe, fmt::format("give {} an id of its own", here->what), std::move(edits));
      break;
    }
  }
}

/// Whether what is in there runs, or links, only with one C library.
bool holds_binaries(const CacheDir& directory) {
  if (directory.tool->name == "cargo") return false;  // it keeps the builds of each host apart
  // Wheels that pip built are named `linux_x86_64`, whatever C library they need.
  if (directory.tool->name == "pip" && directory.name == "cache") return true;
  return directory.platform == PlatformAdvice::required && directory.kind != DirectoryKind::installed;
}

Libc libc_of(const Mount& mount) {
  const Image* const image = mount.run->stage->image_facts;
  return image == nullptr || image->libc == Libc::none ? Libc::unknown : image->libc;
}

/// One id in images whose programs do not run in each other.
void check_libc(const Cache& cache, const Directories& directories, RuleContext& cx) {
  const Mount* first = nullptr;
  bool certain = true;  // every mount's library is known
  const Mount* other = nullptr;
  for (const Mount* const mount : cache.mounts) {
    const CacheDir* const here = directories.of(*mount);
    if (here == nullptr || !holds_binaries(*here)) return;
    const Libc libc = libc_of(*mount);
    certain = certain && libc != Libc::unknown;
    if (libc == Libc::unknown) continue;
    if (first == nullptr) first = mount;
    else if (other == nullptr && libc != libc_of(*first)) other = mount;
  }
  if (other == nullptr) return;
  const CacheDir& directory = *directories.of(*other);
  const auto name = [](const Mount& mount) { return libc_of(mount) == Libc::musl ? "musl" : "glibc"; };
  Diagnostic& found =
      cx.report(id_of(*other), "{} holds programs for {} and for {}", directory.what, name(*first), name(*other));
  found.at(Severity::info);
  found.label(id_of(*first), fmt::format("{} here", name(*first)));
  found.note("what was compiled with one C library does not load with the other");
  if (!certain) return;
  auto edits = set_apart(cache, fmt::format("-{}", name(*other)),
                         [&](const Mount& mount) { return libc_of(mount) == libc_of(*other); });
  if (!edits.empty()) found.suggest(Applicability::safe, "set them apart", std::move(edits));
}

/// One id with two owners is two caches.
void check_owner(const Cache& cache, RuleContext& cx) {
  const Mount* first = nullptr;
  for (const Mount* const mount : cache.mounts) {
    if (mount->option(MountKey::from) != nullptr || mount->option(MountKey::source) != nullptr) return;
    if (!mount->run->before.user.uid) return;
    for (const MountKey key : {MountKey::uid, MountKey::gid, MountKey::mode})
      if (const MountOption* const option = mount->option(key); option != nullptr && !option->expanded) return;
    if (first == nullptr) {
      first = mount;
      continue;
    }
    const bool same = mount->uid == first->uid && mount->gid == first->gid && mount->mode == first->mode;
    // Two users may want two caches.
    if (same || mount->run->before.user.uid != first->run->before.user.uid) continue;
    cx.report(mount->flag->range, "another owner or mode makes this another cache than the one with the same id")
        .label(first->flag->range, "the one")
        .note("uid, gid and mode are part of what a cache is: with others, an empty one is made");
    return;
  }
}

void check(RuleContext& cx) {
  std::optional<Directories> directories;
  for (const Cache& cache : cx.model().caches()) {
    if (cache.mounts.size() < 2) continue;
    if (!directories) directories.emplace(cx);
    check_directories(cache, *directories, cx);
    check_libc(cache, *directories, cx);
    check_owner(cache, cx);
  }
  if (cx.neighbours().users().empty()) return;
  if (!directories) directories.emplace(cx);
  check_neighbours(*directories, cx);
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
