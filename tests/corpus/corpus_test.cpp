// SPDX-License-Identifier: Apache-2.0
// What is always true, of many files: those of the folder that DOCKERLINT_CORPUS names, else our own
// in tests/files and the examples of all pages. All rules run, with safe fixes and with unsafe ones.

#include "support/catch.hpp"
#include "support/page.hpp"
#include "support/properties.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <thread>

using namespace dockerlint;
using namespace dockerlint::test;

namespace {

namespace fs = std::filesystem;

struct Input {
  std::string name;
  std::string bytes;
};

/// The files under `folder` whose names `wanted` takes, in the order of their paths.
template <typename Wanted>
std::vector<Input> files(const fs::path& folder, Wanted wanted) {
  std::vector<Input> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || !wanted(entry.path())) continue;
    const std::string path = entry.path().generic_string();
    if (auto bytes = read_file(path)) all.push_back({path, std::move(*bytes)});
    else FAIL_CHECK(path << ": cannot be read");
  }
  std::sort(all.begin(), all.end(), [](const Input& a, const Input& b) { return a.name < b.name; });
  return all;
}

/// Runs the properties over all of the inputs, on all cores, and reports in the inputs' order.
void check(const std::vector<Input>& inputs, std::size_t deletions) {
  std::vector<std::vector<std::string>> faults(inputs.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < inputs.size(); i = next++)
      faults[i] = broken_properties("Dockerfile", inputs[i].bytes, Config{}, deletions);
  };
  {
    std::vector<std::jthread> others;
    for (unsigned n = 1; n < std::max(std::thread::hardware_concurrency(), 1u); ++n) others.emplace_back(work);
    work();
  }
  for (std::size_t i = 0; i < inputs.size(); ++i)
    for (const std::string& fault : faults[i]) FAIL_CHECK(inputs[i].name << ": " << fault);
  SUCCEED();
}

}  // namespace

TEST_CASE("our own files keep the properties") {
  const std::vector<Input> inputs = files("tests/files", [](const fs::path& path) {
    const std::string name = path.filename().string();
    return name.starts_with("Dockerfile") || name.ends_with("Dockerfile");
  });
  std::printf("corpus: %zu files of our own\n", inputs.size());
  CHECK(inputs.size() >= 20);
  check(inputs, kDeletions);
}

TEST_CASE("the examples of all pages keep the properties under all rules") {
  std::vector<Input> inputs;
  for (const char* folder : {"rules", "tests/rules"}) {
    if (!fs::exists(folder)) continue;
    for (const Input& page : files(folder, [](const fs::path& path) { return path.extension() == ".md"; }))
      for (const Example& example : read_page(page.name, page.bytes).examples)
        inputs.push_back({page.name + ":" + std::to_string(example.line), example.input});
  }
  std::printf("corpus: %zu examples of pages\n", inputs.size());
  check(inputs, kDeletions);
}

TEST_CASE("the files of an external corpus keep the properties") {
  const char* folder = std::getenv("DOCKERLINT_CORPUS");
  if (folder == nullptr) {
    std::printf("corpus: left out: the external corpus (DOCKERLINT_CORPUS is not set)\n");
    SUCCEED();
    return;
  }
  const std::vector<Input> inputs =
      files(fs::path(folder) / "corpus", [](const fs::path& path) { return path.extension() == ".Dockerfile"; });
  std::printf("corpus: %zu files of %s\n", inputs.size(), folder);
  CHECK(!inputs.empty());
  constexpr std::size_t kFew = 16;  // a sample: the files are many
  check(inputs, kFew);
}
