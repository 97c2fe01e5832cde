// SPDX-License-Identifier: Apache-2.0
// The findings of the format json, each a document of its own on a line of its own.
#include "report/finding_json.hpp"
#include "report/reporters.hpp"

namespace dockerlint {
namespace {

class JsonlReporter final : public Reporter {
 public:
  std::string file(const FileReport& report) const override {
    std::string out;
    for (const Diagnostic& found : report.findings) {
      append_finding_json(out, report.source, found);
      out += '\n';
    }
    return out;
  }
};

}  // namespace

std::unique_ptr<Reporter> make_jsonl_reporter() { return std::make_unique<JsonlReporter>(); }

}  // namespace dockerlint
