// SPDX-License-Identifier: Apache-2.0
// What many Dockerfiles run and no tool of the catalog claims is in unclaimed.txt, with what it is: a package manager
// or a build tool among them would be missing in the catalog.

#include "dockerlint/catalog.hpp"
#include "support/catch.hpp"
#include "support/page.hpp"

#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>

using namespace dockerlint;
using namespace dockerlint::test;

namespace {

/// The programs of unclaimed.txt: the first word of each line.
std::set<std::string> reviewed_programs() {
  std::set<std::string> programs;
  const std::string text = read_file("tests/catalog/unclaimed.txt").value_or("");
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    if (!line.empty() && line.front() != '#') programs.insert(line.substr(0, line.find(' ')));
    at = end + 1;
  }
  return programs;
}

/// The programs that a file runs, and whether a tool claims one of its commands.
std::map<std::string, bool> programs_of(const Document& document) {
  const Model model(document);
  std::map<std::string, bool> programs;
  for (const Stage& stage : model.stages())
    for (const RunStep& run : stage.runs)
      for (const RunCommand& command : run.commands) {
        const std::string program(command.program());
        if (program.empty()) continue;
        programs[program] = programs[program] || !Catalog::builtin().uses(command).empty();
      }
  return programs;
}

}  // namespace

TEST_CASE("what many files run and no tool claims has been looked at") {
  const std::set<std::string> reviewed = reviewed_programs();
  CHECK(reviewed.size() > 50);
  const char* const folder = std::getenv("DOCKERLINT_CORPUS");
  if (folder == nullptr) {
    SUCCEED("DOCKERLINT_CORPUS names no folder");
    return;
  }
  constexpr int kMany = 20;
  std::map<std::string, int> unclaimed;
  std::set<std::string> claimed;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(folder) / "corpus")) {
    if (entry.path().extension() != ".Dockerfile") continue;
    const Document document = Document::parse("Dockerfile", read_file(entry.path().generic_string()).value_or(""));
    for (const auto& [program, is_claimed] : programs_of(document)) {
      if (is_claimed) claimed.insert(program);
      else ++unclaimed[program];
    }
  }
  CHECK(claimed.size() > 60);
  for (const auto& [program, files] : unclaimed) {
    if (files < kMany || claimed.count(program) > 0) continue;
    INFO(program << " runs in " << files << " files: say in tests/catalog/unclaimed.txt what it is, or give it a tool");
    CHECK(reviewed.count(program) == 1);
  }
}
