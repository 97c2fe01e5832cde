// SPDX-License-Identifier: Apache-2.0
#include "plan/fixed_locks.hpp"

#include <algorithm>

namespace dockerlint::plan {
namespace {

std::string name_of(const Service& service) { return service.definition + '\n' + service.name; }

/// Whether a log may have `id` for what a Dockerfile has as "build-${TARGETARCH}".
bool may_be(std::string_view written, std::string_view id) {
  bool anything = false;
  for (;;) {
    const std::size_t variable = std::min(written.find("${"), written.size());
    const std::string_view text = written.substr(0, variable);
    const std::size_t at = anything ? id.find(text) : id.starts_with(text) ? 0 : id.npos;
    if (at == id.npos) return false;
    id.remove_prefix(at + text.size());
    const std::size_t end = written.find('}', variable);
    if (end == written.npos) return id.empty() || (anything && text.empty());
    written.remove_prefix(end + 1);
    anything = true;
  }
}

}  // namespace

FixedLocks::Mounts FixedLocks::mounts_of(const Plan& plan) {
  Mounts mounts;
  for (const Cache& cache : plan.caches)
    for (const User& user : cache.users)
      for (const std::size_t service : user.services)
        mounts[{name_of(plan.services[service]), user.stage, user.target}].push_back({user.at, cache.id, user.mode});
  for (auto& [key, all] : mounts)
    std::stable_sort(all.begin(), all.end(), [](const Mount& a, const Mount& b) {
      return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
    });
  return mounts;
}

FixedLocks::FixedLocks(const Plan& plan, const Plan& fixed, const Chains& chains)
    : plan_(plan), chains_(chains), mounts_(mounts_of(plan)), fixed_(mounts_of(fixed)) {
  for (const auto& [key, mounts] : mounts_) builds_[{std::get<1>(key), std::get<2>(key)}].push_back(std::get<0>(key));
}

void FixedLocks::begin(const BuildLog& log) {
  ++logs_;
  numbers_.clear();
  for (const LoggedStep& step : log.steps)
    for (const LoggedMount& mount : step.mounts) numbers_[{step.chains.front(), mount.target}].push_back(step.number);
  for (auto& [key, numbers] : numbers_) std::sort(numbers.begin(), numbers.end());
}

std::string FixedLocks::built_by(const LoggedStep& step, const Chain& chain, const LoggedMount& mount) {
  if (chain.service != kNoService) return name_of(plan_.services[chain.service]);
  const std::pair where{chain.stage, mount.target};
  const auto builds = builds_.find(where);
  if (builds == builds_.end()) return {};
  auto& taken = taken_[where];
  const auto [turn, is_new] = taken.try_emplace({logs_, step.build}, taken.size());
  return builds->second[turn->second % builds->second.size()];
}

std::vector<std::string> FixedLocks::of(const LoggedStep& step) {
  std::vector<std::string> locks;
  for (const LoggedMount& mount : step.mounts) {
    const Chain chain = chains_.read(step.chains.front());
    const Key key{built_by(step, chain, mount), chain.stage, mount.target};
    const auto before = mounts_.find(key), after = fixed_.find(key);
    const bool known = before != mounts_.end();
    ++(known ? known_ : unknown_);
    bool locked = mount.locked;
    std::string id = mount.id;
    if (known && after != fixed_.end() && before->second.size() == after->second.size()) {
      const auto& numbers = numbers_.at({step.chains.front(), mount.target});
      const auto turn = std::lower_bound(numbers.begin(), numbers.end(), step.number) - numbers.begin();
      const std::size_t which = std::min(static_cast<std::size_t>(turn), before->second.size() - 1);
      const Mount& fixed = after->second[which];
      if (fixed.mode != "?") locked = fixed.mode == "locked";
      if (fixed.id != before->second[which].id) id = fixed.id;
    }
    if (locked) locks.push_back(std::move(id));
  }
  return locks;
}

std::string FixedLocks::fix_of(const std::string& id) const {
  for (const Cache& cache : plan_.caches) {
    if (!may_be(cache.id, id)) continue;
    for (const std::size_t index : cache.findings) {
      const Finding& finding = plan_.findings[index];
      const bool about_locks = finding.rule == "cache/needless-lock" || finding.rule == "cache/shared-build-output";
      if (about_locks && !finding.fix.empty()) return finding.fix;
    }
  }
  return {};
}

}  // namespace dockerlint::plan
