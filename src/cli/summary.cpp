// SPDX-License-Identifier: Apache-2.0
#include "cli/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace dockerlint::cli {
namespace {

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

RuleCount& Summary::of(const Rule& rule) {
  auto found = std::find_if(rules.begin(), rules.end(), [&](const RuleCount& c) { return c.rule == &rule; });
  if (found == rules.end()) found = rules.insert(found, {&rule});
  return *found;
}

void Summary::add(const Summary& file) {
  files += file.files;
  findings += file.findings;
  fixable += file.fixable;
  fixable_unsafe += file.fixable_unsafe;
  fixed += file.fixed;
  files_with_findings += file.files_with_findings;
  fixed_files += file.fixed_files;
  known += file.known;
  unchanged += file.unchanged;
  ignored += file.ignored;
  ignored_files += file.ignored_files;
  for (const RuleCount& more : file.rules) {
    RuleCount& count = of(*more.rule);
    count.findings += more.findings;
    count.fixable += more.fixable;
    count.suppressed += more.suppressed;
  }
}

std::string Summary::closing(const Options& options) const {
  const bool fixes = options.fix || options.diff;
  std::string out;
  if (options.add_ignores) {
    if (ignored == 0) return fmt::format("{}, nothing to ignore", counted(files, "file"));
    return fmt::format("{} {} in {}", options.diff ? "would ignore" : "now ignored:", counted(ignored, "finding"),
                       counted(ignored_files, "file"));
  }
  if (fixed > 0)
    out = fmt::format("{} {} in {}", options.diff ? "would fix" : "fixed", counted(fixed, "finding"),
                      counted(fixed_files, "file"));
  if (options.fix_only) return out.empty() ? fmt::format("{}, nothing to fix", counted(files, "file")) : out;
  if (findings == 0) {
    out += fixed > 0 ? ", nothing left" : counted(files, "file") + ", no findings";
  } else {
    if (fixed > 0) {
      out += fmt::format(", {} left", findings);
    } else {
      const bool some = files_with_findings < files;
      out = fmt::format("{} in {}{}", counted(findings, "finding"),
                        some ? fmt::format("{} of ", files_with_findings) : "", counted(files, "file"));
    }
    const bool more_unsafe = fixable_unsafe > 0 && options.at_least > Applicability::unsafe;
    if (!fixes && fixable > 0)
      out += fmt::format(", {} fixable with --fix{}", fixable,
                         more_unsafe ? fmt::format(", {} more with --unsafe-fixes", fixable_unsafe) : "");
    else if (more_unsafe)
      out += fmt::format(", {} fixable with {}--unsafe-fixes", fixable_unsafe, fixes ? "" : "--fix ");
  }
  if (known > 0) out += fmt::format(", {} in the baseline", known);
  if (unchanged > 0) out += fmt::format(", {} on unchanged lines", unchanged);
  return out;
}

std::string Summary::table() const {
  std::vector<RuleCount> sorted = rules;
  std::sort(sorted.begin(), sorted.end(), [](const RuleCount& a, const RuleCount& b) {
    return a.findings != b.findings ? a.findings > b.findings : a.rule->name < b.rule->name;
  });
  std::size_t number_width = 0;
  std::size_t name_width = 0;
  for (const RuleCount& count : sorted) {
    number_width = std::max(number_width, fmt::formatted_size("{}", count.findings));
    name_width = std::max(name_width, count.rule->name.size());
  }
  std::string out;
  for (const RuleCount& count : sorted) {
    fmt::format_to(std::back_inserter(out), "{:>{}}  ", count.findings, number_width);
    if (count.fixable > 0)
      fmt::format_to(std::back_inserter(out), "{:<{}}  {} fixable\n", count.rule->name, name_width, count.fixable);
    else fmt::format_to(std::back_inserter(out), "{}\n", count.rule->name);
  }
  return out;
}

}  // namespace dockerlint::cli
