// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which rules run, how loud, with which options, and which of their fixes are applied. The file that a project
// writes (docs/config.md) is read by src/config/; this is what comes of it.

#include "dockerlint/rule.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace dockerlint {

/// A set of rules. Made from names; asked by rule.
class RuleSet {
 public:
  static RuleSet all();
  static RuleSet none();

  bool contains(const Rule& rule) const;
  /// A rule's place in all_rules(): the number of rules when it is not among them.
  static std::size_t place_of(const Rule& rule);
  bool contains_at(std::size_t index) const;
  void insert(const Rule& rule);
  void erase(const Rule& rule);

  /// Every rule that `pattern` names: a rule, an alias, a group (`cache`, `cache/*`) or `all`.
  /// Empty when it names nothing.
  static std::vector<const Rule*> named(std::string_view pattern);
  /// Every rule that another linter knows by this name, spelt as it spells it.
  static std::vector<const Rule*> with_alias(std::string_view alias);
  /// Every rule that is one of BuildKit's own checks as well.
  static std::vector<const Rule*> of_buildkit();
  /// The rule or group name that is nearest to a mistyped one; empty when none is near.
  static std::string_view nearest(std::string_view pattern);

 private:
  std::vector<bool> by_index_;  // in the order of all_rules()
};

/// What is otherwise than the rule itself has it.
struct RuleSettings {
  std::optional<Severity> severity;
  std::optional<Applicability> fix_at_least;  // in place of what the run asks for
  OptionValues options;
};

struct Config {
  RuleSet enabled = RuleSet::all();
  RuleSet fixed = RuleSet::all();          // of the enabled ones, those whose fixes are applied
  Severity min_severity = Severity::info;  // what is quieter is neither reported nor fixed
  ProjectChoices project = {};
  std::map<const Rule*, RuleSettings> rules = {};  // only those that are otherwise

  const RuleSettings* settings_of(const Rule& rule) const;
  /// Whether a run that applies fixes at or above `at_least` applies this one.
  bool applies(const Rule& rule, const Fix& fix, Applicability at_least) const;
};

}  // namespace dockerlint
