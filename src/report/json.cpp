// SPDX-License-Identifier: Apache-2.0
// The object that docs/findings.schema.json describes; one finding a line.
#include "report/finding_json.hpp"
#include "report/reporters.hpp"

#include <fmt/format.h>

namespace dockerlint {
namespace {

class JsonReporter final : public Reporter {
 public:
  std::string begin() const override {
    return "{ \"version\": 1, \"tool\": { \"name\": \"dockerlint\", \"version\": \"" DOCKERLINT_VERSION
           "\" },\n  \"findings\": [";
  }

  std::string file(const FileReport& report) const override {
    std::string out;
    for (const Diagnostic& found : report.findings) {
      out += out.empty() ? "\n    " : ",\n    ";
      append_finding_json(out, report.source, found);
    }
    return out;
  }

  std::string_view separator() const override { return ","; }

  std::string finish(const Totals& totals) const override {
    return fmt::format(
        "{}],\n  \"summary\": {{ \"files\": {}, \"findings\": {}, \"fixable\": {}, \"fixableUnsafe\": {}, "
        "\"fixed\": {} }} }}\n",
        totals.findings == 0 ? "" : "\n  ", totals.files, totals.findings, totals.fixable, totals.fixable_unsafe,
        totals.fixed);
  }
};

}  // namespace

std::unique_ptr<Reporter> make_json_reporter() { return std::make_unique<JsonReporter>(); }

}  // namespace dockerlint
