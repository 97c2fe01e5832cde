// SPDX-License-Identifier: Apache-2.0
#pragma once
// The reporters, one a format; make_reporter() is the way to them. And what several of them have in common.

#include "dockerlint/report.hpp"

namespace dockerlint {

std::unique_ptr<Reporter> make_text_reporter(const ReportSettings& settings);
std::unique_ptr<Reporter> make_concise_reporter(bool color);
std::unique_ptr<Reporter> make_json_reporter();
std::unique_ptr<Reporter> make_jsonl_reporter();
std::unique_ptr<Reporter> make_sarif_reporter(const ReportSettings& settings);
std::unique_ptr<Reporter> make_github_reporter(const ReportSettings& settings);
std::unique_ptr<Reporter> make_gitlab_reporter(const ReportSettings& settings);
std::unique_ptr<Reporter> make_codeclimate_reporter(const ReportSettings& settings);
std::unique_ptr<Reporter> make_checkstyle_reporter(const ReportSettings& settings);
std::unique_ptr<Reporter> make_junit_reporter(const ReportSettings& settings);
std::unique_ptr<Reporter> make_gnu_reporter();
std::unique_ptr<Reporter> make_rdjson_reporter(const ReportSettings& settings);

/// Calls `write(finding, null)` for those that are shown and `write(finding, hidden)` for the others, each in its place, so
/// that one which becomes hidden moves none of those behind it.
template <typename Write>
void by_place(const FileReport& report, const Write& write) {
  auto hidden = report.suppressed.begin();
  for (const Diagnostic& found : report.findings) {
    for (; hidden != report.suppressed.end() && hidden->finding.range.begin < found.range.begin; ++hidden)
      write(hidden->finding, &*hidden);
    write(found, nullptr);
  }
  for (; hidden != report.suppressed.end(); ++hidden) write(hidden->finding, &*hidden);
}

/// Colours as terminals know them; all empty when there are to be none.
struct Palette {
  std::string_view bold, frame, reset;
  std::string_view error, warning, info, hint;

  explicit Palette(bool color);
  std::string_view of(Severity severity) const;
};

}  // namespace dockerlint
