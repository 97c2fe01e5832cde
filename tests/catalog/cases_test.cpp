// SPDX-License-Identifier: Apache-2.0
// Runs tests/catalog/*.txt, one file a tool.

#include "support/catalog_cases.hpp"
#include "support/catch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>

using namespace dockerlint;
using namespace dockerlint::catalog_cases;

namespace {

constexpr std::string_view kMostUsed[] = {
    "apt", "apk",   "dnf", "pip",   "uv",     "poetry", "conda",    "npm",     "yarn-classic", "yarn-berry", "pnpm",
    "bun", "cargo", "go",  "maven", "gradle", "dotnet", "composer", "bundler", "mix",          "ccache"};

std::string read_file(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(std::fopen(path.c_str(), "rb"), std::fclose);
  std::string bytes;
  char buffer[4096];
  if (in == nullptr) return bytes;
  for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, in.get())) > 0;) bytes.append(buffer, n);
  return bytes;
}

std::string path_of(const Tool& tool) { return fmt::format("tests/catalog/{}.txt", tool.name); }

}  // namespace

TEST_CASE("command lines, directories and paths are what tests/catalog/ says") {
  for (const Tool* tool : Catalog::builtin().tools()) {
    const std::string path = path_of(*tool);
    for (const Case& test : read_cases(read_file(path))) {
      INFO(path << ":" << test.line << ": " << test.left);
      CHECK(seen(test, *tool, Catalog::builtin()) == test.expected);
    }
  }
}

TEST_CASE("every tool has cases") {
  for (const Tool* tool : Catalog::builtin().tools()) {
    const bool much_used = std::find(std::begin(kMostUsed), std::end(kMostUsed), tool->name) != std::end(kMostUsed);
    INFO(path_of(*tool));
    CHECK(read_cases(read_file(path_of(*tool))).size() >= (much_used ? 15 : 5));
  }
}

TEST_CASE("the tool that CONTRIBUTING adds is a good one") {
  const std::string page = read_file("docs/CONTRIBUTING.md");
  const auto block = [&](std::string_view fence) {
    const std::size_t begin = page.find(fence, page.find("## A new tool")) + fence.size();
    return page.substr(begin, page.find("```\n", begin) - begin);
  };
  const CatalogFile files[] = {{"hugo.json", block("```json\n")}};
  const CatalogReading reading = read_catalog(files);
  for (const CatalogError& error : reading.errors) FAIL(error.text());
  const std::vector<Case> cases = read_cases(block("```text\n"));
  CHECK(cases.size() >= 5);
  for (const Case& test : cases) {
    INFO(test.left);
    CHECK(seen(test, *reading.catalog->tool("hugo"), *reading.catalog) == test.expected);
  }
}
