// SPDX-License-Identifier: Apache-2.0
// fuzz_seeds FOLDER: what the tests read, as files for a fuzzer to start from: FOLDER/dockerfile, FOLDER/shell,
// FOLDER/project, FOLDER/config.

#include "dockerlint/syntax.hpp"
#include "project/read.hpp"
#include "support/corpus_case.hpp"
#include "support/page.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace dockerlint;
using namespace dockerlint::test;
namespace fs = std::filesystem;

constexpr std::size_t kLargest = 4096;  // a fuzzer gets nowhere with more

std::vector<fs::path> files(const char* folder) {
  std::vector<fs::path> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) all.push_back(entry.path());
  return all;
}

std::set<std::string> dockerfiles() {
  std::set<std::string> all;
  for (const fs::path& path : files("tests/files")) all.insert(read_file(path.string()).value_or(""));
  for (const char* folder : {"rules", "tests/rules"})
    for (const fs::path& path : files(folder))
      if (path.extension() == ".md")
        for (const Example& example : read_page(path.string(), read_file(path.string()).value_or("")).examples)
          all.insert(example.input);
  for (const char* folder : {"tests/syntax", "tests/shell"})
    for (const std::string& path : corpus_files(folder))
      for (const CorpusCase& c : read_corpus(path, read_file(path).value_or("")).cases) all.insert(c.source);
  return all;
}

std::set<std::string> scripts(const std::set<std::string>& dockerfiles) {
  std::set<std::string> all;
  for (const std::string& text : dockerfiles) {
    const Document document = Document::parse("Dockerfile", text);
    for (const Instruction& instruction : document.instructions())
      if (instruction.kind == InstructionKind::run) all.insert(std::string(instruction.body.text()));
  }
  return all;
}

std::set<std::string> definitions() {
  std::set<std::string> all;
  for (const fs::path& path : files("tests/projects"))
    if (project::definition_kind(path.filename().string()) != DefinedBy::dockerfile)
      all.insert(read_file(path.string()).value_or(""));
  return all;
}

/// The blocks of the documentation and of the transcripts that are configurations.
std::set<std::string> configurations() {
  std::set<std::string> all;
  for (const char* folder : {"docs", "tests/cli", "rules", "tests/rules"}) {
    for (const fs::path& path : files(folder)) {
      if (path.extension() != ".md") continue;
      std::istringstream page(read_file(path.string()).value_or(""));
      std::optional<std::string> block;
      for (std::string line; std::getline(page, line);) {
        if (line.starts_with("```toml") || line.starts_with("```yaml")) block.emplace();
        else if (block && line.starts_with("```")) all.insert(*std::exchange(block, std::nullopt));
        else if (block) *block += line + '\n';
      }
    }
  }
  return all;
}

void write(const fs::path& folder, const std::set<std::string>& texts) {
  fs::create_directories(folder);
  std::size_t number = 0;
  for (const std::string& text : texts)
    if (!text.empty() && text.size() <= kLargest && !write_file((folder / std::to_string(number++)).string(), text))
      std::exit(2);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::set<std::string> all = dockerfiles();
  write(fs::path(argv[1]) / "dockerfile", all);
  write(fs::path(argv[1]) / "shell", scripts(all));
  write(fs::path(argv[1]) / "project", definitions());
  write(fs::path(argv[1]) / "config", configurations());
  return 0;
}
