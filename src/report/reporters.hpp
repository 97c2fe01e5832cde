// SPDX-License-Identifier: Apache-2.0
#pragma once
// The reporters, one a format; make_reporter() is the way to them. And what text and concise have in common.

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

/// Colours as terminals know them; all empty when there are to be none.
struct Palette {
  std::string_view bold, frame, reset;
  std::string_view error, warning, info, hint;

  explicit Palette(bool color);
  std::string_view of(Severity severity) const;
};

}  // namespace dockerlint
