// SPDX-License-Identifier: Apache-2.0
// What an engine of Code Climate prints: issues, each a JSON document with a NUL behind it.
// https://github.com/codeclimate/platform/blob/master/spec/analyzers/SPEC.md
#include "dockerlint/rule.hpp"
#include "report/climate.hpp"
#include "report/fingerprint.hpp"
#include "report/json_text.hpp"
#include "report/place.hpp"
#include "report/reporters.hpp"

namespace dockerlint {
namespace {

class CodeclimateReporter final : public Reporter {
 public:
  explicit CodeclimateReporter(const ReportSettings& settings) : directory_(settings.directory) {}

  std::string file(const FileReport& report) const override {
    const SourceText& source = report.source;
    const std::string path = tidy_path(source.path(), directory_);
    Fingerprints fingerprints(source, path);
    std::string out;
    for (const Diagnostic& found : report.findings) {
      JsonWriter json(out);
      json.object([&] {
        json.member("type", "issue");
        json.member("check_name", found.rule->name);
        json.member("description", found.message);
        if (!found.notes.empty()) json.object("content", [&] { json.member("body", body(found)); });
        json.array("categories", [&] { json.text("Bug Risk"); });
        location(json, "location", path, span_of(source, found.range, Columns::utf16));
        if (!found.labels.empty() || !found.elsewhere.empty()) {
          json.array("other_locations", [&] {
            for (const Label& label : found.labels)
              json.object([&] { positions(json, path, span_of(source, label.range, Columns::utf16)); });
            for (const Elsewhere& there : found.elsewhere)
              json.object([&] { positions(json, tidy_path(there.path, directory_), {there.at, there.at}); });
          });
        }
        json.member("severity", climate_severity(found.severity));
        json.member("fingerprint", fingerprints.next(found));
      });
      out += '\0';
      out += '\n';
    }
    return out;
  }

 private:
  static std::string body(const Diagnostic& found) {
    std::string text;
    for (const std::string& note : found.notes) {
      if (!text.empty()) text += "\n\n";
      text += note;
    }
    return text;
  }

  static void location(JsonWriter& json, std::string_view name, std::string_view path, const Span& at) {
    json.object(name, [&] { positions(json, path, at); });
  }

  static void positions(JsonWriter& json, std::string_view path, const Span& at) {
    const auto position = [&](std::string_view name, const LineColumn& place) {
      json.object(name, [&] {
        json.member("line", place.line);
        json.member("column", place.column);
      });
    };
    json.member("path", path);
    json.object("positions", [&] {
      position("begin", at.begin);
      position("end", at.end);
    });
  }

  std::string directory_;
};

}  // namespace

std::unique_ptr<Reporter> make_codeclimate_reporter(const ReportSettings& settings) {
  return std::make_unique<CodeclimateReporter>(settings);
}

}  // namespace dockerlint
