// SPDX-License-Identifier: Apache-2.0
#include "support/corpus_case.hpp"

#include "support/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace dockerlint::test {
namespace {

bool is_rule_line(std::string_view line) { return line.size() >= 3 && line.find_first_not_of('=') == line.npos; }

std::string as_source(const CorpusCase& c, std::vector<std::string>& faults, const std::string& path) {
  std::string text = c.source_as_written;
  bool crlf = false;
  for (const std::string& attribute : c.attributes) {
    if (attribute == "crlf") crlf = true;
    else if (attribute == "bytes") text = with_bytes(text);
    else if (attribute == "no-final-newline") text.resize(text.size() - std::min<std::size_t>(text.size(), 1));
    else faults.push_back(fmt::format("{}:{}: an attribute ':{}'", path, c.line, attribute));
  }
  return crlf ? with_crlf(text) : text;
}

std::string written(const CorpusFile& file) {
  constexpr std::size_t kRuleWidth = 80;
  const std::string rule = std::string(kRuleWidth, '=') + '\n';
  std::string out;
  for (const CorpusCase& c : file.cases) {
    if (!out.empty()) out += '\n';
    out += rule + c.name + '\n';
    for (const std::string& attribute : c.attributes) out += ':' + attribute + '\n';
    out += rule + c.source_as_written + "---\n" + c.tree;
  }
  return out;
}

}  // namespace

CorpusFile read_corpus(std::string path, std::string_view text) {
  CorpusFile file{std::move(path), {}, {}};
  enum class Part { none, head, source, tree } part = Part::none;
  std::uint32_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (is_rule_line(line) && part != Part::source) {
      if (part == Part::head) {
        part = Part::source;
      } else {
        file.cases.emplace_back().line = number + 1;
        part = Part::head;
      }
      continue;
    }
    if (part == Part::none) {
      if (!line.empty()) file.faults.push_back(fmt::format("{}:{}: text before the first case", file.path, number));
      continue;
    }
    CorpusCase& c = file.cases.back();
    if (part == Part::head) {
      if (c.name.empty()) c.name = line;
      else if (line.starts_with(':')) c.attributes.push_back(line.substr(1));
      else file.faults.push_back(fmt::format("{}:{}: a second name", file.path, number));
    } else if (part == Part::source) {
      if (line == "---") part = Part::tree;
      else c.source_as_written += line + '\n';
    } else {
      c.tree += line + '\n';
    }
  }
  std::set<std::string> names;
  for (CorpusCase& c : file.cases) {
    while (c.tree.ends_with("\n\n") || c.tree == "\n") c.tree.pop_back();
    c.source = as_source(c, file.faults, file.path);
    if (!names.insert(c.name).second)
      file.faults.push_back(fmt::format("{}:{}: a second case of this name", file.path, c.line));
  }
  return file;
}

std::vector<std::string> corpus_files(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".txt") paths.push_back(entry.path().generic_string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<std::string> run_corpus(const std::string& path,
                                    const std::function<std::string(const CorpusCase&)>& tree_of) {
  const std::optional<std::string> text = read_file(path);
  if (!text) return {path + ": cannot be read"};
  CorpusFile file = read_corpus(path, *text);
  if (blessing() && file.faults.empty()) {
    for (CorpusCase& c : file.cases) c.tree = tree_of(c);
    if (const std::string now = written(file); now != *text && !write_file(path, now))
      return {path + ": cannot be written"};
  }
  std::vector<std::string> failures = file.faults;
  if (file.cases.empty()) failures.push_back(path + ": has no case");
  for (const CorpusCase& c : file.cases)
    if (const std::string tree = tree_of(c); tree != c.tree)
      failures.push_back(fmt::format("{}:{} ({}): another tree\n{}", path, c.line, c.name, line_diff(c.tree, tree)));
  return failures;
}

}  // namespace dockerlint::test
