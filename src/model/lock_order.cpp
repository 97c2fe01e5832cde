// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/lock_order.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace dockerlint {

std::vector<const Mount*> locks_of(const RunStep& run) {
  std::vector<const Mount*> locks;
  for (const Mount& mount : run.mounts)
    if (mount.is(MountType::cache) && mount.sharing == Sharing::locked && mount.cache != nullptr && mount.target)
      locks.push_back(&mount);
  if (locks.size() > kMostLocks) return {};
  std::stable_sort(locks.begin(), locks.end(), [](const Mount* a, const Mount* b) { return *a->target < *b->target; });
  return locks;
}

bool would_cross_locks(std::span<const Mount* const> apart) {
  struct Orders {
    bool first = false, second = false;  // some RUN takes the cache before, or after, those that are apart
  };
  const std::set<const Mount*> chosen(apart.begin(), apart.end());
  std::map<const Cache*, Orders> orders;
  std::set<const RunStep*> seen;
  for (const Mount* const mount : apart) {
    if (!seen.insert(mount->run).second) continue;
    bool taken = false;          // the lock of those that are apart
    std::set<const Cache*> met;  // a lock that the RUN has already is not waited for
    for (const Mount* const lock : locks_of(*mount->run)) {
      if (chosen.contains(lock)) {
        taken = true;
        continue;
      }
      if (!met.insert(lock->cache).second) continue;
      Orders& of_other = orders[lock->cache];
      (taken ? of_other.second : of_other.first) = true;
      if (of_other.first && of_other.second) return true;
    }
  }
  return false;
}

}  // namespace dockerlint
