// SPDX-License-Identifier: Apache-2.0
#include "report/step_summary.hpp"

#include "dockerlint/rule.hpp"
#include "report/place.hpp"
#include "report/visible.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace dockerlint {
namespace {

constexpr std::size_t kMostBytes = 512 * 1024;  // other steps of the same kind may have written before us

/// Text that Markdown leaves as it is, in a cell of a table.
std::string plain(std::string_view text) {
  constexpr std::string_view kSpecial = "\\`*_[]<>|~&#$@";
  std::string out;
  for (const char c : visible(text)) {
    if (kSpecial.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

class StepSummaryReporter final : public Reporter {
 public:
  explicit StepSummaryReporter(const ReportSettings& settings) : directory_(settings.directory) {}

  std::string file(const FileReport& report) const override {
    const SourceText& source = report.source;
    const std::string path = plain(tidy_path(source.path(), directory_));
    std::string out;
    for (const Diagnostic& found : report.findings) {
      const LineColumn at = source.line_column(found.range.begin);
      fmt::format_to(std::back_inserter(out), "| {} | {}:{}:{} | {} | {} |\n", to_string(found.severity), path, at.line,
                     at.column, found.rule->name, plain(found.message));
    }
    return out;
  }

  bool worst_first() const override { return true; }

 private:
  std::string directory_;
};

}  // namespace

std::unique_ptr<Reporter> make_step_summary_reporter(const ReportSettings& settings) {
  return std::make_unique<StepSummaryReporter>(settings);
}

std::string step_summary(std::string_view rows, std::string_view closing) {
  std::string out = "## dockerlint\n\n";
  if (!rows.empty()) out += "| severity | place | rule | finding |\n|---|---|---|---|\n";
  std::string_view shown = rows.substr(0, kMostBytes);
  if (shown.size() < rows.size()) shown = shown.substr(0, shown.rfind('\n') + 1);
  out += shown;
  if (!rows.empty()) out += '\n';
  if (const auto more = std::count(rows.begin() + static_cast<std::ptrdiff_t>(shown.size()), rows.end(), '\n');
      more > 0)
    fmt::format_to(std::back_inserter(out), "{} more findings are not shown here.\n\n", more);
  fmt::format_to(std::back_inserter(out), "{}\n\n", closing);
  return out;
}

}  // namespace dockerlint
