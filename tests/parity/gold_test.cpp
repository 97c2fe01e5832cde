// SPDX-License-Identifier: Apache-2.0
// The labelled files of the folder that DOCKERLINT_CORPUS names, against what the rules that the labels are about say of
// them: tests/parity/gold.md has a line for each file, with what is said and, where that is not the label, why.

#include "dockerlint/config.hpp"
#include "dockerlint/lint.hpp"
#include "dockerlint/rule.hpp"
#include "support/catch.hpp"
#include "support/page.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

using namespace dockerlint;
using namespace dockerlint::test;

namespace {

const std::set<std::string> kRules{"cache/emptied-cache", "cache/hidden-content", "cache/installed-files-in-cache",
                                   "cache/late-copy-out", "cache/lost-output",    "cache/wrong-target"};

/// "error cache/lost-output 24, warning …"; "nothing".
std::string said_of(const std::string& path) {
  const Document document = Document::parse(path, read_file(path).value_or(""));
  Config config;
  config.min_severity = Severity::hint;
  std::string said;
  for (const Diagnostic& d : lint(document, config, Catalog::builtin())) {
    if (!kRules.contains(std::string(d.rule->name))) continue;
    said += fmt::format("{}{} {} {}", said.empty() ? "" : ", ", to_string(d.severity), d.rule->name,
                        document.source().line_of(d.range.begin));
  }
  return said.empty() ? "nothing" : said;
}

/// The cells of the lines of a table that begin with `| g`, by the first.
std::map<std::string, std::vector<std::string>> rows_of(const std::string& text) {
  std::map<std::string, std::vector<std::string>> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| g")) continue;
    std::vector<std::string> cells;
    std::istringstream parts(line.substr(1));
    for (std::string cell; std::getline(parts, cell, '|');) {
      const std::size_t begin = cell.find_first_not_of(' ');
      cells.push_back(begin == std::string::npos ? "" : cell.substr(begin, cell.find_last_not_of(' ') - begin + 1));
    }
    rows[cells.front()] = cells;
  }
  return rows;
}

}  // namespace

TEST_CASE("what is said of the labelled files is what the table says") {
  const char* const folder = std::getenv("DOCKERLINT_CORPUS");
  if (folder == nullptr) {
    SUCCEED("DOCKERLINT_CORPUS names no folder");
    return;
  }
  const auto rows = rows_of(read_file("tests/parity/gold.md").value_or(""));
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(folder) + "/cases/gold")) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with('g')) continue;
    INFO(name);
    ++files;
    const auto row = rows.find(name.substr(0, name.find('-')));
    REQUIRE(row != rows.end());
    REQUIRE(row->second.size() >= 4);
    CHECK(said_of(entry.path().string()) == row->second[2]);
  }
  CHECK(files == rows.size());
}
