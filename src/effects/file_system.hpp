// SPDX-License-Identifier: Apache-2.0
#pragma once
// The files of one stage as its steps change them, in the order of the file. Looking a path up costs its depth.

#include "dockerlint/cache_use.hpp"
#include "dockerlint/effects.hpp"

#include <cstddef>
#include <memory_resource>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace dockerlint {

class FileSystem {
 public:
  /// Where the events of all stages stand in time. Larger is later.
  using Time = std::size_t;
  static constexpr Time kEnd = static_cast<Time>(-1);

  /// All must outlive it.
  FileSystem(const Stage& stage, const FileSystem* parent, std::pmr::memory_resource& memory)
      : stage_(&stage),
        parent_(parent),
        files_(&memory),
        trees_(&memory),
        in_mounts_(&memory),
        first_below_(&memory),
        mounts_(&memory) {}

  void add(const PathWrite& write, Time time);
  /// A RUN that has `mount` begins.
  void add_mount(const Mount& mount, Time time);

  /// What is at the path for one who looks at `time`, from the RUN `run` if it is one: it sees its own mounts.
  Content content(std::string_view path, Time time, const RunStep* run, int depth = 0) const;

  /// The file systems of stages that are copied from, by the stage's index.
  void set_others(const std::vector<FileSystem>& others) { others_ = &others; }

 private:
  struct Event {
    Time time;
    const PathWrite* write;
  };
  struct Mounted {
    Time time;
    const Mount* mount;
  };
  class Search;

  Content of_copy(const PathWrite& copy, std::string_view path, int depth) const;

  const Stage* stage_;
  const FileSystem* parent_;
  const std::vector<FileSystem>* others_ = nullptr;
  using Events = std::pmr::unordered_map<std::string_view, std::pmr::vector<Event>>;

  Events files_;      // writes of one path, by it
  Events trees_;      // what also concerns all below its path, by it
  Events in_mounts_;  // writes into mounts, by each directory above them up to the mount
  std::pmr::unordered_map<std::string_view, Event>
      first_below_;  // the first write outside mounts, by each directory above
  std::pmr::unordered_map<std::string_view, std::pmr::vector<Mounted>> mounts_;
};

}  // namespace dockerlint
