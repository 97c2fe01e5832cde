// SPDX-License-Identifier: Apache-2.0
#include "sweep/against.hpp"

#include "dockerlint/model.hpp"
#include "dockerlint/rule.hpp"
#include "sweep/process.hpp"

#include <fmt/format.h>

#include <regex>

namespace dockerlint::sweep {
namespace {

using ByLine = std::multimap<std::uint32_t, std::string>;

ByLine our_findings(const Document& document) {
  ByLine found;
  for (const Diagnostic& finding : lint(document, Config{}, Catalog::builtin()))
    found.emplace(document.source().line_of(finding.range.begin), finding.rule->name);
  return found;
}

/// A code such as DL3008 or InvalidDefaultArgInFrom, else the first words.
std::string name_in(const std::string& message) {
  static const std::regex code(R"(\b([A-Z]{2,}[0-9]+|([A-Z][a-z]+){2,}|[a-z]+/[a-z-]+)\b)");
  std::smatch match;
  if (std::regex_search(message, match, code)) return match.str();
  constexpr std::size_t kFew = 40;
  return message.substr(0, kFew);
}

ByLine their_findings(const std::string& output) {
  static const std::regex line(R"(:([0-9]{1,8})(?::[0-9]+)?:? *(.*))");
  ByLine found;
  for (std::size_t at = 0; at < output.size();) {
    const std::size_t end = std::min(output.find('\n', at), output.size());
    const std::string text = output.substr(at, end - at);
    std::smatch match;
    if (std::regex_search(text, match, line))
      found.emplace(static_cast<std::uint32_t>(std::stoul(match.str(1))), name_in(match.str(2)));
    at = end + 1;
  }
  return found;
}

void count(std::map<std::string, Counted>& counts, const std::string& what, const std::string& where) {
  Counted& counted = counts[what];
  if (counted.times++ == 0) counted.first = where;
}

void compare_findings(const Case& input, const ByLine& ours, const ByLine& theirs, Differences& differences) {
  const auto place = [&](std::uint32_t line) { return fmt::format("{}:{}", input.name, line); };
  for (const auto& [line, rule] : ours) {
    if (theirs.count(line) > 0) ++differences.agreed;
    else count(differences.only_we, rule, place(line));
  }
  for (const auto& [line, name] : theirs)
    if (ours.count(line) == 0) count(differences.only_they, name, place(line));
}

void compare_verdicts(const Case& input, const Document& document, bool they_accept, Differences& differences) {
  const Model model(document);
  std::string why;
  if (!document.errors().empty()) why = document.errors().front().message;
  else if (!model.errors().empty()) why = model.errors().front().message;
  if (why.empty() == they_accept) ++differences.agreed;
  else if (they_accept) count(differences.only_we, "refused: " + why, input.name);
  else count(differences.only_they, "refused", input.name);
}

}  // namespace

void Differences::add(const Differences& other) {
  agreed += other.agreed;
  const auto merge = [](std::map<std::string, Counted>& into, const std::map<std::string, Counted>& from) {
    for (const auto& [what, counted] : from) {
      Counted& sum = into[what];
      if (sum.times == 0) sum.first = counted.first;
      sum.times += counted.times;
    }
  };
  merge(only_we, other.only_we);
  merge(only_they, other.only_they);
}

Differences compare(const Case& input, const Against& against) {
  Differences differences;
  const Ran ran = with_file(input.bytes, [&](const std::string& path) {
    return run_program({"sh", "-c", against.command + " \"$@\"", "sh", path}, {});
  });
  const Document document = Document::parse("Dockerfile", input.bytes);
  if (against.verdicts) compare_verdicts(input, document, ran.good(), differences);
  else compare_findings(input, our_findings(document), their_findings(ran.out), differences);
  return differences;
}

}  // namespace dockerlint::sweep
