// SPDX-License-Identifier: Apache-2.0
// The JSON schema of .dockerlint.toml, as editors take it (draft-07): made from what is declared in keys.cpp and by
// the rules.
#include "config/keys.hpp"
#include "config/resolve.hpp"
#include "config/toml_text.hpp"

#include <fmt/format.h>

#include <set>

namespace dockerlint::config {
namespace {

std::string quoted(std::string_view text) { return toml_string(text); }

std::string list_of(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) out += fmt::format("{}{}", out.empty() ? "" : ", ", quoted(word));
  return fmt::format("[{}]", out);
}

/// The body of an object that says what `key` may be, without its braces.
std::string type_of(const Key& key) {
  const std::string fallback = key.fallback.empty() ? "" : fmt::format(", \"default\": {}", key.fallback);
  switch (key.type) {
    case Key::Type::flag: return "\"type\": \"boolean\"" + fallback;
    case Key::Type::choice: return fmt::format("\"enum\": {}", list_of(key.choices)) + fallback;
    case Key::Type::string: return "\"type\": \"string\"" + fallback;
    case Key::Type::strings:
      return "\"type\": \"array\", \"items\": { \"type\": \"string\", \"minLength\": 1 }" + fallback;
    case Key::Type::rules: return "\"allOf\": [{ \"$ref\": \"#/definitions/rules\" }]";
    case Key::Type::overrides: break;
  }
  return "\"type\": \"array\", \"items\": { \"$ref\": \"#/definitions/override\" }";
}

std::string type_of(const RuleOption& option) {
  const std::string fallback = fmt::format(", \"default\": {}", toml_value(option.fallback));
  if (std::holds_alternative<bool>(option.fallback)) return "\"type\": \"boolean\"" + fallback;
  if (std::holds_alternative<std::int64_t>(option.fallback))
    return fmt::format("\"type\": \"integer\", \"minimum\": {}", option.least) + fallback;
  if (std::holds_alternative<OptionWords>(option.fallback))
    return "\"type\": \"array\", \"items\": { \"type\": \"string\", \"minLength\": 1 }" + fallback;
  return (option.choices.empty() ? std::string("\"type\": \"string\"")
                                 : fmt::format("\"enum\": {}", list_of(option.choices))) +
         fallback;
}

std::string property(std::string_view indent, std::string_view name, std::string_view summary, std::string_view type) {
  return fmt::format("{}{}: {{ \"description\": {}, {} }}", indent, quoted(name), quoted(summary), type);
}

std::string properties(std::string_view indent, std::span<const Key> keys) {
  std::string out;
  for (const Key& key : keys) {
    if (!out.empty()) out += ",\n";
    out += property(indent, key.name, key.summary, type_of(key));
  }
  return out + '\n';
}

/// The table of one rule, or of several.
std::string setting(std::span<const RuleOption* const> options) {
  constexpr std::string_view kIndent = "            ";
  std::string out = fmt::format(
      "{{\n        \"anyOf\": [\n          {{ \"$ref\": \"#/definitions/level\" }},\n          {{\n"
      "            \"type\": \"object\",\n            \"additionalProperties\": false,\n            \"properties\": "
      "{{\n"
      "  {0}{1}: {{ \"$ref\": \"#/definitions/level\" }},\n  {0}{2}: {{ \"$ref\": \"#/definitions/fix\" }}",
      kIndent, quoted(kSeverityKey), quoted(kFixKey));
  for (const RuleOption* const option : options)
    out += ",\n" + property(fmt::format("  {}", kIndent), option->name, option->summary, type_of(*option));
  return out + "\n            }\n          }\n        ]\n      }";
}

std::string rules() {
  std::string out;
  const auto add = [&](std::string_view name, std::string_view summary, std::string_view definition) {
    out += fmt::format("        {}: {{ \"description\": {}, \"allOf\": [{{ \"$ref\": \"#/definitions/{}\" }}] }},\n",
                       quoted(name), quoted(summary), definition);
  };
  add("all", "Every rule", "setting");
  std::set<std::string_view> groups;
  for (const Rule* const rule : all_rules()) {
    const std::string_view group = rule->name.substr(0, rule->name.find('/'));
    if (groups.insert(group).second) add(group, fmt::format("Every rule of the group {}", group), "setting");
    std::string definition = rule->options.empty() ? "setting" : fmt::format("{}", rule->name);
    for (char& c : definition)
      if (c == '/') c = '.';
    add(rule->name, fmt::format("Finds {}", rule->summary), definition);
    for (std::string_view rest = rule->aliases; !rest.empty();) {
      const std::string_view alias = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(rest.size(), alias.size() + 1));
      add(alias, fmt::format("{}: finds {}", rule->name, rule->summary), definition);
    }
  }
  out.resize(out.size() - 2);  // ",\n"
  return out + '\n';
}

std::string settings_with_options() {
  std::string out;
  for (const Rule* const rule : all_rules()) {
    if (rule->options.empty()) continue;
    std::string name(rule->name);
    for (char& c : name)
      if (c == '/') c = '.';
    out += fmt::format(",\n    {}: {}", quoted(name), setting(rule->options));
  }
  return out;
}

}  // namespace

std::string json_schema() {
  return fmt::format(R"({{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "title": "dockerlint configuration",
  "description": "A .dockerlint.toml. Made from what dockerlint declares, by `dockerlint config schema`.",
  "type": "object",
  "additionalProperties": false,
  "properties": {{
{}  }},
  "definitions": {{
    "level": {{
      "description": "How loud a rule is. \"on\": as loud as the rule itself has it",
      "enum": {}
    }},
    "fix": {{
      "description": "How far fixes go: never; safe ones only; unsafe ones too, without being asked",
      "enum": {}
    }},
    "override": {{
      "type": "object",
      "additionalProperties": false,
      "required": ["paths"],
      "properties": {{
{}      }}
    }},
    "rules": {{
      "type": "object",
      "additionalProperties": false,
      "properties": {{
{}      }},
      "patternProperties": {{
        "^(DL|SC)[0-9]{{4}}$": {{ "description": "A rule of hadolint's" }},
        "^[a-z]+/\\*$": {{ "$ref": "#/definitions/setting" }}
      }}
    }},
    "setting": {}{}
  }}
}}
)",
                     properties("    ", file_keys()), list_of(kLevels), list_of(kFixPolicies),
                     properties("        ", override_keys()), rules(), setting({}), settings_with_options());
}

}  // namespace dockerlint::config
