// SPDX-License-Identifier: Apache-2.0
// docs/rules.md is made from the rules; DOCKERLINT_BLESS=1 makes it anew.
#include "dockerlint/rule.hpp"
#include "support/catch.hpp"

#include <fmt/core.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace {

constexpr const char* kPath = "docs/rules.md";

std::string table() {
  std::string out =
      "# Rules\n\n"
      "Each rule has a page: what it finds, why it matters, examples that the test-suite runs, and how far its fix may "
      "be\n"
      "trusted. `dockerlint explain RULE` prints it. The severity is that of most of its findings; some are "
      "quieter.\n\n"
      "| rule | finds | severity | fix | also known as |\n|---|---|---|---|---|\n";
  for (const dockerlint::Rule* rule : dockerlint::all_rules())
    out += fmt::format("| [{0}](../rules/{0}.md) | {1} | {2} | {3} | {4} |\n", rule->name, rule->summary,
                       dockerlint::to_string(rule->severity), dockerlint::to_string(rule->fix), rule->aliases);
  return out;
}

}  // namespace

TEST_CASE("docs/rules.md lists every rule as it is") {
  if (const char* bless = std::getenv("DOCKERLINT_BLESS"); bless != nullptr && *bless == '1')
    std::ofstream(kPath, std::ios::binary) << table();
  std::ifstream file(kPath, std::ios::binary);
  const std::string written((std::istreambuf_iterator<char>(file)), {});
  CHECK(written == table());
}
