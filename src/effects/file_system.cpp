// SPDX-License-Identifier: Apache-2.0
#include "effects/file_system.hpp"

#include <algorithm>
#include <array>

namespace dockerlint {
namespace {

/// No path that anyone writes is deeper; what is deeper is unknown.
constexpr std::size_t kMaxParts = 64;
/// Events at one path that are looked through, from the last: with more than that of one kind, nothing is said.
constexpr int kMaxEvents = 200;
constexpr int kMaxStages = 64;

std::string_view parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == path.npos || path == "/") return {};
  return slash == 0 ? path.substr(0, 1) : path.substr(0, slash);
}

}  // namespace

bool lies_in(std::string_view path, std::string_view directory) {
  if (directory == "/") return path.starts_with('/');
  return path.starts_with(directory) && (path.size() == directory.size() || path[directory.size()] == '/');
}

const Mount* covering_mount(const RunStep& run, std::string_view path) {
  const Mount* innermost = nullptr;
  for (const Mount& mount : run.mounts)
    if (mount.valid && mount.target && lies_in(path, *mount.target) &&
        (innermost == nullptr || mount.target->size() >= innermost->target->size()))
      innermost = &mount;
  return innermost;
}

void FileSystem::add(const PathWrite& write, Time time) {
  (write.kind == WriteKind::file ? files_ : trees_)[write.path].push_back({time, &write});
  if (write.kind == WriteKind::removal || write.kind == WriteKind::may) return;
  std::size_t parts = 0;
  for (std::string_view above = parent_of(write.path); !above.empty() && parts < kMaxParts; above = parent_of(above)) {
    ++parts;
    if (write.mount == nullptr) {
      if (!first_below_.try_emplace(above, Event{time, &write}).second) return;  // nor in what is above that
      continue;
    }
    if (!lies_in(above, *write.mount->target)) return;
    in_mounts_[above].push_back({time, &write});
  }
}

void FileSystem::add_mount(const Mount& mount, Time time) {
  if (mount.valid && mount.target) mounts_[*mount.target].push_back({time, &mount});
}

/// Goes back in time through all that may have touched one path.
class FileSystem::Search {
 public:
  Search(const FileSystem& files, std::string_view path, Time time) {
    if (const auto it = files.files_.find(path); it != files.files_.end()) add(it->second, time);
    for (std::string_view above = path; !above.empty(); above = parent_of(above)) {
      if (count_ == kMaxParts) {
        too_deep_ = true;
        return;
      }
      if (const auto it = files.trees_.find(above); it != files.trees_.end()) add(it->second, time);
    }
  }

  bool too_deep() const { return too_deep_; }

  /// The next event, from the last to the first; null when there is none.
  const PathWrite* next() {
    Source* latest = nullptr;
    for (std::size_t i = 0; i < count_; ++i)
      if (sources_[i].left > 0 && (latest == nullptr || sources_[i].time() > latest->time())) latest = &sources_[i];
    return latest == nullptr ? nullptr : (*latest->events)[--latest->left].write;
  }

 private:
  struct Source {
    const std::pmr::vector<Event>* events = nullptr;
    std::size_t left = 0;
    Time time() const { return (*events)[left - 1].time; }
  };

  void add(const std::pmr::vector<Event>& events, Time time) {
    const auto end =
        std::partition_point(events.begin(), events.end(), [time](const Event& event) { return event.time < time; });
    sources_[count_++] = {&events, static_cast<std::size_t>(end - events.begin())};
  }

  std::array<Source, kMaxParts> sources_;
  std::size_t count_ = 0;
  bool too_deep_ = false;
};

Content FileSystem::of_copy(const PathWrite& copy, std::string_view path, int depth) const {
  if (copy.from == nullptr || others_ == nullptr) return {Content::Where::layer, &copy, nullptr};
  std::string there(copy.from_path);
  const std::string_view rest = path.substr(copy.path == "/" ? 0 : copy.path.size());
  if (there == "/") there.clear();
  there += rest;
  const Content content = (*others_)[copy.from->index].content(there.empty() ? "/" : there, kEnd, nullptr, depth + 1);
  // What is nowhere there is not here either; what is there is in a layer here.
  if (content.where == Content::Where::mount || content.where == Content::Where::absent ||
      content.where == Content::Where::unknown)
    return content;
  return {Content::Where::layer, &copy, nullptr};
}

Content FileSystem::content(std::string_view path, Time time, const RunStep* run, int depth) const {
  using Where = Content::Where;
  if (depth > kMaxStages) return {};
  Search search(*this, path, time);
  if (search.too_deep()) return {};

  const Mount* const own = run != nullptr ? covering_mount(*run, path) : nullptr;
  if (own != nullptr && own->type != MountType::cache) return {Where::context, nullptr, own};

  // What a RUN did to the path inside a mount of its own is in no layer; it tells who fills the mount.
  Content mounted;
  const PathWrite* hearsay = nullptr;  // the last that may have brought it along, and does not name it
  int looked_at = 0;
  while (const PathWrite* const write = search.next()) {
    if (++looked_at > kMaxEvents) return {};
    const Mount* const mount = write->run != nullptr ? covering_mount(*write->run, path) : nullptr;
    const bool same = own != nullptr && mount != nullptr && own->cache == mount->cache && own->cache != nullptr;
    if (own != nullptr && !same) continue;  // hidden by the mount
    if (mount != nullptr) {
      if (mount->type == MountType::bind) continue;
      const bool writes = write->kind == WriteKind::file || write->kind == WriteKind::tree;
      if (writes && mounted.write == nullptr) mounted = {Where::mount, write, own != nullptr ? own : mount};
      continue;
    }
    // What a tool is known to make in a mount, `COPY . .` is not expected to bring: it is left out of the context.
    const bool named = write->path.size() == path.size();
    if ((mounted.write != nullptr || hearsay != nullptr) && !named) {
      if (write->kind == WriteKind::removal) break;
      continue;
    }
    if (write->kind == WriteKind::context && !named) {
      hearsay = write;
      continue;
    }
    switch (write->kind) {
      case WriteKind::removal: return {write->conditional ? Where::unknown : Where::absent, write, nullptr};
      case WriteKind::may: return {Where::unknown, write, nullptr};
      case WriteKind::context: return {Where::context, write, nullptr};
      case WriteKind::file:
      case WriteKind::tree:
        if (write->conditional) return {Where::unknown, write, nullptr};
        return write->from != nullptr ? of_copy(*write, path, depth) : Content{Where::layer, write, nullptr};
    }
  }
  if (mounted.write != nullptr) return mounted;
  // A directory that a RUN has filled in its mount: the last thing put below it.
  if (const auto it = in_mounts_.find(path); it != in_mounts_.end()) {
    const auto next = std::partition_point(it->second.begin(), it->second.end(),
                                           [time](const Event& event) { return event.time < time; });
    const PathWrite* const write = next == it->second.begin() ? nullptr : std::prev(next)->write;
    if (write != nullptr && write->mount->type != MountType::bind) {
      if (own == nullptr) return {Where::mount, write, write->mount};
      if (own->cache != nullptr && own->cache == write->mount->cache) return {Where::mount, write, own};
    }
  }
  if (hearsay != nullptr) return {Where::context, hearsay, nullptr};
  if (own != nullptr) return {Where::mount, nullptr, own};

  // A directory is there when something is below it.
  if (const auto it = first_below_.find(path); it != first_below_.end() && it->second.time < time)
    return {Where::layer, it->second.write, nullptr};

  for (std::string_view above = path; !above.empty(); above = parent_of(above)) {
    const auto it = mounts_.find(above);
    if (it == mounts_.end() || it->second.front().time >= time) continue;
    const Mount* const mount = it->second.front().mount;
    if (mount->type != MountType::bind) return {Where::mount, nullptr, mount};
  }
  if (parent_ != nullptr) return parent_->content(path, kEnd, nullptr, depth + 1);
  return {stage_->base && *stage_->base == "scratch" ? Where::absent : Where::base, nullptr, nullptr};
}

}  // namespace dockerlint
