// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where tools have their directories, as the steps of a file tell: by what the catalog says, by what an earlier
// command has configured, and by what the author mounts.

#include "dockerlint/catalog.hpp"
#include "dockerlint/commands.hpp"

#include <map>
#include <string>
#include <utility>

namespace dockerlint {

class ToolPlaces {
 public:
  explicit ToolPlaces(const Catalog& catalog) : catalog_(catalog) {}

  /// A stage begins, with the configuration of the one that it is built on.
  void begin(const Stage& stage) { stage_ = &stage; }

  /// Where the command has the directory; empty when nobody can say.
  std::string place(const RunCommand& command, const CacheDir& directory);

  /// Remembers what the command configures for those after it: `bundle config set path vendor/bundle`.
  void configure(const RunCommand& command);

 private:
  const std::string* configured(const CacheDir& directory) const;

  const Catalog& catalog_;
  const Stage* stage_ = nullptr;
  std::map<std::pair<const CacheDir*, std::string>, bool> mounted_;  // usual places that a mount was made for
  std::map<std::pair<const Stage*, const CacheDir*>, std::string> configured_;
};

}  // namespace dockerlint
