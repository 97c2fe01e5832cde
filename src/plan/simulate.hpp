// SPDX-License-Identifier: Apache-2.0
#pragma once
// How long builds take that are all started at once, from what their logs say of each step: with the locks as they
// are, with those that the fixed files have, and without each lock.

#include "plan/build_log.hpp"
#include "plan/plan.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace dockerlint::plan {

struct LockCost {
  std::string id;
  std::size_t steps = 0;    // that take it
  std::int64_t held = 0;    // all together, in microseconds, as all that follows
  std::int64_t waited = 0;  // by all together
  std::int64_t costs = 0;   // so much sooner would all be done without it
  std::string fix;          // what the plan would do about it; empty: nothing
  bool added = false;       // it comes with the fixes
};

struct Simulation {
  std::size_t steps = 0;   // that were run
  std::size_t cached = 0;  // that were not
  bool has_clock = true;   // else when steps began is put together from what they stand on
  std::int64_t as_it_is = 0;
  std::int64_t with_fixes = 0;
  std::int64_t without_locks = 0;
  std::vector<LockCost> locks;  // the dearest first
  bool foreign = false;         // RUNs in it have caches, and none of them is in the plan
};

/// `fixed` is the plan of the fixed files.
Simulation simulate(std::span<const BuildLog> logs, const Plan& plan, const Plan& fixed);

std::string table(const Simulation& simulation, const Look& look);
std::string json(const Simulation& simulation);

}  // namespace dockerlint::plan
