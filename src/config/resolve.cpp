// SPDX-License-Identifier: Apache-2.0
#include "config/resolve.hpp"

#include <algorithm>

namespace dockerlint::config {
namespace {

template <typename T>
void take(const std::optional<Sourced<T>>& from, Sourced<T>& to) {
  if (from) to = *from;
}

void apply(const RuleSetting& setting, RuleState& rule) {
  take(setting.enabled, rule.enabled);
  if (setting.severity) rule.severity = {setting.severity->value, setting.severity->origin};
  take(setting.fix, rule.fix);
  rule.options.resize(std::max(rule.options.size(), setting.options.size()));
  for (std::size_t i = 0; i < setting.options.size(); ++i)
    if (setting.options[i]) rule.options[i] = setting.options[i];
}

}  // namespace

bool holds_for(const Layer& layer, std::string_view path) {
  if (!layer.paths) return true;
  const std::string& folder = layer.source->folder;
  return path.starts_with(folder) && layer.paths->cover(path.substr(folder.size()));
}

Resolved resolve(std::span<const Layer* const> layers) {
  Resolved resolved;
  resolved.rules.resize(all_rules().size());
  for (const Layer* const layer : layers) {
    for (const RuleSetting& setting : layer->rules)
      for (const std::size_t place : setting.rules) apply(setting, resolved.rules[place]);
    take(layer->cache_policy, resolved.cache_policy);
    take(layer->ci, resolved.ci);
    take(layer->fail_on, resolved.fail_on);
    // What makes the run fail is shown, unless the same place or a stronger one says what is to be shown. What is not
    // shown does not count.
    if (layer->fail_on && layer->fail_on->value && *layer->fail_on->value < resolved.min_severity.value)
      resolved.min_severity = {*layer->fail_on->value, layer->fail_on->origin};
    take(layer->min_severity, resolved.min_severity);
    take(layer->baseline, resolved.baseline);
    resolved.exclude.insert(resolved.exclude.end(), layer->exclude.begin(), layer->exclude.end());
    resolved.catalog.insert(resolved.catalog.end(), layer->catalog.begin(), layer->catalog.end());
  }
  return resolved;
}

Config to_config(const Resolved& resolved) {
  Config config;
  config.min_severity = resolved.min_severity.value;
  config.project = {resolved.cache_policy.value, resolved.ci.value};
  const auto rules = all_rules();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const RuleState& state = resolved.rules[i];
    if (!state.enabled.value) config.enabled.erase(*rules[i]);
    if (state.fix.value == FixPolicy::never) config.fixed.erase(*rules[i]);
    RuleSettings settings{state.severity.value, std::nullopt, {}};
    for (const auto& option : state.options)
      settings.options.push_back(option ? std::optional(option->value) : std::nullopt);
    if (state.fix.value == FixPolicy::safe) settings.fix_at_least = Applicability::safe;
    if (state.fix.value == FixPolicy::unsafe) settings.fix_at_least = Applicability::unsafe;
    if (settings.severity || settings.fix_at_least || !settings.options.empty())
      config.rules.emplace(rules[i], std::move(settings));
  }
  return config;
}

IgnoreStack exclusions(std::span<const Layer* const> layers) {
  IgnoreStack stack;
  for (const Layer* const layer : layers) {
    std::string lines;
    for (const Sourced<std::string>& pattern : layer->exclude) lines += pattern.value + '\n';
    if (!lines.empty()) stack.push(layer->source->folder, IgnorePatterns(lines));
  }
  return stack;
}

}  // namespace dockerlint::config
