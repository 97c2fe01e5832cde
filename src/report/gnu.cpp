// SPDX-License-Identifier: Apache-2.0
// Error messages as compilers write them: https://www.gnu.org/prep/standards/html_node/Errors.html
// A finding begins with `path:line:column:`, which every tool that reads such messages knows. The places that explain
// it follow as notes, with their ranges in the standard's form: `path:line.column-line.column:`, the end inclusive.
#include "dockerlint/rule.hpp"
#include "report/place.hpp"
#include "report/reporters.hpp"
#include "report/visible.hpp"

#include <fmt/format.h>

#include <iterator>

namespace dockerlint {
namespace {

std::string range_text(const Span& at) {
  const std::uint32_t last = std::max(at.end.column, 2U) - 1;
  if (at.begin.line != at.end.line)
    return fmt::format("{}.{}-{}.{}", at.begin.line, at.begin.column, at.end.line, last);
  if (last <= at.begin.column) return fmt::format("{}:{}", at.begin.line, at.begin.column);
  return fmt::format("{}.{}-{}", at.begin.line, at.begin.column, last);
}

class GnuReporter final : public Reporter {
 public:
  std::string file(const FileReport& report) const override {
    const SourceText& source = report.source;
    const std::string path = visible(source.path());
    std::string out;
    for (const Diagnostic& found : report.findings) {
      const Span at = span_of(source, found.range, Columns::display);
      fmt::format_to(std::back_inserter(out), "{}:{}:{}: {}: ", path, at.begin.line, at.begin.column,
                     to_string(found.severity));
      append_visible(out, found.message);
      fmt::format_to(std::back_inserter(out), " [{}]\n", found.rule->name);
      for (const Label& label : found.labels) {
        fmt::format_to(std::back_inserter(out), "{}:{}: note: ", path,
                       range_text(span_of(source, label.range, Columns::display)));
        append_visible(out, label.text);
        out += '\n';
      }
      for (const Elsewhere& there : found.elsewhere) {
        fmt::format_to(std::back_inserter(out), "{}:{}:{}: note: ", visible(there.path), there.at.line,
                       there.at.column);
        append_visible(out, there.text);
        out += '\n';
      }
    }
    return out;
  }
};

}  // namespace

std::unique_ptr<Reporter> make_gnu_reporter() { return std::make_unique<GnuReporter>(); }

}  // namespace dockerlint
