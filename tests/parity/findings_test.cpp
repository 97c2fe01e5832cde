// SPDX-License-Identifier: Apache-2.0
// What all rules say of the real files in the folder that DOCKERLINT_CORPUS names, counted: tests/parity/findings.md.
// A change of a rule shows there what it does to them. DOCKERLINT_BLESS=1 counts anew. What people have read of the
// findings, tests/parity/readings/ says, in tables with the columns rule, read and wrong, and severity where a rule has
// several.

#include "cli/discover.hpp"
#include "dockerlint/lint.hpp"
#include "dockerlint/rule.hpp"
#include "support/catch.hpp"
#include "support/page.hpp"
#include "support/properties.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace dockerlint;
using namespace dockerlint::test;

namespace {

namespace fs = std::filesystem;

constexpr const char* kPath = "tests/parity/findings.md";
constexpr const char* kReadings = "tests/parity/readings";
constexpr std::string_view kAbove =
    "# Findings in real files\n\n"
    "What all rules say, hints too, of 2,000 Dockerfiles of public repositories (*corpus*) and of the Dockerfiles of "
    "60\n"
    "whole projects. The files are not part of this repository; the test runs where `DOCKERLINT_CORPUS` names the "
    "folder\n"
    "that has them, and `DOCKERLINT_BLESS=1` counts anew. *Read* is how many of the findings somebody has read beside\n"
    "their files, all of the errors and a random choice of the others, and *wrong* how many of these were when they\n"
    "were read: [readings](readings) has the tables that are summed up here, and what was done.\n\n"
    "| rule | severity | corpus | projects | safe fix | unsafe fix | read | wrong |\n"
    "|---|---|--:|--:|--:|--:|--:|--:|\n";

struct Row {
  std::size_t corpus = 0, projects = 0, safe = 0, unsafe = 0, read = 0, wrong = 0;
};
using Key = std::pair<std::string, std::string>;  // rule and severity
using Rows = std::map<Key, Row>;

void count(const fs::path& path, std::size_t Row::*where, Rows& rows) {
  const Document document = Document::parse("Dockerfile", read_file(path.string()).value_or(""));
  for (const Diagnostic& finding : lint(document, everything(), Catalog::builtin())) {
    Row& row = rows[{std::string(finding.rule->name), std::string(to_string(finding.severity))}];
    ++(row.*where);
    if (!finding.fix) continue;
    row.safe += finding.fix->applicability == Applicability::safe;
    row.unsafe += finding.fix->applicability == Applicability::unsafe;
  }
}

Rows rows_of(const fs::path& folder) {
  Rows rows;
  const auto is_dockerfile = [](const fs::directory_entry& entry) {
    return entry.is_regular_file() && cli::is_dockerfile_name(entry.path().filename().string());
  };
  for (const auto& entry : fs::directory_iterator(folder / "corpus"))
    if (is_dockerfile(entry)) count(entry.path(), &Row::corpus, rows);
  for (const auto& entry : fs::recursive_directory_iterator(folder / "projects"))
    if (is_dockerfile(entry)) count(entry.path(), &Row::projects, rows);
  return rows;
}

/// The cells of a table's row, without blanks around them.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  if (!line.starts_with('|')) return cells;
  std::istringstream parts(line.substr(1));
  for (std::string cell; std::getline(parts, cell, '|');) {
    const std::size_t begin = cell.find_first_not_of(' ');
    cells.push_back(begin == cell.npos ? "" : cell.substr(begin, cell.find_last_not_of(' ') + 1 - begin));
  }
  return cells;
}

/// The row that a reading belongs to, of what is still found: where no severity is given, the loudest of the rule.
Row* row_of(const std::string& rule, const std::string& severity, Rows& rows) {
  for (const Severity each : {Severity::error, Severity::warning, Severity::info, Severity::hint}) {
    if (!severity.empty() && severity != to_string(each)) continue;
    const auto row = rows.find({rule, std::string(to_string(each))});
    if (row != rows.end()) return &row->second;
  }
  return nullptr;
}

void add_readings(const std::string& text, Rows& rows) {
  std::map<std::string, std::size_t> columns;  // of the table that is being read, by name
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::vector<std::string> cells = cells_of(line);
    if (cells.empty()) columns.clear();
    if (columns.empty())
      for (std::size_t i = 0; i < cells.size(); ++i) columns[cells[i]] = i;
    const auto cell = [&](const char* name) {
      const auto column = columns.find(name);
      return column != columns.end() && column->second < cells.size() ? cells[column->second] : std::string();
    };
    Row* const row = row_of(cell("rule"), cell("severity"), rows);
    if (row == nullptr) continue;
    row->read += static_cast<std::size_t>(std::atoi(cell("read").c_str()));
    row->wrong += static_cast<std::size_t>(std::atoi(cell("wrong").c_str()));
  }
}

std::string table(const Rows& rows) {
  std::string out(kAbove), silent;
  for (const Rule* rule : all_rules()) {
    bool found = false;
    for (const Severity severity : {Severity::error, Severity::warning, Severity::info, Severity::hint}) {
      const auto row = rows.find({std::string(rule->name), std::string(to_string(severity))});
      if (row == rows.end()) continue;
      found = true;
      const Row& r = row->second;
      out += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n", rule->name, to_string(severity), r.corpus,
                         r.projects, r.safe, r.unsafe, r.read, r.wrong);
    }
    if (!found) silent += fmt::format("{}{}", silent.empty() ? "" : ", ", rule->name);
  }
  if (!silent.empty()) out += "\nNothing of: " + silent + ".\n";
  return out;
}

}  // namespace

TEST_CASE("what the rules find in real files is what has been reviewed") {
  const char* const folder = std::getenv("DOCKERLINT_CORPUS");
  if (folder == nullptr) {
    SUCCEED("DOCKERLINT_CORPUS names no folder");
    return;
  }
  Rows rows = rows_of(folder);
  for (const auto& entry : fs::directory_iterator(kReadings))
    add_readings(read_file(entry.path().string()).value_or(""), rows);
  const std::string now = table(rows);
  if (const char* bless = std::getenv("DOCKERLINT_BLESS"); bless != nullptr && *bless == '1') write_file(kPath, now);
  CHECK(read_file(kPath).value_or("") == now);
}
