// SPDX-License-Identifier: Apache-2.0
// Reviewdog's diagnostic format, which its users get as comments with "commit suggestion":
// https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
// Columns count bytes, ends are exclusive.
#include "dockerlint/rule.hpp"
#include "report/json_text.hpp"
#include "report/place.hpp"
#include "report/reporters.hpp"
#include "text/utf8.hpp"

namespace dockerlint {
namespace {

constexpr TextSize kLongest = 4096;  // bytes that one suggestion may replace

std::string_view level(Severity severity) {
  switch (severity) {
    case Severity::error: return "ERROR";
    case Severity::warning: return "WARNING";
    case Severity::info:
    case Severity::hint: break;
  }
  return "INFO";
}

class Writer {
 public:
  Writer(std::string& out, const SourceText& source, std::string_view path, std::string_view directory)
      : json_(out), source_(source), path_(path), directory_(directory) {}

  void diagnostic(const Diagnostic& found) {
    json_.object([&] {
      json_.member("message", message(found));
      location(found.range);
      json_.member("severity", level(found.severity));
      json_.object("code", [&] { json_.member("value", found.rule->name); });
      // A suggestion is one click from being committed, and nothing in it can say how far it may be trusted.
      if (found.fix && found.fix->applicability == Applicability::safe) suggest(found.fix->edits);
      if (found.labels.empty() && found.elsewhere.empty()) return;
      json_.array("related_locations", [&] {
        for (const Label& label : found.labels) {
          json_.object([&] {
            json_.member("message", label.text);
            location(label.range);
          });
        }
        for (const Elsewhere& there : found.elsewhere) {
          json_.object([&] {
            json_.member("message", there.text);
            json_.object("location", [&] {
              json_.member("path", tidy_path(there.path, directory_));
              range({there.at, there.at});
            });
          });
        }
      });
    });
  }

 private:
  static std::string message(const Diagnostic& found) {
    std::string text = found.message;
    for (const std::string& note : found.notes) (text += "\nnote: ") += note;
    if (found.fix && found.fix->applicability == Applicability::unsafe)
      (text += "\nfix (unsafe): ") += found.fix->title;
    return text;
  }

  /// Each suggestion can be taken alone, a fix only whole: so its edits are made into one.
  void suggest(const std::vector<TextEdit>& edits) {
    if (edits.empty()) return;
    TextRange all = edits.front().range;
    for (const TextEdit& edit : edits) all = cover(all, edit.range);
    if (all.size() > kLongest) return;
    std::vector<const TextEdit*> sorted;
    for (const TextEdit& edit : edits) sorted.push_back(&edit);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const TextEdit* a, const TextEdit* b) { return a->range.begin < b->range.begin; });
    std::string text;
    TextSize at = all.begin;
    for (const TextEdit* edit : sorted) {
      text += source_.slice({at, edit->range.begin});
      text += edit->text;
      at = edit->range.end;
    }
    if (!is_utf8(text)) return;  // JSON would change it
    json_.array("suggestions", [&] {
      json_.object([&] {
        range({place_of(source_, all.begin, Columns::bytes), place_of(source_, all.end, Columns::bytes)});
        json_.member("text", text);
      });
    });
  }

  void location(TextRange where) {
    json_.object("location", [&] {
      json_.member("path", path_);
      range(span_of(source_, where, Columns::bytes));
    });
  }

  void range(const Span& at) {
    json_.object("range", [&] {
      position("start", at.begin);
      position("end", at.end);
    });
  }

  void position(std::string_view name, const LineColumn& place) {
    json_.object(name, [&] {
      json_.member("line", place.line);
      json_.member("column", place.column);
    });
  }

  JsonWriter json_;
  const SourceText& source_;
  std::string_view path_;
  std::string_view directory_;
};

class RdjsonReporter final : public Reporter {
 public:
  explicit RdjsonReporter(const ReportSettings& settings) : directory_(settings.directory) {}

  std::string begin() const override { return "{ \"source\": { \"name\": \"dockerlint\" },\n  \"diagnostics\": ["; }

  std::string file(const FileReport& report) const override {
    const SourceText& source = report.source;
    const std::string path = tidy_path(source.path(), directory_);
    std::string out;
    for (const Diagnostic& found : report.findings) {
      out += out.empty() ? "\n    " : ",\n    ";
      Writer(out, source, path, directory_).diagnostic(found);
    }
    return out;
  }

  std::string_view separator() const override { return ","; }

  std::string finish(const Totals& totals) const override { return totals.findings == 0 ? "] }\n" : "\n  ] }\n"; }

 private:
  std::string directory_;
};

}  // namespace

std::unique_ptr<Reporter> make_rdjson_reporter(const ReportSettings& settings) {
  return std::make_unique<RdjsonReporter>(settings);
}

}  // namespace dockerlint
