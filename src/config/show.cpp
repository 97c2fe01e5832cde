// SPDX-License-Identifier: Apache-2.0
// What a person, or an editor, is shown of a configuration.
#include "config/keys.hpp"
#include "config/resolve.hpp"
#include "config/toml_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dockerlint::config {
namespace {

/// Lines of `key = value`, with a comment to each in one column.
class Page {
 public:
  void line(std::string text, const Origin& origin) {
    lines_.push_back({std::move(text), origin.source == nullptr ? "default"
                                       : origin.place.line == 0
                                           ? origin.source->name
                                           : fmt::format("{}:{}", origin.source->name, origin.place.line)});
  }
  void heading(std::string text) { lines_.push_back({std::move(text), {}}); }

  std::string text() const {
    constexpr std::size_t kWidest = 60;
    std::size_t width = 0;
    for (const Line& line : lines_)
      if (!line.origin.empty() && line.text.size() <= kWidest) width = std::max(width, line.text.size());
    std::string out;
    for (const Line& line : lines_)
      out += line.origin.empty() ? line.text + '\n' : fmt::format("{:<{}}  # {}\n", line.text, width, line.origin);
    return out;
  }

 private:
  struct Line {
    std::string text;
    std::string origin;
  };
  std::vector<Line> lines_;
};

void list(Page& page, std::string_view key, const std::vector<Sourced<std::string>>& values) {
  if (values.empty()) return page.line(fmt::format("{} = []", key), {});
  page.heading(fmt::format("{} = [", key));
  for (const Sourced<std::string>& value : values)
    page.line(fmt::format("  {},", toml_string(value.value)), value.origin);
  page.heading("]");
}

std::string_view level_of(const RuleState& state, const Rule& rule) {
  return state.enabled.value ? to_string(state.severity.value.value_or(rule.severity)) : std::string_view("off");
}

void rule_lines(Page& page, const Rule& rule, const RuleState& state) {
  // What turned a rule off counts, else what set its severity, else what turned it on.
  const bool by_severity = state.enabled.value && state.severity.origin.source != nullptr;
  const Origin& origin = by_severity ? state.severity.origin : state.enabled.origin;
  const bool has_fix = state.fix.value != FixPolicy::asked;
  const std::string name = toml_string(rule.name);
  if (!has_fix && rule.options.empty()) {
    page.line(fmt::format("{} = \"{}\"", name, level_of(state, rule)), origin);
    return;
  }
  page.line(fmt::format("{}.{} = \"{}\"", name, kSeverityKey, level_of(state, rule)), origin);
  if (has_fix)
    page.line(fmt::format("{}.{} = \"{}\"", name, kFixKey, kFixPolicies[static_cast<std::size_t>(state.fix.value) - 1]),
              state.fix.origin);
  for (std::size_t i = 0; i < rule.options.size(); ++i) {
    const bool chosen = i < state.options.size() && state.options[i];
    page.line(fmt::format("{}.{} = {}", name, rule.options[i]->name,
                          chosen ? toml_value(state.options[i]->value) : toml_value(rule.options[i]->fallback)),
              chosen ? state.options[i]->origin : Origin{});
  }
}

}  // namespace

std::string shown(const Resolved& resolved) {
  Page page;
  list(page, "exclude", resolved.exclude);
  page.line(fmt::format("cache-policy = \"{}\"", to_string(resolved.cache_policy.value)), resolved.cache_policy.origin);
  page.line(fmt::format("ci = \"{}\"", to_string(resolved.ci.value)), resolved.ci.origin);
  const auto& fail_on = resolved.fail_on;
  page.line(fmt::format("fail-on = \"{}\"", fail_on.value ? to_string(*fail_on.value) : std::string_view("never")),
            fail_on.origin);
  page.line(fmt::format("min-severity = \"{}\"", to_string(resolved.min_severity.value)), resolved.min_severity.origin);
  list(page, "catalog", resolved.catalog);
  page.line(fmt::format("baseline = {}", toml_string(resolved.baseline.value)), resolved.baseline.origin);
  page.heading("\n[rules]");
  const auto rules = all_rules();
  for (std::size_t i = 0; i < rules.size(); ++i) rule_lines(page, *rules[i], resolved.rules[i]);
  return page.text();
}

}  // namespace dockerlint::config
