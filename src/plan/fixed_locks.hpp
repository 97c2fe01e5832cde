// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which locks the steps of a log take once the files are fixed.

#include "plan/log_links.hpp"

#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace dockerlint::plan {

class FixedLocks {
 public:
  /// `plan` and `chains` must outlive it.
  FixedLocks(const Plan& plan, const Plan& fixed, const Chains& chains);

  /// The steps that follow are of this log.
  void begin(const BuildLog& log);
  /// Ids. A step that the plan does not know keeps those that it has.
  std::vector<std::string> of(const LoggedStep& step);
  /// What the plan would do about a lock; empty: nothing.
  std::string fix_of(const std::string& id) const;
  /// RUNs in the logs have caches, and none of them is in the plan.
  bool is_foreign() const { return unknown_ > 0 && known_ == 0; }

 private:
  struct Mount {
    LineColumn at;
    std::string id, mode;
  };
  using Key = std::tuple<std::string, std::string, std::string>;  // what is built, stage, target
  using Mounts = std::map<Key, std::vector<Mount>>;               // in the order of their file
  static Mounts mounts_of(const Plan& plan);

  std::string built_by(const LoggedStep& step, const Chain& chain, const LoggedMount& mount);

  const Plan& plan_;
  const Chains& chains_;
  Mounts mounts_, fixed_;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> builds_;   // by stage and target
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> numbers_;  // of this log's: chain, target
  /// Logs of single builds, which do not say what they build: each is another of those that it may be.
  std::map<std::pair<std::string, std::string>, std::map<std::pair<std::size_t, std::size_t>, std::size_t>> taken_;
  std::size_t logs_ = 0, known_ = 0, unknown_ = 0;
};

}  // namespace dockerlint::plan
