// SPDX-License-Identifier: Apache-2.0
// Workflow commands of GitHub Actions, which become annotations:
// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
// GitHub shows ten errors and ten warnings of a step, so the errors of all files come first.
#include "dockerlint/rule.hpp"
#include "report/place.hpp"
#include "report/reporters.hpp"
#include "report/visible.hpp"

#include <fmt/format.h>

#include <iterator>

namespace dockerlint {
namespace {

std::string_view command(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::info:
    case Severity::hint: break;
  }
  return "notice";
}

/// As the runner undoes it. A property ends at a comma or a colon, too.
void append_escaped(std::string& out, std::string_view text, bool property) {
  for (const char c : text) {
    if (c == '%') out += "%25";
    else if (c == '\r') out += "%0D";
    else if (c == '\n') out += "%0A";
    else if (property && c == ':') out += "%3A";
    else if (property && c == ',') out += "%2C";
    else out += c;
  }
}

class GithubReporter final : public Reporter {
 public:
  explicit GithubReporter(const ReportSettings& settings) : directory_(settings.directory) {}

  std::string file(const FileReport& report) const override {
    const SourceText& source = report.source;
    std::string path;
    append_escaped(path, visible(tidy_path(source.path(), directory_)), true);
    std::string out;
    for (const Diagnostic& found : report.findings) {
      const Span at = span_of(source, found.range, Columns::utf16);
      fmt::format_to(std::back_inserter(out), "::{} title=dockerlint ({}),file={},line={},endLine={}",
                     command(found.severity), found.rule->name, path, at.begin.line, at.end.line);
      // GitHub takes columns only of what stands on one line.
      if (at.begin.line == at.end.line)
        fmt::format_to(std::back_inserter(out), ",col={},endColumn={}", at.begin.column, at.end.column);
      out += "::";
      append_escaped(out, message(found), false);
      out += '\n';
    }
    return out;
  }

  bool worst_first() const override { return true; }

 private:
  static std::string message(const Diagnostic& found) {
    std::string text;
    append_visible(text, found.message);
    for (const std::string& note : found.notes) {
      text += "\nnote: ";
      append_visible(text, note);
    }
    if (found.fix) {
      text += found.fix->applicability == Applicability::safe     ? "\nfix: "
              : found.fix->applicability == Applicability::unsafe ? "\nfix (unsafe): "
                                                                  : "\nsuggestion: ";
      append_visible(text, found.fix->title);
    }
    return text;
  }

  std::string directory_;
};

}  // namespace

std::unique_ptr<Reporter> make_github_reporter(const ReportSettings& settings) {
  return std::make_unique<GithubReporter>(settings);
}

}  // namespace dockerlint
