// SPDX-License-Identifier: Apache-2.0
// The object that docs/findings.schema.json describes; one finding a line.
#include "dockerlint/rule.hpp"
#include "report/json_text.hpp"
#include "report/reporters.hpp"

#include <fmt/format.h>

#include <iterator>

namespace dockerlint {
namespace {

class Writer {
 public:
  Writer(std::string& out, const SourceText& source) : out_(out), source_(source) {}

  void finding(const Diagnostic& found) {
    out_ += "    { \"rule\": ";
    append_json(out_, found.rule->name);
    out_ += ", \"aliases\": [";
    aliases(found.rule->aliases);
    out_ += "], \"severity\": ";
    append_json(out_, to_string(found.severity));
    out_ += ", \"message\": ";
    append_json(out_, found.message);
    out_ += ", \"notes\": [";
    std::string_view comma;
    for (const std::string& note : found.notes) {
      out_ += comma;
      append_json(out_, note);
      comma = ", ";
    }
    out_ += "], ";
    place(found.range);
    out_ += ", \"related\": [";
    comma = "";
    for (const Label& label : found.labels) {
      out_ += comma;
      out_ += "{ ";
      place(label.range);
      out_ += ", \"message\": ";
      append_json(out_, label.text);
      out_ += " }";
      comma = ", ";
    }
    out_ += ']';
    if (found.fix) fix(*found.fix);
    out_ += " }";
  }

 private:
  void aliases(std::string_view names) {
    std::string_view comma;
    while (!names.empty()) {
      const std::string_view name = names.substr(0, names.find(' '));
      names.remove_prefix(std::min(names.size(), name.size() + 1));
      if (name.empty()) continue;
      out_ += comma;
      append_json(out_, name);
      comma = ", ";
    }
  }

  void place(TextRange range) {
    const LineColumn begin = source_.line_column(range.begin);
    const LineColumn end = range.empty() ? begin : source_.line_column(range.end);
    out_ += "\"path\": ";
    append_json(out_, source_.path());
    fmt::format_to(std::back_inserter(out_), R"(, "line": {}, "column": {}, "endLine": {}, "endColumn": {})",
                   begin.line, begin.column, end.line, end.column);
  }

  void fix(const Fix& fix) {
    out_ += ", \"fix\": { \"applicability\": ";
    append_json(out_, to_string(fix.applicability));
    out_ += ", \"title\": ";
    append_json(out_, fix.title);
    out_ += ", \"edits\": [";
    std::string_view comma;
    for (const TextEdit& edit : fix.edits) {
      out_ += comma;
      out_ += "{ ";
      place(edit.range);
      fmt::format_to(std::back_inserter(out_), R"(, "offset": {}, "endOffset": {}, "text": )", edit.range.begin,
                     edit.range.end);
      append_json(out_, edit.text);
      out_ += " }";
      comma = ", ";
    }
    out_ += "] }";
  }

  std::string& out_;
  const SourceText& source_;
};

class JsonReporter final : public Reporter {
 public:
  std::string begin() const override {
    return "{ \"version\": 1, \"tool\": { \"name\": \"dockerlint\", \"version\": \"" DOCKERLINT_VERSION
           "\" },\n  \"findings\": [";
  }

  std::string file(const FileReport& report) const override {
    std::string out;
    Writer writer(out, report.document.source());
    std::string_view separator = "\n";
    for (const Diagnostic& found : report.findings) {
      out += separator;
      writer.finding(found);
      separator = ",\n";
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
