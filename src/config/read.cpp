// SPDX-License-Identifier: Apache-2.0
#include "config/read.hpp"

#include "config/keys.hpp"
#include "text/near_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace dockerlint::config {
namespace {

using Kind = Value::Kind;

std::string listed(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) out += fmt::format("{}\"{}\"", out.empty() ? "" : ", ", word);
  return out;
}

std::string did_you_mean(std::string_view given, std::span<const std::string_view> known) {
  const std::string_view meant = near_name(given, known);
  return meant.empty() ? std::string() : fmt::format(": did you mean {}?", meant);
}

class Reader {
 public:
  explicit Reader(std::shared_ptr<const Source> source) : source_(std::move(source)) {}

  FileLayers read(const Value& root) && {
    Layer base{source_, {}, {}, {}, {}, {}, {}, {}, {}};
    const Value* overrides = nullptr;
    for (const Entry& entry : root.entries) {
      if (entry.key == "root") file_.root = flag(entry);
      else if (entry.key == "extends") file_.extends = strings(entry);
      else if (entry.key == "exclude") base.exclude = patterns(entry);
      else if (entry.key == "catalog") base.catalog = strings(entry);
      else if (entry.key == "baseline") base.baseline = string(entry);
      else if (entry.key == "overrides") overrides = &entry.value;
      else if (!common(entry, base)) unknown(entry, file_keys());
    }
    file_.layers.push_back(std::move(base));
    if (overrides != nullptr) read_overrides(*overrides);
    return std::move(file_);
  }

 private:
  void problem(Place place, std::string message) { file_.problems.push_back({place, std::move(message)}); }
  Origin here(Place place) const { return {source_, place}; }

  void unknown(const Entry& entry, std::span<const Key> known) {
    std::vector<std::string_view> names;
    for (const Key& key : known) names.push_back(key.name);
    std::string hint = did_you_mean(entry.key, names);
    // Rules are easily put a level too high.
    if (hint.empty() && !RuleSet::named(entry.key).empty()) hint = ": rules belong into [rules]";
    problem(entry.place, fmt::format("unknown key '{}'{}", entry.key, hint));
  }

  void expected(const Entry& entry, std::string_view what) {
    problem(entry.value.place, fmt::format("'{}' takes {}, not {}", entry.key, what, entry.value.kind_name()));
  }

  bool flag(const Entry& entry) {
    if (entry.value.kind != Kind::boolean) expected(entry, "true or false");
    return entry.value.boolean;
  }

  std::optional<std::size_t> choice(const Entry& entry, std::span<const std::string_view> choices) {
    const Value& value = entry.value;
    if (value.kind != Kind::words) {
      expected(entry, fmt::format("one of {}", listed(choices)));
      return std::nullopt;
    }
    const auto found = std::find(choices.begin(), choices.end(), value.words);
    if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
    std::string hint = did_you_mean(value.words, choices);
    if (hint.empty()) hint = fmt::format(" (known: {})", listed(choices));
    problem(value.place, fmt::format("'{}' cannot be \"{}\"{}", entry.key, value.words, hint));
    return std::nullopt;
  }

  std::optional<Sourced<std::string>> string(const Entry& entry) {
    const Value& value = entry.value;
    if (value.kind != Kind::words) expected(entry, "a string");
    else if (value.words.find_first_of(std::string_view("\0\n\r", 3)) != std::string::npos)
      problem(value.place, fmt::format("'{}' is more than one line", entry.key));
    else return Sourced<std::string>{value.words, here(entry.place)};
    return std::nullopt;
  }

  std::vector<Sourced<std::string>> strings(const Entry& entry) {
    std::vector<Sourced<std::string>> out;
    if (entry.value.kind != Kind::list) {
      expected(entry, "a list of strings");
      return out;
    }
    for (const Value& item : entry.value.items) {
      if (item.kind != Kind::words)
        problem(item.place, fmt::format("'{}' takes a list of strings; this is {}", entry.key, item.kind_name()));
      else if (item.words.empty() || item.words.find_first_of(std::string_view("\0\n\r", 3)) != std::string::npos)
        problem(item.place,
                fmt::format("an entry of '{}' is {}", entry.key, item.words.empty() ? "empty" : "more than one line"));
      else out.push_back({item.words, here(item.place)});
    }
    return out;
  }

  std::vector<Sourced<std::string>> patterns(const Entry& entry) {
    std::vector<Sourced<std::string>> out = strings(entry);
    for (const Sourced<std::string>& pattern : out)
      if (const std::string_view fault = pattern_fault(pattern.value); !fault.empty())
        problem(pattern.origin.place, fmt::format("bad pattern '{}': {}", pattern.value, fault));
    return out;
  }

  /// What a file and an override have in common. False: none of it.
  bool common(const Entry& entry, Layer& layer) {
    const Origin origin = here(entry.place);
    if (entry.key == "cache-policy") {
      if (const auto at = choice(entry, kCachePolicies)) layer.cache_policy = {static_cast<CachePolicy>(*at), origin};
    } else if (entry.key == "ci") {
      if (const auto at = choice(entry, kCi)) layer.ci = {static_cast<Ci>(*at), origin};
    } else if (entry.key == "min-severity") {
      if (const auto at = choice(entry, kSeverities)) layer.min_severity = {static_cast<Severity>(*at), origin};
    } else if (entry.key == "fail-on") {
      if (const auto at = choice(entry, kFailOn)) {
        std::optional<Severity> severity;
        if (*at < std::size(kSeverities)) severity = static_cast<Severity>(*at);
        layer.fail_on = {severity, origin};
      }
    } else if (entry.key == "rules") {
      read_rules(entry, layer);
    } else {
      return false;
    }
    return true;
  }

  void read_overrides(const Value& overrides) {
    constexpr std::string_view kShape = "overrides are written as [[overrides]], each with its paths";
    if (overrides.kind != Kind::list) return problem(overrides.place, std::string(kShape));
    for (const Value& one : overrides.items) {
      if (one.kind != Kind::table) {
        problem(one.place, std::string(kShape));
        continue;
      }
      Layer layer{source_, {}, {}, {}, {}, {}, {}, {}, {}};
      std::string lines;
      bool has_paths = false;
      for (const Entry& entry : one.entries) {
        if (entry.key == "paths") {
          has_paths = true;
          for (const Sourced<std::string>& pattern : patterns(entry)) lines += pattern.value + '\n';
        } else if (!common(entry, layer)) {
          unknown(entry, override_keys());
        }
      }
      layer.paths.emplace(lines);
      if (!has_paths) problem(one.place, "an override without 'paths' holds for no file");
      file_.layers.push_back(std::move(layer));
    }
  }

  // --- [rules] ---

  void read_rules(const Entry& entry, Layer& layer) {
    if (entry.value.kind != Kind::table) return expected(entry, "a table of rules");
    std::map<const Rule*, const Entry*> seen;
    for (const Entry& one : entry.value.entries) {
      const std::vector<const Rule*> named = RuleSet::named(one.key);
      if (named.empty()) {
        if (is_hadolint_name(one.key)) file_.without_counterpart.push_back(one.key);
        else problem(one.place, unknown_rule(one.key));
        continue;
      }
      const bool single = find_rule(one.key) != nullptr;
      if (single && !seen.emplace(named.front(), &one).second) {
        const Entry& first = *seen.at(named.front());
        problem(one.place,
                fmt::format("'{}' is the rule that line {} calls '{}'", one.key, first.place.line, first.key));
        continue;
      }
      RuleSetting setting;
      for (const Rule* const rule : named) setting.rules.push_back(RuleSet::place_of(*rule));
      setting.single = single;
      read_rule(one, single ? named.front() : nullptr, setting);
      layer.rules.push_back(std::move(setting));
    }
    // The more a name says, the more it counts, wherever it stands: a table has no order.
    std::stable_sort(layer.rules.begin(), layer.rules.end(), [](const RuleSetting& a, const RuleSetting& b) {
      return a.single != b.single ? b.single : a.rules.size() > b.rules.size();
    });
  }

  void level(const Entry& entry, RuleSetting& setting) {
    const auto at = choice(entry, kLevels);
    if (!at) return;
    const Origin origin = here(entry.place);
    setting.enabled = {kLevels[*at] != "off", origin};
    if (*at < std::size(kSeverities)) setting.severity = {static_cast<Severity>(*at), origin};
  }

  /// `rule` is null when the entry names several.
  void read_rule(const Entry& entry, const Rule* rule, RuleSetting& setting) {
    if (entry.value.kind == Kind::words) return level(entry, setting);
    if (entry.value.kind != Kind::table) return expected(entry, fmt::format("one of {}, or a table", listed(kLevels)));
    for (const Entry& one : entry.value.entries) {
      if (one.key == kSeverityKey) level(one, setting);
      else if (one.key == kFixKey) {
        if (const auto at = choice(one, kFixPolicies)) setting.fix = {static_cast<FixPolicy>(*at + 1), here(one.place)};
      } else {
        read_option(one, entry.key, rule, setting);
      }
    }
  }

  void read_option(const Entry& entry, std::string_view name, const Rule* rule, RuleSetting& setting) {
    std::vector<std::string_view> known{kSeverityKey, kFixKey};
    const std::span<const RuleOption* const> options = rule != nullptr ? rule->options : decltype(rule->options){};
    for (std::size_t i = 0; i < options.size(); ++i) {
      known.push_back(options[i]->name);
      if (options[i]->name != entry.key) continue;
      setting.options.resize(options.size());
      if (auto value = option_value(entry, *options[i])) setting.options[i] = {std::move(*value), here(entry.place)};
      return;
    }
    std::string hint = did_you_mean(entry.key, known);
    if (hint.empty()) hint = fmt::format(" (known: {})", listed(known));
    problem(entry.place, fmt::format("{} has no option '{}'{}", rule != nullptr ? rule->name : name, entry.key, hint));
  }

  std::optional<OptionValue> option_value(const Entry& entry, const RuleOption& option) {
    const Value& value = entry.value;
    if (std::holds_alternative<bool>(option.fallback)) {
      if (value.kind == Kind::boolean) return value.boolean;
      expected(entry, "true or false");
    } else if (std::holds_alternative<std::int64_t>(option.fallback)) {
      if (value.kind == Kind::integer && value.integer >= option.least) return value.integer;
      if (value.kind == Kind::integer)
        problem(value.place, fmt::format("'{}' is at least {}", entry.key, option.least));
      else expected(entry, "a number");
    } else if (std::holds_alternative<std::string_view>(option.fallback)) {
      if (!option.choices.empty()) {
        const auto at = choice(entry, option.choices);
        if (at) return std::string(option.choices[*at]);
      } else if (value.kind == Kind::words) {
        return value.words;
      } else {
        expected(entry, "a string");
      }
    } else {
      const std::size_t problems = file_.problems.size();
      std::vector<std::string> words;
      for (Sourced<std::string>& word : strings(entry)) words.push_back(std::move(word.value));
      if (file_.problems.size() == problems) return words;
    }
    return std::nullopt;
  }

  std::shared_ptr<const Source> source_;
  FileLayers file_;
};

}  // namespace

bool is_hadolint_name(std::string_view name) {
  if (name.size() != 6 || !(name.starts_with("DL") || name.starts_with("SC"))) return false;
  return std::all_of(name.begin() + 2, name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

FileLayers read_native(const Value& root, std::shared_ptr<const Source> source) {
  return Reader(std::move(source)).read(root);
}

}  // namespace dockerlint::config
