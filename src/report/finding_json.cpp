// SPDX-License-Identifier: Apache-2.0
#include "report/finding_json.hpp"

#include "dockerlint/rule.hpp"
#include "report/json_text.hpp"
#include "report/place.hpp"

namespace dockerlint {
namespace {

class Writer {
 public:
  Writer(std::string& out, const SourceText& source) : json_(out), source_(source) {}

  void finding(const Diagnostic& found) {
    json_.object([&] {
      json_.member("rule", found.rule->name);
      json_.array("aliases",
                  [&] { each_word(found.rule->aliases, [&](std::string_view alias) { json_.text(alias); }); });
      json_.member("severity", to_string(found.severity));
      json_.member("message", found.message);
      json_.array("notes", [&] {
        for (const std::string& note : found.notes) json_.text(note);
      });
      place(found.range);
      json_.array("related", [&] {
        for (const Label& label : found.labels) {
          json_.object([&] {
            place(label.range);
            json_.member("message", label.text);
          });
        }
        for (const Elsewhere& there : found.elsewhere) {
          json_.object([&] {
            json_.member("path", there.path);
            json_.member("line", there.at.line);
            json_.member("column", there.at.column);
            json_.member("endLine", there.at.line);
            json_.member("endColumn", there.at.column);
            json_.member("message", there.text);
          });
        }
      });
      if (found.fix) fix(*found.fix);
    });
  }

 private:
  void place(TextRange range) {
    const LineColumn begin = source_.line_column(range.begin);
    const LineColumn end = range.empty() ? begin : source_.line_column(range.end);
    json_.member("path", source_.path());
    json_.member("line", begin.line);
    json_.member("column", begin.column);
    json_.member("endLine", end.line);
    json_.member("endColumn", end.column);
  }

  void fix(const Fix& fix) {
    json_.object("fix", [&] {
      json_.member("applicability", to_string(fix.applicability));
      json_.member("title", fix.title);
      json_.array("edits", [&] {
        for (const TextEdit& edit : fix.edits) {
          json_.object([&] {
            place(edit.range);
            json_.member("offset", edit.range.begin);
            json_.member("endOffset", edit.range.end);
            json_.member("text", edit.text);
          });
        }
      });
    });
  }

  JsonWriter json_;
  const SourceText& source_;
};

}  // namespace

void append_finding_json(std::string& out, const SourceText& source, const Diagnostic& found) {
  Writer(out, source).finding(found);
}

}  // namespace dockerlint
