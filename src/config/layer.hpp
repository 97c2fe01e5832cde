// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one place says of the configuration: a file, one of its [[overrides]], or the command line. Later layers beat
// earlier ones, value by value.

#include "data/value.hpp"
#include "dockerlint/config.hpp"
#include "text/ignore.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dockerlint::config {

using data::Entry;
using data::Parsed;
using data::Place;
using data::Problem;
using data::Value;

/// Where values come from.
struct Source {
  std::string name;    // for a person: a path, or "the command line"
  std::string folder;  // absolute, ends in `/`: what the patterns in it are relative to
};

/// Where one value comes from. No source: it is the default.
struct Origin {
  std::shared_ptr<const Source> source;
  Place place;
};

template <typename T>
struct Sourced {
  T value;
  Origin origin = {};
};

/// How far a rule's fixes go, whatever the run asks for; `asked`: as far as it does.
enum class FixPolicy : std::uint8_t { asked, never, safe, unsafe };

/// What is said of some rules in one breath.
struct RuleSetting {
  std::vector<std::size_t> rules;  // places in all_rules()
  bool single = false;             // named as one rule, not as a group of one
  std::optional<Sourced<bool>> enabled;
  std::optional<Sourced<Severity>> severity;
  std::optional<Sourced<FixPolicy>> fix;
  std::vector<std::optional<Sourced<OptionValue>>> options;  // by place in Rule::options; only where `rules` is one
};

struct Layer {
  std::shared_ptr<const Source> source;
  std::optional<IgnorePatterns> paths;  // an override: holds for these files only
  std::vector<RuleSetting> rules;       // what is said of all rules first, of groups next, of single rules last
  std::optional<Sourced<CachePolicy>> cache_policy;
  std::optional<Sourced<Ci>> ci;
  std::optional<Sourced<Severity>> min_severity;
  std::optional<Sourced<std::optional<Severity>>> fail_on;  // nothing in it: never
  std::vector<Sourced<std::string>> exclude;
  std::vector<Sourced<std::string>> catalog;
};

}  // namespace dockerlint::config
