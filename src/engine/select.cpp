// SPDX-License-Identifier: Apache-2.0
#include "config/read.hpp"
#include "dockerlint/config.hpp"
#include "text/near_name.hpp"
#include "text/utf8.hpp"

#include <algorithm>

namespace dockerlint {
namespace {

std::string_view group_of(const Rule& rule) { return rule.name.substr(0, rule.name.find('/')); }

template <typename Visit>
void each_alias(const Rule& rule, Visit visit) {
  for (std::string_view rest = rule.aliases; !rest.empty();) {
    const std::size_t blank = std::min(rest.find(' '), rest.size());
    visit(rest.substr(0, blank));
    rest.remove_prefix(std::min(blank + 1, rest.size()));
  }
}

}  // namespace

const Rule* find_rule(std::string_view name) {
  for (const Rule* rule : all_rules()) {
    bool found = equal_ignoring_case(rule->name, name);
    each_alias(*rule, [&](std::string_view alias) { found = found || equal_ignoring_case(alias, name); });
    if (found) return rule;
  }
  return nullptr;
}

RuleSet RuleSet::all() {
  RuleSet set;
  set.by_index_.assign(all_rules().size(), true);
  return set;
}

RuleSet RuleSet::none() {
  RuleSet set;
  set.by_index_.assign(all_rules().size(), false);
  return set;
}

std::size_t RuleSet::place_of(const Rule& rule) {
  const auto rules = all_rules();
  return static_cast<std::size_t>(std::find(rules.begin(), rules.end(), &rule) - rules.begin());
}

bool RuleSet::contains(const Rule& rule) const {
  const std::size_t index = place_of(rule);
  return index < by_index_.size() && by_index_[index];
}

bool RuleSet::contains_at(std::size_t index) const { return by_index_[index]; }

void RuleSet::insert(const Rule& rule) { by_index_.at(place_of(rule)) = true; }
void RuleSet::erase(const Rule& rule) { by_index_.at(place_of(rule)) = false; }

std::vector<const Rule*> RuleSet::named(std::string_view pattern) {
  std::vector<const Rule*> found;
  if (const Rule* rule = find_rule(pattern)) return {rule};
  std::string_view group = pattern;
  if (group.ends_with("/*")) group.remove_suffix(2);
  for (const Rule* rule : all_rules())
    if (equal_ignoring_case(pattern, "all") || equal_ignoring_case(group_of(*rule), group)) found.push_back(rule);
  return found;
}

std::vector<const Rule*> RuleSet::with_alias(std::string_view alias) {
  std::vector<const Rule*> found;
  for (const Rule* rule : all_rules())
    each_alias(*rule, [&](std::string_view one) {
      if (one == alias) found.push_back(rule);
    });
  return found;
}

std::vector<const Rule*> RuleSet::of_buildkit() {
  std::vector<const Rule*> found;
  for (const Rule* rule : all_rules()) {
    bool named = false;
    each_alias(*rule, [&](std::string_view alias) { named = named || !config::is_hadolint_name(alias); });
    if (named) found.push_back(rule);
  }
  return found;
}

std::string_view RuleSet::nearest(std::string_view pattern) {
  std::vector<std::string_view> names{"all"};
  for (const Rule* rule : all_rules()) {
    names.push_back(rule->name);
    names.push_back(group_of(*rule));
    each_alias(*rule, [&](std::string_view alias) { names.push_back(alias); });
  }
  if (const std::string_view near = near_name(pattern, names); !near.empty()) return near;
  // The name without its group, or with another one.
  const std::string_view last = pattern.substr(pattern.rfind('/') + 1);
  std::vector<std::string_view> lasts;
  for (const Rule* rule : all_rules()) lasts.push_back(rule->name.substr(rule->name.find('/') + 1));
  const std::string_view near = near_name(last, lasts);
  for (const Rule* rule : all_rules())
    if (!near.empty() && rule->name.ends_with(near)) return rule->name;
  return {};
}

const RuleSettings* Config::settings_of(const Rule& rule) const {
  const auto found = rules.find(&rule);
  return found == rules.end() ? nullptr : &found->second;
}

bool Config::applies(const Rule& rule, const Fix& fix, Applicability at_least) const {
  if (fix.applicability == Applicability::display_only || !fixed.contains(rule)) return false;
  const RuleSettings* const settings = settings_of(rule);
  return fix.applicability >= (settings != nullptr ? settings->fix_at_least.value_or(at_least) : at_least);
}

}  // namespace dockerlint
