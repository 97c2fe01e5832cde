// SPDX-License-Identifier: Apache-2.0
#pragma once
// All that goes with a new cache mount, so that nothing is worse than before: who else needs the directory, the
// commands that would empty it, the options that turn the cache off, the image's hook that deletes what is in it.

#include "dockerlint/cache_use.hpp"
#include "dockerlint/diagnostic.hpp"
#include "dockerlint/effects.hpp"
#include "dockerlint/model.hpp"

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint {

struct MountPlan {
  Applicability applicability = Applicability::safe;
  std::vector<TextEdit> edits;  // empty: it cannot be done
  std::string title;
  std::string why_not;  // what stands in the way, where that is worth saying
};

/// Makes the plans of one file.
class MountPlanner {
 public:
  /// All must outlive the planner.
  MountPlanner(const Model& model, const Catalog& catalog, const Effects& effects)
      : model_(model), catalog_(catalog), effects_(effects) {}

  /// Gives the RUN mounts on what it fills; `sibling`, if there is one, is the mount that they go with. RUNs are to
  /// be asked for in the order of the file: apt's hook is taken out once. None is made in a file of more than 1,000 commands.
  MountPlan plan(const RunStep& run, std::span<const CacheUse> uses, const Mount* sibling = nullptr);

 private:
  class Work;
  const std::vector<CacheUse>& filled(const RunStep& run);
  bool is_too_large();
  const Mount* mounted_elsewhere(const CacheUse& use);

  const Model& model_;
  const Catalog& catalog_;
  const Effects& effects_;
  std::map<const RunStep*, std::vector<CacheUse>> filled_;
  std::map<std::string_view, const Mount*> targets_;  // the first mount of each; null: under several ids
  bool targets_known_ = false;
  std::size_t commands_ = 0;               // of the file; 0: not counted yet
  std::set<const RunStep*> without_hook_;  // RUNs that a plan lets take it out
};

}  // namespace dockerlint
