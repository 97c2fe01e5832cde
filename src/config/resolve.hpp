// SPDX-License-Identifier: Apache-2.0
#pragma once
// From layers to the configuration in force for one file, with where each value comes from.

#include "config/layer.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::config {

struct RuleState {
  Sourced<bool> enabled{true};
  Sourced<std::optional<Severity>> severity{};  // nothing: the rule's own
  Sourced<FixPolicy> fix{FixPolicy::asked};
  std::vector<std::optional<Sourced<OptionValue>>> options{};  // by place in Rule::options; may be shorter
};

struct Resolved {
  std::vector<RuleState> rules;  // in the order of all_rules()
  Sourced<CachePolicy> cache_policy{CachePolicy::automatic};
  Sourced<Ci> ci{Ci::unknown};
  Sourced<Severity> min_severity{Severity::info};
  Sourced<std::optional<Severity>> fail_on{Severity::warning};
  std::vector<Sourced<std::string>> exclude;
  std::vector<Sourced<std::string>> catalog;
  Sourced<std::string> baseline{};
};

/// Whether the layer holds for a file. `path` is absolute.
bool holds_for(const Layer& layer, std::string_view path);

/// Later layers beat earlier ones. Which of them hold for the file has been asked before.
Resolved resolve(std::span<const Layer* const> layers);

/// What linting needs of it.
Config to_config(const Resolved& resolved);

/// What files leave out of a search; each in its own folder.
IgnoreStack exclusions(std::span<const Layer* const> layers);

/// As a page of TOML, each value with where it comes from.
std::string shown(const Resolved& resolved);

/// The JSON schema of .dockerlint.toml.
std::string json_schema();

}  // namespace dockerlint::config
