// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"
#include "report/reporters.hpp"
#include "report/visible.hpp"

#include <fmt/format.h>

#include <iterator>

namespace dockerlint {
namespace {

class ConciseReporter final : public Reporter {
 public:
  explicit ConciseReporter(bool color) : palette_(color) {}

  std::string file(const FileReport& report) const override {
    const SourceText& source = report.source;
    const std::string path = visible(source.path());
    std::string out;
    for (const Diagnostic& found : report.findings) {
      const LineColumn at = source.line_column(found.range.begin);
      fmt::format_to(std::back_inserter(out), "{}{}{}:{}:{}: {}{}[{}]{} ", palette_.bold, path, palette_.reset, at.line,
                     at.column, palette_.of(found.severity), to_string(found.severity), found.rule->name,
                     palette_.reset);
      append_visible(out, found.message);
      out += '\n';
    }
    return out;
  }

 private:
  Palette palette_;
};

}  // namespace

std::unique_ptr<Reporter> make_concise_reporter(bool color) { return std::make_unique<ConciseReporter>(color); }

}  // namespace dockerlint
