// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/lock_order.hpp"
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <map>

namespace dockerlint::rules {
namespace {

const Mount* mount_of(const CacheUser& user, const Neighbours& neighbours) {
  for (const Neighbours::Own& own : neighbours.users())
    if (own.user == &user) return own.mount;
  return nullptr;
}

void report(const CacheUser& first, const CacheUser& second, CacheUserPlace other, const Neighbours::Own& own,
            RuleContext& cx) {
  const Neighbours& neighbours = cx.neighbours();
  const Mount* const mount = mount_of(second, neighbours);
  const Mount* const before = mount_of(first, neighbours);
  if (mount == nullptr || before == nullptr) return;
  const bool together = neighbours.are_together(*own.variant, neighbours.all().variant(other));
  cx.report(mount->flag->range,
            "{} locks these two caches in opposite order: the builds can wait for each other for good",
            neighbours.name(other))
      .at(together ? Severity::error : Severity::warning)
      .label(before->flag->range, "locked first here, by its target")
      .label(neighbours.place(other, fmt::format("locks `{}` first", second.id)))
      .note(
          "BuildKit takes the locks of a RUN in the order of its targets; give each cache the same target everywhere");
}

void report(const Mount& first, const Mount& second, const Mount& earlier_first, const Mount& earlier_second,
            RuleContext& cx) {
  // Steps of one stage run one after the other: they meet only when two builds do.
  const bool one_build = !is_built_on(*first.run->stage, *earlier_first.run->stage);
  cx.report(second.flag->range, "two RUNs lock two caches in opposite order, and can wait for each other for good")
      .at(one_build ? Severity::error : Severity::warning)
      .label(first.flag->range, "locked first here, by its target")
      .label(earlier_second.flag->range, "locked second there")
      .label(earlier_first.flag->range, "locked first there")
      .note(
          "BuildKit takes the locks of a RUN in the order of its targets; give each cache the same target everywhere");
}

/// Where a RUN of a file before this one takes two locks of a RUN of this file in the opposite order.
void check_neighbours(RuleContext& cx) {
  const Neighbours& neighbours = cx.neighbours();
  std::vector<std::pair<const CacheVariant*, TextSize>> seen;  // RUNs
  std::vector<std::pair<std::string_view, std::string_view>> said;
  for (const Neighbours::Own& own : neighbours.users()) {
    const std::pair run{own.variant, own.user->run};
    if (own.user->mode != Sharing::locked || std::find(seen.begin(), seen.end(), run) != seen.end()) continue;
    seen.push_back(run);
    const auto locks = locks_of_run(*own.variant, own.user->run);
    for (std::size_t i = 0; i < locks.size(); ++i)
      for (std::size_t j = i + 1; j < locks.size(); ++j) {
        const std::pair<std::string_view, std::string_view> ids{locks[i]->id, locks[j]->id};
        const FirstUsers* const crossed = neighbours.all().locks(ids.second, ids.first);
        const CacheUserPlace* const other = crossed != nullptr ? crossed->before(neighbours.file()) : nullptr;
        if (other == nullptr) continue;
        if (std::find(said.begin(), said.end(), ids) != said.end()) continue;
        said.push_back(ids);
        report(*locks[i], *locks[j], *other, own, cx);
      }
  }
}

/// The locks that a RUN waits for, in this order: not for one that it has already.
std::vector<const Mount*> waited_for(const RunStep& run) {
  std::vector<const Mount*> locks;
  for (const Mount* const lock : locks_of(run))
    if (std::none_of(locks.begin(), locks.end(), [&](const Mount* other) { return other->cache == lock->cache; }))
      locks.push_back(lock);
  return locks;
}

void check(RuleContext& cx) {
  check_neighbours(cx);
  std::map<std::pair<const Cache*, const Cache*>, std::pair<const Mount*, const Mount*>> orders;
  for (const Stage& stage : cx.model().stages()) {
    for (const RunStep& run : stage.runs) {
      const std::vector<const Mount*> locks = waited_for(run);
      for (std::size_t i = 0; i < locks.size(); ++i) {
        for (std::size_t j = i + 1; j < locks.size(); ++j) {
          orders.try_emplace({locks[i]->cache, locks[j]->cache}, locks[i], locks[j]);
          const auto crossed = orders.find({locks[j]->cache, locks[i]->cache});
          if (crossed == orders.end()) continue;
          report(*locks[i], *locks[j], *crossed->second.first, *crossed->second.second, cx);
          orders.erase(crossed);  // said once
        }
      }
    }
  }
}

}  // namespace

extern constinit const Rule cache_crossed_locks{
    .name = "cache/crossed-locks",
    .summary = "RUNs that lock two caches in opposite order",
    .severity = Severity::error,
    .fix = FixKind::none,
    .since = "0.1.0",
    .of_projects = true,
    .check = check,
};

}  // namespace dockerlint::rules
