// SPDX-License-Identifier: Apache-2.0
#include "plan/simulate.hpp"

#include "report/json_text.hpp"
#include "report/reporters.hpp"
#include "report/visible.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace dockerlint::plan {
namespace {

using Micro = std::int64_t;

struct Step {
  Micro work = 0;
  std::vector<std::size_t> inputs;
  std::vector<std::size_t> locks;  // indices of ids
  std::string chain;
};

/// What the locks of a run are: an id for each lock of each step. Steps with the same take turns.
using Locks = std::vector<std::vector<std::size_t>>;

struct Run {
  Micro end = 0;
  std::map<std::size_t, Micro> waited;  // by lock
};

class Builds {
 public:
  explicit Builds(std::span<const BuildLog> logs) {
    for (const BuildLog& log : logs) add(log);
  }

  const std::vector<Step>& steps() const { return steps_; }
  const std::vector<std::string>& ids() const { return ids_; }

  /// All begin as soon as they may; of two that want one lock, who could begin first has it first.
  Run run(const Locks& locks) const {
    Run run;
    std::vector<Micro> end(steps_.size(), -1), ready(steps_.size(), 0);
    std::vector<std::size_t> missing(steps_.size());
    std::vector<std::vector<std::size_t>> next(steps_.size());
    std::set<std::pair<Micro, std::size_t>> waiting;  // when it could begin, which
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      missing[i] = steps_[i].inputs.size();
      for (const std::size_t input : steps_[i].inputs) next[input].push_back(i);
      if (missing[i] == 0) waiting.emplace(0, i);
    }
    std::map<std::size_t, Micro> free;  // when each lock is
    while (!waiting.empty()) {
      const auto [could, i] = *waiting.begin();
      waiting.erase(waiting.begin());
      Micro begin = could;
      for (const std::size_t lock : locks[i]) begin = std::max(begin, free[lock]);
      for (const std::size_t lock : locks[i]) {
        if (free[lock] > could) run.waited[lock] += free[lock] - could;
        free[lock] = begin + steps_[i].work;
      }
      end[i] = begin + steps_[i].work;
      run.end = std::max(run.end, end[i]);
      for (const std::size_t after : next[i]) {
        ready[after] = std::max(ready[after], end[i]);
        if (--missing[after] == 0) waiting.emplace(ready[after], after);
      }
    }
    return run;
  }

 private:
  void add(const BuildLog& log) {
    std::vector<std::size_t> index(log.steps.size());
    std::vector<bool> is_new(log.steps.size());
    for (std::size_t i = 0; i < log.steps.size(); ++i) {
      const LoggedStep& logged = log.steps[i];
      const auto known = logged.key.empty() ? by_key_.end() : by_key_.find(logged.key);
      if (known != by_key_.end()) {
        index[i] = known->second;
        if (!logged.cached) steps_[index[i]].work = std::max(steps_[index[i]].work, work(log, logged));
        continue;
      }
      is_new[i] = true;
      index[i] = steps_.size();
      if (!logged.key.empty()) by_key_[logged.key] = index[i];
      Step& step = steps_.emplace_back();
      step.work = work(log, logged);
      step.chain = logged.chain;
      for (const LoggedMount& mount : logged.mounts)
        if (mount.locked) step.locks.push_back(id(mount.id));
    }
    for (std::size_t i = 0; i < log.steps.size(); ++i)
      if (is_new[i])
        for (const std::size_t input : log.steps[i].inputs)
          if (input < i || log.has_clock) add_input(index[i], index[input]);
  }

  void add_input(std::size_t step, std::size_t input) {
    auto& inputs = steps_[step].inputs;
    if (input != step && std::find(inputs.begin(), inputs.end(), input) == inputs.end()) inputs.push_back(input);
  }

  std::size_t id(const std::string& id) {
    const auto [entry, is_new] = by_id_.try_emplace(id, ids_.size());
    if (is_new) ids_.push_back(id);
    return entry->second;
  }

  /// Without what it waited for somebody who had the lock in the same log.
  static Micro work(const BuildLog& log, const LoggedStep& step) {
    if (step.cached || step.ended == 0) return 0;
    if (!log.has_clock) return step.ended;
    Micro begin = step.began;
    for (const LoggedStep& other : log.steps) {
      if (&other == &step || other.cached || other.ended <= step.began || other.ended > step.ended) continue;
      const bool same = std::any_of(step.mounts.begin(), step.mounts.end(), [&](const LoggedMount& mine) {
        return mine.locked && std::any_of(other.mounts.begin(), other.mounts.end(), [&](const LoggedMount& theirs) {
                 return theirs.locked && theirs.id == mine.id;
               });
      });
      const bool later = other.ended == step.ended && &other > &step;
      if (same && !later) begin = std::max(begin, other.ended);
    }
    return std::max<Micro>(0, step.ended - begin);
  }

  std::vector<Step> steps_;
  std::vector<std::string> ids_;
  std::map<std::string, std::size_t> by_key_, by_id_;
};

/// What the plan's fixes make of a lock: nothing of it is left, or each build has one of its own.
struct Change {
  bool unlocked = false, split = false;
  std::string fix;
};

Change change_of(const std::string& id, const Plan& plan) {
  Change change;
  for (const Cache& cache : plan.caches) {
    if (cache.id != id) continue;
    for (const std::size_t index : cache.findings) {
      const Finding& finding = plan.findings[index];
      if (finding.fix.empty()) continue;
      const bool unlocks = finding.rule == "cache/needless-lock";
      const bool splits = finding.rule == "cache/shared-build-output";
      if (!unlocks && !splits) continue;
      change.unlocked = change.unlocked || unlocks;
      change.split = change.split || splits;
      if (change.fix.empty()) change.fix = finding.fix;
    }
  }
  return change;
}

std::string shown_time(Micro micro) {
  const double seconds = static_cast<double>(micro) / 1e6;
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  return fmt::format("{} min {:02} s", whole / 60, whole % 60);
}

}  // namespace

Simulation simulate(std::span<const BuildLog> logs, const Plan& plan) {
  const Builds builds(logs);
  Simulation result;
  result.has_clock = std::all_of(logs.begin(), logs.end(), [](const BuildLog& log) { return log.has_clock; });
  Locks as_is, fixed, none(builds.steps().size());
  std::vector<Change> changes;
  for (const std::string& id : builds.ids()) changes.push_back(change_of(id, plan));
  std::map<std::pair<std::size_t, std::string>, std::size_t> own;  // a lock of its own for each build
  for (const Step& step : builds.steps()) {
    result.steps += step.work > 0;
    as_is.push_back(step.locks);
    auto& locks = fixed.emplace_back();
    for (const std::size_t lock : step.locks) {
      if (changes[lock].unlocked) continue;
      if (!changes[lock].split) locks.push_back(lock);
      else locks.push_back(own.try_emplace({lock, step.chain}, builds.ids().size() + own.size()).first->second);
    }
  }
  const Run run = builds.run(as_is);
  result.as_it_is = run.end;
  result.with_fixes = builds.run(fixed).end;
  result.without_locks = builds.run(none).end;
  for (std::size_t lock = 0; lock < builds.ids().size(); ++lock) {
    LockCost cost;
    cost.id = builds.ids()[lock];
    cost.fix = changes[lock].fix;
    Locks without = as_is;
    for (std::size_t i = 0; i < without.size(); ++i) {
      if (std::find(without[i].begin(), without[i].end(), lock) == without[i].end()) continue;
      std::erase(without[i], lock);
      ++cost.steps;
      cost.held += builds.steps()[i].work;
    }
    if (const auto waited = run.waited.find(lock); waited != run.waited.end()) cost.waited = waited->second;
    cost.costs = std::max<Micro>(0, run.end - builds.run(without).end);
    result.locks.push_back(std::move(cost));
  }
  std::stable_sort(result.locks.begin(), result.locks.end(), [](const LockCost& a, const LockCost& b) {
    return std::pair(a.costs, a.waited) > std::pair(b.costs, b.waited);
  });
  return result;
}

std::string table(const Simulation& s, const Look& look) {
  const Palette palette(look.color);
  std::string out;
  const auto put = std::back_inserter(out);
  fmt::format_to(put, "{}All built at once{}, from the times of {} steps\n\n", palette.bold, palette.reset, s.steps);
  const auto row = [&](std::string_view what, Micro time, Micro against) {
    fmt::format_to(put, "  {:<18}{:>12}", what, shown_time(time));
    if (against > time)
      fmt::format_to(put, "   {:.0f} % less",
                     100.0 * static_cast<double>(against - time) / static_cast<double>(against));
    out += '\n';
  };
  row("as it is", s.as_it_is, 0);
  row("with the fixes", s.with_fixes, s.as_it_is);
  row("without any lock", s.without_locks, s.as_it_is);
  if (!s.has_clock)
    out +=
        "\n  A plain log has no clock: what a step waited for a lock counts as its work. --progress=rawjson has one.\n";
  if (s.locks.empty()) return out + "\n  No step takes a lock.\n";
  fmt::format_to(put, "\n  {}{:<34}{:>6}{:>14}{:>14}{:>14}{}\n", palette.frame, "lock", "steps", "held", "waited for",
                 "costs", palette.reset);
  for (const LockCost& lock : s.locks) {
    fmt::format_to(put, "  {:<34}{:>6}{:>14}{:>14}{:>14}\n", visible(lock.id), lock.steps, shown_time(lock.held),
                   shown_time(lock.waited), shown_time(lock.costs));
    if (!lock.fix.empty()) fmt::format_to(put, "    fix: {}\n", visible(lock.fix));
  }
  return out;
}

std::string json(const Simulation& s) {
  std::string out = fmt::format(
      "{{ \"version\": 1, \"steps\": {}, \"clock\": {}, \"asItIs\": {:.3f}, \"withFixes\": {:.3f}, \"withoutLocks\": "
      "{:.3f},\n  \"locks\": [",
      s.steps, s.has_clock, static_cast<double>(s.as_it_is) / 1e6, static_cast<double>(s.with_fixes) / 1e6,
      static_cast<double>(s.without_locks) / 1e6);
  std::string_view separator = "\n    ";
  for (const LockCost& lock : s.locks) {
    out += separator;
    out += "{ \"id\": ";
    append_json(out, lock.id);
    fmt::format_to(std::back_inserter(out), ", \"steps\": {}, \"held\": {:.3f}, \"waited\": {:.3f}, \"costs\": {:.3f}",
                   lock.steps, static_cast<double>(lock.held) / 1e6, static_cast<double>(lock.waited) / 1e6,
                   static_cast<double>(lock.costs) / 1e6);
    if (!lock.fix.empty()) {
      out += ", \"fix\": ";
      append_json(out, lock.fix);
    }
    out += " }";
    separator = ",\n    ";
  }
  return out + (s.locks.empty() ? "] }\n" : "\n  ] }\n");
}

}  // namespace dockerlint::plan
