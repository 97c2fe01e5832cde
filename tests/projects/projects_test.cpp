// SPDX-License-Identifier: Apache-2.0
// Each folder beside this file that has a file `expected` is a project, and that is what is made of it. A file `named` lists
// the compose and bake files that the user names, one a line; without it the folder is searched.
// With DOCKERLINT_BLESS=1 what is expected is rewritten: read the diff.

#include "project/dump.hpp"
#include "project/read.hpp"
#include "support/catch.hpp"
#include "support/page.hpp"
#include "support/project_case.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

using namespace dockerlint;
using namespace dockerlint::test;

namespace {

std::vector<std::string> cases() {
  std::vector<std::string> folders;
  for (const auto& entry : std::filesystem::directory_iterator("tests/projects"))
    if (std::filesystem::exists(entry.path() / "expected")) folders.push_back(entry.path().string());
  std::sort(folders.begin(), folders.end());
  return folders;
}

}  // namespace

TEST_CASE("projects are what their folders expect") {
  const std::vector<std::string> folders = cases();
  CHECK(folders.size() >= 25);
  for (const std::string& folder : folders) {
    DYNAMIC_SECTION(folder) {
      std::map<std::string, std::string> content = files_below(folder);
      const std::string expected = content["expected"];
      content.erase("expected");
      const MemoryFiles files(content);
      project::Sources sources = files.search();
      if (content.contains("named")) {
        sources = {};
        std::istringstream lines(content["named"]);
        for (std::string line; std::getline(lines, line);) sources.definitions.push_back({line, false});
      }
      const std::string actual = dump_project(project::read_project(sources, files));
      if (blessing()) REQUIRE(write_file(folder + "/expected", actual));
      else CHECK(actual == expected);
    }
  }
}
