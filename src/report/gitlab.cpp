// SPDX-License-Identifier: Apache-2.0
// GitLab's Code Quality report: https://docs.gitlab.com/ci/testing/code_quality/
// GitLab drops all but one of the findings that have the same fingerprint, so that of a file counts its path as well.
#include "dockerlint/rule.hpp"
#include "report/climate.hpp"
#include "report/fingerprint.hpp"
#include "report/json_text.hpp"
#include "report/place.hpp"
#include "report/reporters.hpp"

namespace dockerlint {
namespace {

class GitlabReporter final : public Reporter {
 public:
  explicit GitlabReporter(const ReportSettings& settings) : directory_(settings.directory) {}

  std::string begin() const override { return "["; }

  std::string file(const FileReport& report) const override {
    const SourceText& source = report.source;
    const std::string path = tidy_path(source.path(), directory_);
    Fingerprints fingerprints(source, path);
    std::string out;
    for (const Diagnostic& found : report.findings) {
      out += out.empty() ? "\n  " : ",\n  ";
      const Span at = span_of(source, found.range, Columns::utf16);
      JsonWriter json(out);
      json.object([&] {
        json.member("description", found.message);
        json.member("check_name", found.rule->name);
        json.member("fingerprint", fingerprints.next(found));
        json.member("severity", climate_severity(found.severity));
        json.object("location", [&] {
          json.member("path", path);
          json.object("lines", [&] {
            json.member("begin", at.begin.line);
            json.member("end", at.end.line);
          });
        });
      });
    }
    return out;
  }

  std::string_view separator() const override { return ","; }

  std::string finish(const Totals& totals) const override { return totals.findings == 0 ? "]\n" : "\n]\n"; }

 private:
  std::string directory_;
};

}  // namespace

std::unique_ptr<Reporter> make_gitlab_reporter(const ReportSettings& settings) {
  return std::make_unique<GitlabReporter>(settings);
}

}  // namespace dockerlint
