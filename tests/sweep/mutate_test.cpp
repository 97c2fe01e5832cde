// SPDX-License-Identifier: Apache-2.0
// What the fuzzer's mutator makes of our own files keeps the properties too: a little of it, in every build.

#include "support/mutate.hpp"
#include "support/catch.hpp"
#include "support/page.hpp"
#include "support/properties.hpp"

#include <algorithm>
#include <filesystem>
#include <vector>

using namespace dockerlint::test;

namespace {

std::vector<std::string> our_files() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("tests/files"))
    if (entry.is_regular_file() && entry.path().filename() == "Dockerfile") paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> texts;
  for (const std::string& path : paths) texts.push_back(read_file(path).value_or(""));
  return texts;
}

}  // namespace

TEST_CASE("mutate: the same seed does the same, others do something else") {
  const std::string file = "FROM debian:12\nRUN --mount=type=cache,target=/a true && false\nCOPY a b\n";
  CHECK(mutated(file, file, 7) == mutated(file, file, 7));
  std::vector<std::string> all;
  for (std::uint32_t seed = 0; seed < 100; ++seed) all.push_back(mutated(file, file, seed));
  std::sort(all.begin(), all.end());
  CHECK(std::unique(all.begin(), all.end()) - all.begin() > 30);
}

TEST_CASE("mutate: files of parts of files keep the properties") {
  const std::vector<std::string> files = our_files();
  REQUIRE(files.size() >= 10);
  constexpr std::uint32_t kRounds = 12;
  for (std::size_t i = 0; i < files.size(); ++i) {
    std::string text = files[i];
    for (std::uint32_t round = 0; round < kRounds; ++round) {
      const auto seed = static_cast<std::uint32_t>(i * kRounds + round);
      text = mutated(text, files[(i + round + 1) % files.size()], seed);
      for (const std::string& fault : broken_properties("Dockerfile", text, everything(), 0))
        FAIL_CHECK(fault << "\nin\n" << text);
    }
  }
  SUCCEED();
}
