// SPDX-License-Identifier: Apache-2.0
// The XML that Checkstyle writes and that most services for code review read.
#include "dockerlint/rule.hpp"
#include "report/place.hpp"
#include "report/reporters.hpp"
#include "report/xml_text.hpp"

#include <fmt/format.h>

#include <iterator>

namespace dockerlint {
namespace {

/// Checkstyle knows no hints.
std::string_view level(Severity severity) { return to_string(severity == Severity::hint ? Severity::info : severity); }

class CheckstyleReporter final : public Reporter {
 public:
  explicit CheckstyleReporter(const ReportSettings& settings) : directory_(settings.directory) {}

  std::string begin() const override {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n";
  }

  std::string file(const FileReport& report) const override {
    const SourceText& source = report.source;
    std::string out = "  <file name=\"";
    append_xml(out, tidy_path(source.path(), directory_));
    if (report.findings.empty()) return out + "\"/>\n";
    out += "\">\n";
    for (const Diagnostic& found : report.findings) {
      const LineColumn at = span_of(source, found.range, Columns::utf16).begin;
      fmt::format_to(std::back_inserter(out), "    <error line=\"{}\" column=\"{}\" severity=\"{}\" message=\"",
                     at.line, at.column, level(found.severity));
      append_xml(out, found.message);
      // Readers take what stands before the last dot for a category.
      fmt::format_to(std::back_inserter(out), "\" source=\"dockerlint.{}\"/>\n", found.rule->name);
    }
    return out + "  </file>\n";
  }

  std::string finish(const Totals&) const override { return "</checkstyle>\n"; }

 private:
  std::string directory_;
};

}  // namespace

std::unique_ptr<Reporter> make_checkstyle_reporter(const ReportSettings& settings) {
  return std::make_unique<CheckstyleReporter>(settings);
}

}  // namespace dockerlint
