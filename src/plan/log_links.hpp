// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a log does not say, and the Dockerfiles do.

#include "plan/build_log.hpp"
#include "plan/plan.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace dockerlint::plan {

inline constexpr std::size_t kNoService = static_cast<std::size_t>(-1);

/// What the name of a chain says: "api linux/arm64 build".
struct Chain {
  std::string build;                 // "api linux/arm64"; empty in the log of one build
  std::string stage;                 // as the plan calls it
  std::size_t service = kNoService;  // index into Plan::services
};

class Chains {
 public:
  /// The plan must outlive it.
  explicit Chains(const Plan& plan);
  Chain read(std::string_view name) const;

 private:
  bool has_nameless_stage(std::size_t service) const;

  const Plan& plan_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
};

/// Gives the steps of a log without inputs theirs: a step stands on the one before it in its stage, and its stage on
/// the one in its FROM and those that it copies from. Without a clock, each began when these were done: the first at
/// `from`. Says when the last was done, for the next log.
std::int64_t link_steps(BuildLog& log, const Plan& plan, const Chains& chains, std::int64_t from);

}  // namespace dockerlint::plan
