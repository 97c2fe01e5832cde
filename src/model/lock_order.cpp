// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/lock_order.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace dockerlint {

std::vector<const Mount*> locks_of(const RunStep& run) {
  constexpr std::size_t kMostLocks = 32;
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
    const std::vector<const Mount*> locks = locks_of(*mount->run);
    for (std::size_t i = 0; i < locks.size(); ++i)
      for (std::size_t j = i + 1; j < locks.size(); ++j) {
        if (chosen.contains(locks[i]) == chosen.contains(locks[j])) continue;
        const bool other_first = chosen.contains(locks[j]);
        Orders& of_other = orders[other_first ? locks[i]->cache : locks[j]->cache];
        (other_first ? of_other.first : of_other.second) = true;
        if (of_other.first && of_other.second) return true;
      }
  }
  return false;
}

}  // namespace dockerlint
