// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/c_library.hpp"
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <unordered_map>

namespace dockerlint::rules {
namespace {

constexpr std::size_t kMostMounts = 32;  // of one directory
constexpr std::size_t kMostUsers = 64;   // of an id that are looked through

/// Whether builds may share what is in there: it is fetched, and whoever comes waits for nobody.
bool is_common(const CacheDir& directory) {
  return (directory.kind == DirectoryKind::download || directory.kind == DirectoryKind::metadata) &&
         (directory.concurrency == Concurrency::safe || directory.concurrency == Concurrency::tolerated);
}

bool has_variable(const Mount& mount, MountKey key) {
  const MountOption* const option = mount.option(key);
  return option != nullptr && option->value.find('$') != std::string_view::npos;
}

/// Whether the mount is one to be compared: nothing about it says that it is set apart on purpose.
bool is_plain(const Mount& mount) {
  if (!mount.is(MountType::cache) || !mount.target || !mount.id || mount.cache == nullptr || mount.run->on_build)
    return false;
  if (mount.option(MountKey::from) != nullptr || mount.option(MountKey::source) != nullptr) return false;
  return !has_variable(mount, MountKey::id) && !has_variable(mount, MountKey::target) &&
         !has_variable(mount, MountKey::sharing) && !has_variable(mount, MountKey::uid) &&
         !has_variable(mount, MountKey::gid) && !has_variable(mount, MountKey::mode);
}

bool belong_together(const Mount& a, const Mount& b) {
  if (*a.target != *b.target || a.uid != b.uid || a.gid != b.gid || a.mode != b.mode) return false;
  if (a.sharing.value_or(Sharing::shared) != b.sharing.value_or(Sharing::shared)) return false;
  // What is compiled on the way fits one kind of image.
  const Stage& one = *a.run->stage;
  const Stage& other = *b.run->stage;
  if (&one == &other || (one.base && other.base && *one.base == *other.base)) return true;
  return one.image_facts != nullptr && other.image_facts != nullptr &&
         one.image_facts->family == other.image_facts->family && one.image_facts->libc == other.image_facts->libc &&
         one.image_facts->libc != Libc::unknown;
}

/// Whether the RUN has another mount at that place: nobody knows which of them is filled.
bool is_mounted_twice(const Mount& mount) {
  const auto mounts = std::span(mount.run->mounts);
  return std::count_if(mounts.begin(), mounts.end(), [&](const Mount& one) { return one.target == mount.target; }) > 1;
}

bool is_named(const Mount& mount) {
  const MountOption* const id = mount.option(MountKey::id);
  return id != nullptr && !id->value.empty();
}

TextRange id_of(const Mount& mount) {
  const MountOption* const id = mount.option(MountKey::id);
  return id != nullptr ? id->range : mount.flag->range;
}

/// Another id for the mount. Empty where its cache has users that are not among `mounts`.
std::vector<TextEdit> rename(const Mount& mount, std::string_view id, std::span<const Mount* const> mounts) {
  const auto users = mount.cache->mounts;
  const bool all = users.size() <= mounts.size() && std::all_of(users.begin(), users.end(), [&](const Mount* user) {
                     return std::find(mounts.begin(), mounts.end(), user) != mounts.end();
                   });
  return all ? edit::set_mount_option(mount, MountKey::id, id) : std::vector<TextEdit>();
}

/// The id that most mounts have. Absent when none has more than another.
Value majority(std::span<const Mount* const> mounts) {
  std::unordered_map<const Cache*, std::size_t> uses;
  const Mount* most = mounts.front();
  bool tied = false;
  for (const Mount* const mount : mounts) ++uses[mount->cache];
  for (const Mount* const mount : mounts) {
    if (uses[mount->cache] > uses[most->cache]) {
      most = mount;
      tied = false;
    } else if (mount->cache != most->cache && uses[mount->cache] == uses[most->cache]) {
      tied = true;
    }
  }
  return tied ? std::nullopt : most->id;
}

/// Whether all who have the id have the directory under it, and the id can be written anywhere.
bool can_join(const ProjectCache& cache, const CacheDir* directory) {
  // BuildKit reads flags byte by byte: what is not ASCII comes out otherwise than it is written.
  const bool plain =
      std::all_of(cache.id.begin(), cache.id.end(), [](char c) { return c > ' ' && c < 0x7f && c != ','; });
  return plain && !cache.elsewhere.any() && cache.directories.size() == 1 &&
         cache.directories.front().first == directory;
}

/// Under which id most files of the project have what is in the mount. Null where no other file has it there.
const ProjectCache* usual_of(const Mount& mount, const Neighbours& neighbours) {
  for (const Neighbours::Own& own : neighbours.users()) {
    if (own.mount != &mount) continue;
    const std::string key = scatter_key(*own.user);
    const std::string_view id = key.empty() ? std::string_view() : neighbours.all().usual_id(key);
    const ProjectCache* const usual = id.empty() ? nullptr : neighbours.all().find(id);
    const FirstUsers* const users = usual == nullptr ? nullptr : usual->of(*own.user->cache);
    return users != nullptr && users->besides(neighbours.file()) != nullptr ? usual : nullptr;
  }
  return nullptr;
}

void check(const CacheDir& directory, std::span<const Mount* const> mounts, RuleContext& cx) {
  // Those that belong to the first; the others are left alone.
  std::vector<const Mount*> alike;
  for (const Mount* const mount : mounts)
    if (belong_together(*mount, *mounts.front()) && !is_mounted_twice(*mount)) alike.push_back(mount);
  if (alike.size() < 2) return;
  std::string id(majority(alike).value_or(directory.tool->name));
  // Where only one of them has a name, it was chosen.
  std::vector<std::string_view> names;
  for (const Mount* const mount : alike)
    if (is_named(*mount) && std::find(names.begin(), names.end(), *mount->id) == names.end())
      names.push_back(*mount->id);
  if (names.size() == 1) id = names.front();
  const ProjectCache* const usual = usual_of(*alike.front(), cx.neighbours());
  if (usual != nullptr) id = usual->id;

  const auto caches = cx.model().caches();
  const bool taken = std::any_of(caches.begin(), caches.end(), [&](const Cache& cache) {
    const Mount* const user = cache.mounts.front();
    return user->id == id && std::find(alike.begin(), alike.end(), user) == alike.end();
  });
  // BuildKit reads flags byte by byte: what is not ASCII comes out otherwise than it is written.
  const bool plain = std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7f; });
  std::vector<TextEdit> edits;
  for (const Mount* const mount : alike) {
    if (*mount->id == id || taken || !plain || (usual != nullptr && !can_join(*usual, &directory))) continue;
    const auto more = rename(*mount, id, alike);
    if (more.empty()) {
      edits.clear();
      break;
    }
    edits.insert(edits.end(), more.begin(), more.end());
  }
  std::vector<const Cache*> seen{alike.front()->cache};
  for (const Mount* const mount : alike) {
    if (std::find(seen.begin(), seen.end(), mount->cache) != seen.end()) continue;
    seen.push_back(mount->cache);
    Diagnostic& found =
        cx.report(id_of(*mount), "{} is here under another id, and is filled once more", directory.what);
    found.label(id_of(*alike.front()), "and here");
    found.note("nothing in it depends on the stage: under one id, each finds what the other has fetched");
    if (!edits.empty()) found.suggest(Applicability::safe, fmt::format("say id={}", id), edits);
  }
}

/// Another id for all that use the cache in this file, as most files of the project have it. Empty where that id, or
/// this cache, is used for something else, too.
std::vector<TextEdit> as_usual(const Neighbours::Own& own, const ProjectCache& usual, const std::string& key,
                               const Neighbours& neighbours) {
  std::vector<TextEdit> edits;
  const std::string_view id = usual.id;
  if (!can_join(usual, own.user->directory) || own.mount->cache == nullptr ||
      own.mount->cache->mounts.size() > kMostMounts)
    return {};
  for (const Neighbours::Own& other : neighbours.users())
    if (other.user->id == id || (other.user->id == own.user->id && scatter_key(*other.user) != key)) return {};
  for (const Mount* const mount : own.mount->cache->mounts) {
    const auto more = edit::set_mount_option(*mount, MountKey::id, id);
    edits.insert(edits.end(), more.begin(), more.end());
  }
  return edits;
}

/// Who in another file has the usual id for the same. Null where images of two C libraries have it that cannot share
/// what is compiled: one of them has to go.
const CacheUserPlace* user_of(const ProjectCache& usual, const std::string& key, const CacheDir& directory,
                              const Neighbours& neighbours) {
  if (holds_binaries(directory) && usual.by_libc[0].any() && usual.by_libc[1].any()) return nullptr;
  for (std::size_t i = 0; i < std::min(usual.users.size(), kMostUsers); ++i)
    if (usual.users[i].file != neighbours.file() && scatter_key(neighbours.all().user(usual.users[i])) == key)
      return &usual.users[i];
  return nullptr;
}

/// What the file has under one id, and most files of the project under another.
void check_neighbours(RuleContext& cx) {
  const Neighbours& neighbours = cx.neighbours();
  std::vector<std::pair<std::string, std::string_view>> seen;  // keys with ids
  for (const Neighbours::Own& own : neighbours.users()) {
    std::string key = scatter_key(*own.user);
    if (!key.empty()) seen.emplace_back(std::move(key), own.user->id);
  }
  std::vector<std::string_view> said;
  for (const Neighbours::Own& own : neighbours.users()) {
    const std::string key = scatter_key(*own.user);
    const std::string_view id = key.empty() ? std::string_view() : neighbours.all().usual_id(key);
    const ProjectCache* const usual = id.empty() ? nullptr : neighbours.all().find(id);
    if (usual == nullptr || id == own.user->id || std::find(said.begin(), said.end(), own.user->id) != said.end())
      continue;
    const bool several = std::any_of(seen.begin(), seen.end(), [&](const auto& other) {
      return other.first == key && other.second != own.user->id;
    });
    if (several) continue;
    const CacheUserPlace* const other = user_of(*usual, key, *own.user->cache, neighbours);
    if (other == nullptr) continue;
    said.push_back(own.user->id);
    Diagnostic& found = cx.report(id_of(*own.mount), "{} is in {} under another id, and is filled once more here",
                                  own.user->cache->what, neighbours.name(*other));
    found.label(neighbours.place(*other, fmt::format("under `{}` here", id)));
    found.note("nothing in it depends on the image: under one id, each build finds what the other has fetched");
    if (auto edits = as_usual(own, *usual, key, neighbours); !edits.empty())
      found.suggest(Applicability::safe, fmt::format("say id={}", id), std::move(edits));
  }
}

void check(RuleContext& cx) {
  std::vector<const CacheDir*> order;
  std::unordered_map<const CacheDir*, std::vector<const Mount*>> mounts;
  for (const Cache& cache : cx.model().caches())
    for (const Mount* const mount : cache.mounts) {
      if (!is_plain(*mount)) continue;
      const CacheDir* const directory = cx.catalog().cache_of(*mount);
      if (directory == nullptr || !is_common(*directory)) continue;
      auto& of_directory = mounts[directory];
      if (of_directory.empty()) order.push_back(directory);
      if (of_directory.size() < kMostMounts) of_directory.push_back(mount);
    }
  for (const CacheDir* const directory : order) check(*directory, mounts[directory], cx);
  check_neighbours(cx);
}

}  // namespace

extern constinit const Rule cache_scattered_ids{
    .name = "cache/scattered-ids",
    .summary = "one download cache under several ids, each of which is filled anew",
    .severity = Severity::info,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .of_projects = true,
    .check = check,
};

}  // namespace dockerlint::rules
