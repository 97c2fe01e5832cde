// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the commands of a RUN do with the caches of their tools: which they fill, in a mount or not, and which
// of the mounted they empty. Only what surely is so: a place that nobody knows is left out.

#include "dockerlint/catalog.hpp"
#include "dockerlint/commands.hpp"
#include "dockerlint/model.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint {

/// A directory that a command fills.
struct CacheUse {
  const RunCommand* command = nullptr;
  ToolUse use{};
  const CacheDir* directory = nullptr;
  std::string path;              // where the command has it: absolute and clean
  const Mount* mount = nullptr;  // that covers it, of any type; null when none does
};

/// What the commands of the RUN fill, in their order. Commands that may not run are left out, and places that
/// something unknown could move.
std::vector<CacheUse> filled_caches(const RunStep& run, const Catalog& catalog);

/// Whether the directory is a cache in the narrow sense: it may be lost at any time, and nothing is missing.
bool is_disposable(const CacheDir& directory);

/// Whether it is one that a RUN should have in a mount.
bool should_be_mounted(const CacheDir& directory);

/// A command that deletes what is in a cache mount of its own RUN.
struct Emptying {
  const RunCommand* command = nullptr;
  const CommandWord* word = nullptr;  // the path that is deleted; null: the tool's own cleaning
  const Mount* mount = nullptr;
  std::string path;          // what is deleted, or all below it
  bool everything = false;   // more than is in the mount: a directory above it
  bool mount_point = false;  // the mounted directory itself, which cannot be removed
};

/// All of one RUN, one for each path that a command deletes.
std::vector<Emptying> emptied_mounts(const RunStep& run, const Catalog& catalog);

/// What a command deletes by its words: `rm`, or a tool's own cleaning.
struct Deletion {
  const RunCommand* command = nullptr;
  const CommandWord* word = nullptr;    // of `rm`; null: the whole command
  const CacheDir* directory = nullptr;  // of a tool's own cleaning
  std::string path;                     // absolute and clean; of a pattern the directory that it stands in
  std::string_view pattern;             // "*", "*.deb"; empty: the path itself goes
};

/// All that the RUN's commands are known to delete.
std::vector<Deletion> deletions(const RunStep& run, const Catalog& catalog);

/// Which RUNs may empty a cache. No other build survives that, which uses the cache at the same time: with
/// `npm cache clean` beside them, 4 of 4 installs failed.
class EmptyingRuns {
 public:
  explicit EmptyingRuns(const Catalog& catalog) : catalog_(catalog) {}
  /// True where the script is not understood.
  bool contains(const RunStep& run);

 private:
  const Catalog& catalog_;
  std::map<const RunStep*, bool> known_;
};

/// A directory that goes with one that is mounted, and is not mounted itself.
struct MissingCompanion {
  const Mount* mount = nullptr;       // the sibling
  const CacheDir* mounted = nullptr;  // what is in it
  const Companion* companion = nullptr;
  CacheUse use;
};

/// What the catalog says should be mounted together, of what the RUN fills.
std::vector<MissingCompanion> missing_companions(const RunStep& run, const Catalog& catalog);

/// What the RUN fills and has in no mount, where a mount would do good: one for each directory. Nothing where
/// another mount of the RUN shows that its author has thought of it: one that is of the same tool but elsewhere,
/// below the directory, or nobody knows where; or where missing_companions() speaks.
std::vector<CacheUse> unmounted_caches(const RunStep& run, const Catalog& catalog);

/// A locked mount of the same tool that each RUN of the file has, which uses the mount's cache: they wait for each
/// other there, however this one is shared. Null when there is none.
const Mount* lock_beside(const Mount& mount, const Catalog& catalog);

/// Whether the image's hook of apt, docker-clean, deletes the packages that the RUN's commands download: the
/// image is known to have it, and nothing before the command is known to take it away.
bool docker_clean_deletes(const Model& model, const RunStep& run);

}  // namespace dockerlint
