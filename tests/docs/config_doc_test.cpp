// SPDX-License-Identifier: Apache-2.0
// docs/dockerlint.schema.json and the tables of docs/config.md are made from what is declared; DOCKERLINT_BLESS=1 makes
// them anew. The examples of docs/config.md are played as a transcript.
#include "config/keys.hpp"
#include "config/resolve.hpp"
#include "config/toml_text.hpp"
#include "support/catch.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

using namespace dockerlint;
using namespace dockerlint::config;

namespace {

bool blessing() {
  const char* const bless = std::getenv("DOCKERLINT_BLESS");
  return bless != nullptr && *bless == '1';
}

std::string read(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(file)), {});
}

std::string values_of(const Key& key) {
  if (key.type == Key::Type::flag) return "`true`, `false`";
  if (key.type == Key::Type::string) return "a string";
  if (key.type == Key::Type::strings) return "a list of strings";
  if (key.type == Key::Type::rules) return "a table";
  if (key.type == Key::Type::overrides) return "`[[overrides]]`";
  std::string out;
  for (const std::string_view choice : key.choices) out += fmt::format("{}`\"{}\"`", out.empty() ? "" : ", ", choice);
  return out;
}

std::string keys_table() {
  std::string out = "| key | values | default | |\n|---|---|---|---|\n";
  for (const Key& key : file_keys())
    out += fmt::format("| `{}` | {} | {} | {} |\n", key.name, values_of(key),
                       key.fallback.empty() ? "" : fmt::format("`{}`", key.fallback), key.summary);
  return out;
}

std::string options_table() {
  std::string out = "| rule | option | default | |\n|---|---|---|---|\n";
  for (const Rule* const rule : all_rules())
    for (const RuleOption* const option : rule->options)
      out += fmt::format("| [{0}](../rules/{0}.md) | `{1}` | `{2}` | {3} |\n", rule->name, option->name,
                         toml_value(option->fallback), option->summary);
  return out;
}

/// `page` with `table` between the comments that name it.
std::string with_table(const std::string& page, std::string_view name, const std::string& table) {
  const std::string begin = fmt::format("<!-- {}: made from the sources -->\n", name);
  const std::size_t from = page.find(begin);
  const std::size_t to = page.find("<!-- end -->", from);
  REQUIRE(from != std::string::npos);
  REQUIRE(to != std::string::npos);
  return page.substr(0, from + begin.size()) + table + page.substr(to);
}

}  // namespace

TEST_CASE("docs/dockerlint.schema.json says what is declared") {
  constexpr const char* kPath = "docs/dockerlint.schema.json";
  if (blessing()) std::ofstream(kPath, std::ios::binary) << json_schema();
  CHECK(read(kPath) == json_schema());

  const nlohmann::json schema = nlohmann::json::parse(json_schema());
  for (const Key& key : file_keys()) CHECK(schema["properties"].contains(key.name));
  for (const Key& key : override_keys()) CHECK(schema["definitions"]["override"]["properties"].contains(key.name));
  const nlohmann::json& rules = schema["definitions"]["rules"]["properties"];
  for (const Rule* const rule : all_rules()) {
    REQUIRE(rules.contains(rule->name));
    const std::string definition = rules[std::string(rule->name)]["allOf"][0]["$ref"];
    const std::string name = definition.substr(definition.rfind('/') + 1);
    const nlohmann::json& table = schema["definitions"][name]["anyOf"][1]["properties"];
    CHECK(table.size() == 2 + rule->options.size());
    for (const RuleOption* const option : rule->options) CHECK(table.contains(option->name));
  }
}

TEST_CASE("the tables of docs/config.md say what is declared") {
  constexpr const char* kPath = "docs/config.md";
  const std::string page = read(kPath);
  const std::string made = with_table(with_table(page, "keys", keys_table()), "options", options_table());
  if (blessing()) std::ofstream(kPath, std::ios::binary) << made;
  CHECK(read(kPath) == made);
}
