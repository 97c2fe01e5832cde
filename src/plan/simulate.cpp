// SPDX-License-Identifier: Apache-2.0
#include "plan/simulate.hpp"

#include "plan/fixed_locks.hpp"
#include "plan/log_links.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace dockerlint::plan {
namespace {

using Micro = std::int64_t;

struct Step {
  Micro work = 0, delay = 0;
  bool of_dockerfile = false;
  std::vector<std::size_t> inputs;
  std::vector<std::size_t> locks;        // indices of ids
  std::vector<std::size_t> fixed_locks;  // the same in the fixed files
};

using Locks = std::vector<std::vector<std::size_t>>;  // of each step

struct Run {
  Micro end = 0;
  std::map<std::size_t, Micro> waited;  // by lock
};

/// When the locks of all logs were given back. Who holds one is told as running from when it began to wait: its work
/// begins when the last that had the lock before it is done, unless it has printed something by then.
class LockTimes {
 public:
  explicit LockTimes(std::span<const BuildLog> logs) {
    for (const BuildLog& log : logs)
      if (!log.has_clock) slack_ = kSlack;
    for (const BuildLog& log : logs)
      for (const LoggedStep& step : log.steps)
        for (const LoggedMount& mount : step.mounts)
          if (mount.locked && !step.cached) ends_[mount.id].push_back({step.ended, &step});
    for (auto& [id, ends] : ends_)
      std::stable_sort(ends.begin(), ends.end(), [](const End& a, const End& b) { return a.at < b.at; });
  }

  Micro work(const LoggedStep& step) const {
    if (step.cached || step.ended == 0) return 0;
    Micro begin = step.began;
    for (const LoggedMount& mount : step.mounts) {
      if (!mount.locked) continue;
      const auto& ends = ends_.at(mount.id);
      const Micro latest = step.spoke ? std::min(*step.spoke + slack_, step.ended) : step.ended;
      auto after =
          std::upper_bound(ends.begin(), ends.end(), latest, [](Micro at, const End& end) { return at < end.at; });
      const auto own = std::find_if(
          std::lower_bound(ends.begin(), after, step.ended, [](const End& end, Micro at) { return end.at < at; }),
          after, [&](const End& end) { return end.step == &step; });
      if (own != after) after = own;
      if (after != ends.begin()) begin = std::max(begin, std::prev(after)->at);
    }
    return step.ended - begin;
  }

 private:
  struct End {
    Micro at;
    const LoggedStep* step;
  };
  static constexpr Micro kSlack = 500000;  // tenths of seconds add up
  std::map<std::string, std::vector<End>> ends_;
  Micro slack_ = 0;
};

class Builds {
 public:
  Builds(std::span<const BuildLog> logs, FixedLocks& fixed) : times_(logs) {
    for (const BuildLog& log : logs) add(log, fixed);
  }

  const std::vector<Step>& steps() const { return steps_; }
  const std::vector<std::string>& ids() const { return ids_; }
  std::size_t cached() const { return cached_; }

  Locks locks(std::vector<std::size_t> Step::*of) const {
    Locks locks;
    for (const Step& step : steps_) locks.push_back(step.*of);
    return locks;
  }

  /// All begin as soon as they may; of two that want one lock, who could begin first has it first.
  Run run(const Locks& locks) const {
    Run run;
    std::vector<Micro> ready(steps_.size(), 0);
    std::vector<std::size_t> missing(steps_.size());
    std::vector<std::vector<std::size_t>> next(steps_.size());
    std::set<std::pair<Micro, std::size_t>> waiting;  // when it could begin, which
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      missing[i] = steps_[i].inputs.size();
      for (const std::size_t input : steps_[i].inputs) next[input].push_back(i);
      if (missing[i] == 0) waiting.emplace(steps_[i].delay, i);
    }
    std::map<std::size_t, Micro> free;  // when each lock is
    while (!waiting.empty()) {
      const auto [could, i] = *waiting.begin();
      waiting.erase(waiting.begin());
      Micro begin = could;
      for (const std::size_t lock : locks[i]) begin = std::max(begin, free[lock]);
      const Micro end = begin + steps_[i].work;
      for (const std::size_t lock : locks[i]) {
        if (free[lock] > could) run.waited[lock] += free[lock] - could;
        free[lock] = end;
      }
      run.end = std::max(run.end, end);
      for (const std::size_t after : next[i]) {
        ready[after] = std::max(ready[after], end);
        if (--missing[after] == 0) waiting.emplace(ready[after], after);
      }
    }
    return run;
  }

 private:
  void add(const BuildLog& log, FixedLocks& fixed) {
    std::vector<std::size_t> index(log.steps.size());
    std::vector<bool> is_new(log.steps.size());
    fixed.begin(log);
    for (std::size_t i = 0; i < log.steps.size(); ++i) {
      const LoggedStep& logged = log.steps[i];
      const auto known = logged.key.empty() ? by_key_.end() : by_key_.find(logged.key);
      if (known != by_key_.end()) {  // two logs have it
        index[i] = known->second;
        steps_[index[i]].work = std::max(steps_[index[i]].work, times_.work(logged));
        continue;
      }
      is_new[i] = true;
      index[i] = steps_.size();
      if (!logged.key.empty()) by_key_[logged.key] = index[i];
      cached_ += logged.cached && logged.of > 0 && !logged.text.starts_with("FROM ");
      Step& step = steps_.emplace_back();
      step.work = times_.work(logged);
      step.delay = logged.delay;
      step.of_dockerfile = logged.of > 0;
      for (const LoggedMount& mount : logged.mounts)
        if (mount.locked) add_new(step.locks, id(mount.id));
      for (const std::string& lock : fixed.of(logged)) add_new(step.fixed_locks, id(lock));
    }
    for (std::size_t i = 0; i < log.steps.size(); ++i)
      if (is_new[i])
        for (const std::size_t input : log.steps[i].inputs)
          if (index[input] != index[i]) add_new(steps_[index[i]].inputs, index[input]);
  }

  static void add_new(std::vector<std::size_t>& all, std::size_t one) {
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
  }

  std::size_t id(const std::string& id) {
    const auto [entry, is_new] = by_id_.try_emplace(id, ids_.size());
    if (is_new) ids_.push_back(id);
    return entry->second;
  }

  LockTimes times_;
  std::vector<Step> steps_;
  std::vector<std::string> ids_;
  std::map<std::string, std::size_t> by_key_, by_id_;
  std::size_t cached_ = 0;
};

/// What each lock costs in a run that takes as long as `run`.
class Costs {
 public:
  Costs(const Builds& builds, Locks locks) : builds_(builds), locks_(std::move(locks)), run_(builds.run(locks_)) {
    for (std::size_t i = 0; i < locks_.size(); ++i)
      for (const std::size_t lock : locks_[i]) users_[lock].push_back(i);
  }

  const Run& run() const { return run_; }
  bool has(std::size_t lock) const { return users_.contains(lock); }

  LockCost of(std::size_t lock) const {
    LockCost cost;
    cost.id = builds_.ids()[lock];
    for (const std::size_t user : users_.at(lock)) {
      ++cost.steps;
      cost.held += builds_.steps()[user].work;
    }
    if (const auto waited = run_.waited.find(lock); waited != run_.waited.end()) cost.waited = waited->second;
    return cost;
  }

  Micro gain_without(std::size_t lock) const {
    Locks without = locks_;
    for (const std::size_t user : users_.at(lock)) std::erase(without[user], lock);
    return std::max<Micro>(0, run_.end - builds_.run(without).end);
  }

 private:
  const Builds& builds_;
  Locks locks_;
  Run run_;
  std::map<std::size_t, std::vector<std::size_t>> users_;
};

/// What costs nothing is not worth a run, and nobody reads on after these.
constexpr std::size_t kMostLocks = 64;

}  // namespace

Simulation simulate(std::span<const BuildLog> logs, const Plan& plan, const Plan& fixed_plan) {
  const Chains chains(plan);
  std::vector<BuildLog> linked(logs.begin(), logs.end());
  Micro end = 0;
  for (BuildLog& log : linked) end = link_steps(log, plan, chains, end);
  FixedLocks fixed(plan, fixed_plan, chains);
  const Builds builds(linked, fixed);
  const Costs now(builds, builds.locks(&Step::locks)), then(builds, builds.locks(&Step::fixed_locks));
  Simulation result;
  result.has_clock = std::all_of(logs.begin(), logs.end(), [](const BuildLog& log) { return log.has_clock; });
  result.foreign = fixed.is_foreign();
  result.cached = builds.cached();
  for (const Step& step : builds.steps()) result.steps += step.work > 0 && step.of_dockerfile;
  result.as_it_is = now.run().end;
  result.with_fixes = then.run().end;
  result.without_locks = builds.run(Locks(builds.steps().size())).end;
  std::vector<std::pair<std::size_t, LockCost>> locks;
  for (std::size_t lock = 0; lock < builds.ids().size(); ++lock) {
    const bool is_added = !now.has(lock);
    LockCost cost = (is_added ? then : now).of(lock);
    cost.added = is_added;
    if (!is_added) cost.fix = fixed.fix_of(cost.id);
    if (!is_added || cost.steps > 1) locks.emplace_back(lock, std::move(cost));
  }
  std::stable_sort(locks.begin(), locks.end(),
                   [](const auto& a, const auto& b) { return a.second.waited > b.second.waited; });
  if (locks.size() > kMostLocks) locks.resize(kMostLocks);
  for (auto& [lock, cost] : locks) {
    if (cost.waited > 0) cost.costs = (cost.added ? then : now).gain_without(lock);
    result.locks.push_back(std::move(cost));
  }
  std::stable_sort(result.locks.begin(), result.locks.end(), [](const LockCost& a, const LockCost& b) {
    return std::pair(a.costs, a.waited) > std::pair(b.costs, b.waited);
  });
  return result;
}

}  // namespace dockerlint::plan
