// SPDX-License-Identifier: Apache-2.0
// A test report: each file is a test case, which fails when something in it would make the exit status 1. What is
// shown besides is what the test case printed. A suite for each file, as a suite says first how many have failed.
#include "dockerlint/rule.hpp"
#include "report/place.hpp"
#include "report/reporters.hpp"
#include "report/visible.hpp"
#include "report/xml_text.hpp"

#include <fmt/format.h>

#include <iterator>

namespace dockerlint {
namespace {

class JunitReporter final : public Reporter {
 public:
  explicit JunitReporter(const ReportSettings& settings) : directory_(settings.directory) {}

  std::string begin() const override {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"dockerlint\">\n";
  }

  std::string file(const FileReport& report) const override {
    std::string failures, remarks;
    const Diagnostic* worst = nullptr;
    std::size_t count = 0;
    for (const Diagnostic& found : report.findings) {
      const bool fails = report.fail_on && found.severity >= *report.fail_on;
      append_line(fails ? failures : remarks, report.source, found);
      if (!fails) continue;
      ++count;
      if (worst == nullptr || found.severity > worst->severity) worst = &found;
    }
    std::string name;
    append_xml(name, tidy_path(report.source.path(), directory_));
    std::string out = fmt::format(
        "  <testsuite name=\"{0}\" tests=\"1\" failures=\"{1}\" errors=\"0\" skipped=\"0\" time=\"0\">\n"
        "    <testcase name=\"{0}\" classname=\"dockerlint\" file=\"{0}\" time=\"0\"",
        name, count > 0 ? 1 : 0);
    if (report.findings.empty()) return out + "/>\n  </testsuite>\n";
    out += ">\n";
    if (worst != nullptr) {
      out += "      <failure message=\"";
      append_xml(out, worst->message);
      if (count > 1) fmt::format_to(std::back_inserter(out), " (and {} more)", count - 1);
      fmt::format_to(std::back_inserter(out), "\" type=\"{}\">", worst->rule->name);
      append_xml(out, failures, XmlPlace::content);
      out += "</failure>\n";
    }
    if (!remarks.empty()) {
      out += "      <system-out>";
      append_xml(out, remarks, XmlPlace::content);
      out += "</system-out>\n";
    }
    return out + "    </testcase>\n  </testsuite>\n";
  }

  std::string finish(const Totals&) const override { return "</testsuites>\n"; }

 private:
  static void append_line(std::string& out, const SourceText& source, const Diagnostic& found) {
    const LineColumn at = source.line_column(found.range.begin);
    fmt::format_to(std::back_inserter(out), "{}:{}: {}[{}] ", at.line, at.column, to_string(found.severity),
                   found.rule->name);
    append_visible(out, found.message);
    out += '\n';
    for (const std::string& note : found.notes) {
      out += "  note: ";
      append_visible(out, note);
      out += '\n';
    }
  }

  std::string directory_;
};

}  // namespace

std::unique_ptr<Reporter> make_junit_reporter(const ReportSettings& settings) {
  return std::make_unique<JunitReporter>(settings);
}

}  // namespace dockerlint
