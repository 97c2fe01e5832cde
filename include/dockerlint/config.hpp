// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which rules run, and which of their fixes are applied.

#include "dockerlint/rule.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint {

/// A set of rules. Made from names; asked by rule.
class RuleSet {
 public:
  static RuleSet all();
  static RuleSet none();

  bool contains(const Rule& rule) const;
  /// By the rule's place in all_rules().
  bool contains_at(std::size_t index) const;
  void insert(const Rule& rule);
  void erase(const Rule& rule);

  /// Every rule that `pattern` names: a rule, an alias, a group (`cache`, `cache/*`) or `all`.
  /// Empty when it names nothing.
  static std::vector<const Rule*> named(std::string_view pattern);
  /// The rule or group name that is nearest to a mistyped one; empty when none is near.
  static std::string_view nearest(std::string_view pattern);

 private:
  std::vector<bool> by_index_;  // in the order of all_rules()
};

struct Config {
  RuleSet enabled = RuleSet::all();
  RuleSet fixed = RuleSet::all();          // of the enabled ones, those whose fixes are applied
  Severity min_severity = Severity::info;  // what is quieter is neither reported nor fixed
};

}  // namespace dockerlint
