// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/report.hpp"
#include "dockerlint/rule.hpp"
#include "report/assembly.hpp"
#include "report/fingerprint.hpp"
#include "report/json_text.hpp"
#include "report/place.hpp"
#include "report/step_summary.hpp"
#include "report/visible.hpp"
#include "report/xml_text.hpp"
#include "support/catch.hpp"

#include <fmt/format.h>

using namespace dockerlint;

namespace {

void check_nothing(RuleContext&) {}

constexpr Rule kRule{.name = "group/name",
                     .summary = "something",
                     .severity = Severity::warning,
                     .fix = FixKind::none,
                     .since = "0.1.0",
                     .aliases = "DL1 Two",
                     .check = check_nothing};

Diagnostic finding(TextRange range) {
  Diagnostic found;
  found.rule = &kRule;
  found.message = "wrong";
  found.range = range;
  return found;
}

/// The place of `piece` in `text`.
TextRange at(std::string_view text, std::string_view piece) {
  const auto begin = static_cast<TextSize>(text.find(piece));
  return {begin, begin + static_cast<TextSize>(piece.size())};
}

std::string render(Format format, const std::string& text, const Diagnostic& found, std::string path = "Dockerfile",
                   bool color = false) {
  const Document document = Document::parse(std::move(path), text);
  return make_reporter(format, {.color = color, .directory = {}})->file({document.source(), {&found, 1}});
}

/// The excerpt: all between the place and the notes.
std::string excerpt(const std::string& text, const Diagnostic& found) {
  const std::string out = render(Format::text, text, found);
  const std::size_t begin = out.find('\n', out.find("-->")) + 1;
  return out.substr(begin);
}

}  // namespace

TEST_CASE("text: message, place, excerpt, note, fix") {
  const std::string text = "FROM debian:12\nRUN --mount=type=cache apt-get update\n";
  Diagnostic found = finding(at(text, "--mount=type=cache"));
  found.notes.push_back("why");
  found.fix = Fix{Applicability::safe, "do", {}};
  CHECK(render(Format::text, text, found) ==
        "warning[group/name]: wrong\n"
        " --> Dockerfile:2:5\n"
        "  |\n"
        "2 | RUN --mount=type=cache apt-get update\n"
        "  |     ^^^^^^^^^^^^^^^^^^\n"
        "  = note: why\n"
        "  = fix: do\n");
  found.fix->applicability = Applicability::unsafe;
  CHECK(render(Format::text, text, found).find("  = fix (unsafe): do\n") != std::string::npos);
  found.fix->applicability = Applicability::display_only;
  CHECK(render(Format::text, text, found).find("  = suggestion: do\n") != std::string::npos);
}

TEST_CASE("text: the lines between two places are left out") {
  const std::string text = "FROM a AS build\nRUN x\nRUN y\n\n\nRUN z\n\nRUN c\nRUN v\nCOPY --from=build /x /\n";
  Diagnostic found = finding(at(text, "/x"));
  found.labels.push_back({at(text, "RUN y"), "made here"});
  found.labels.push_back({at(text, "build"), ""});
  CHECK(excerpt(text, found) ==
        "   |\n"
        " 1 | FROM a AS build\n"
        "   |           -----\n"
        " 2 | RUN x\n"
        " 3 | RUN y\n"
        "   | ----- made here\n"
        "...\n"
        "10 | COPY --from=build /x /\n"
        "   |                   ^^\n");
}

TEST_CASE("text: of several lines the first and the last are shown") {
  const std::string text = "FROM a\nRUN one \\\n two \\\n three \\\n  four\n";
  Diagnostic found = finding({7, static_cast<TextSize>(text.size() - 1)});
  CHECK(excerpt(text, found) ==
        "  |\n"
        "2 | RUN one \\\n"
        "  | ^^^^^^^^^\n"
        "...\n"
        "5 |   four\n"
        "  |   ^^^^\n");
}

TEST_CASE("text: labels on one line") {
  const std::string text = "RUN --mount=a --mount=b --mount=c x\n";
  Diagnostic found = finding(at(text, "--mount=b"));
  found.labels.push_back({at(text, "--mount=a"), "first"});
  SECTION("behind it") {
    found.labels[0].range = at(text, "--mount=c");
    CHECK(excerpt(text, found) ==
          "  |\n"
          "1 | RUN --mount=a --mount=b --mount=c x\n"
          "  |               ^^^^^^^^^ --------- first\n");
  }
  SECTION("before it") {
    CHECK(excerpt(text, found) ==
          "  |\n"
          "1 | RUN --mount=a --mount=b --mount=c x\n"
          "  |     --------- ^^^^^^^^^\n"
          "  |     |\n"
          "  |     first\n");
  }
  SECTION("on both sides") {
    found.labels.push_back({at(text, "--mount=c"), "third"});
    found.labels.push_back({at(text, "RUN"), "run"});
    CHECK(excerpt(text, found) ==
          "  |\n"
          "1 | RUN --mount=a --mount=b --mount=c x\n"
          "  | --- --------- ^^^^^^^^^ --------- third\n"
          "  | |   |\n"
          "  | |   first\n"
          "  | run\n");
  }
  SECTION("around it") {
    found.labels[0] = {{0, static_cast<TextSize>(text.size() - 1)}, "all"};
    CHECK(excerpt(text, found) ==
          "  |\n"
          "1 | RUN --mount=a --mount=b --mount=c x\n"
          "  | --------------^^^^^^^^^------------ all\n");
  }
}

TEST_CASE("text: places without width") {
  CHECK(excerpt("FROM a\n", finding({6, 6})) == "  |\n1 | FROM a\n  |       ^\n");
  CHECK(excerpt("FROM a\n", finding({6, 7})) == "  |\n1 | FROM a\n  |       ^\n");
  CHECK(excerpt("FROM a\n", finding({7, 7})) == "  |\n1 | FROM a\n  |       ^\n");
  CHECK(excerpt("FROM a\r\n", finding({7, 8})) == "  |\n1 | FROM a\n  |       ^\n");
  CHECK(excerpt("FROM a", finding({0, 0})) == "  |\n1 | FROM a\n  | ^\n");
  CHECK(excerpt("", finding({0, 0})) == "  |\n1 |\n  | ^\n");
  CHECK(excerpt("\n\nFROM a\n", finding({1, 1})) == "  |\n2 |\n  | ^\n");
  CHECK(excerpt("FROM a\n", finding({5, 4000})) == "  |\n1 | FROM a\n  |      ^\n");
}

TEST_CASE("text: what is under the range is counted as it is shown") {
  const auto marked = [](const std::string& text, std::string_view piece) {
    return excerpt(text, finding(at(text, piece)));
  };
  CHECK(marked("\xE6\xBC\xA2\xE5\xAD\x97 x", "x") == "  |\n1 | \xE6\xBC\xA2\xE5\xAD\x97 x\n  |      ^\n");
  CHECK(marked("a\xE6\xBC\xA2 x", "\xE6\xBC\xA2") == "  |\n1 | a\xE6\xBC\xA2 x\n  |  ^^\n");
  CHECK(marked("e\xCC\x81 x", "x") == "  |\n1 | e\xCC\x81 x\n  |   ^\n");
  CHECK(marked("\xF0\x9F\x90\xB3x", "x") == "  |\n1 | \xF0\x9F\x90\xB3x\n  |   ^\n");
  CHECK(marked("\xFFx", "x") == "  |\n1 | <FF>x\n  |     ^\n");
  CHECK(marked("\x1B[31mx", "x") == "  |\n1 | <1B>[31mx\n  |         ^\n");
  CHECK(marked("\tRUN\tx y", "x") == "  |\n1 | \tRUN\tx y\n  | \t   \t^\n");
  CHECK(marked("a\tb c", "a\tb") == "  |\n1 | a\tb c\n  | ^\t^\n");
  CHECK(marked("a\tb", "\t") == "  |\n1 | a\tb\n  |  ^\n");
  CHECK(marked("\xEF\xBB\xBF"
               "FROM a",
               "FROM") == "  |\n1 | FROM a\n  | ^^^^\n");
}

TEST_CASE("text: a long line is cut around the range") {
  std::string text = "RUN " + std::string(60000, 'x') + " here " + std::string(5000, 'y') + "\n";
  const std::string shown = excerpt(text, finding(at(text, "here")));
  CHECK(shown == "  |\n1 | \xE2\x80\xA6" + std::string(39, 'x') + " here " + std::string(115, 'y') +
                     "\xE2\x80\xA6\n  |  " + std::string(40, ' ') + "^^^^\n");
  const std::string from_begin = excerpt(text, finding(at(text, "RUN")));
  CHECK(from_begin == "  |\n1 | RUN " + std::string(156, 'x') + "\xE2\x80\xA6\n  | ^^^\n");
  const std::string whole = excerpt(text, finding({0, static_cast<TextSize>(text.size())}));
  CHECK(whole == "  |\n1 | RUN " + std::string(156, 'x') + "\xE2\x80\xA6\n  | " + std::string(161, '^') + "\n");
  const std::string end =
      excerpt(text, finding({static_cast<TextSize>(text.size()), static_cast<TextSize>(text.size())}));
  CHECK(end == "  |\n1 | \xE2\x80\xA6" + std::string(40, 'y') + "\n  |  " + std::string(40, ' ') + "^\n");
}

TEST_CASE("formats: nothing from outside reaches the terminal") {
  Diagnostic found = finding({0, 4});
  found.message = "unknown \x1B]0;title\x07 \xE2\x80\xAE";
  found.notes.push_back(
      "\x9B"
      "31m");
  found.labels.push_back({{5, 6}, "\x1B[2J"});
  for (const std::string_view name : format_names()) {
    const Format format = format_named(name).value();
    const std::string out = render(format, "FROM \x1B[31m\xC2\x9B\n", found, "a\x1B[1m\nb");
    CHECK(out.find('\x1B') == std::string::npos);
    CHECK(out.find('\x07') == std::string::npos);
    CHECK(out.find("\xC2\x9B") == std::string::npos);
  }
  CHECK(render(Format::concise, "FROM\n", found, "a\nb") ==
        "a<0A>b:1:1: warning[group/name] unknown <1B>]0;title<07> <U+202E>\n");
}

TEST_CASE("text: colours stand around words and change none") {
  const std::string text = "FROM a\nRUN \tx y\n";
  Diagnostic found = finding(at(text, "x"));
  found.labels.push_back({at(text, "a"), "label"});
  found.notes.push_back("note");
  const std::string plain = render(Format::text, text, found);
  std::string colored = render(Format::text, text, found, "Dockerfile", true);
  CHECK(colored != plain);
  for (std::size_t begin = colored.find('\x1B'); begin != std::string::npos; begin = colored.find('\x1B'))
    colored.erase(begin, colored.find('m', begin) + 1 - begin);
  CHECK(colored == plain);
}

TEST_CASE("json: strings") {
  const auto json = [](std::string_view text) {
    std::string out;
    append_json(out, text);
    return out;
  };
  CHECK(json("a\"b\\c\n\r\t") == R"("a\"b\\c\n\r\t")");
  CHECK(json(std::string_view("\0\x1F\x7F", 3)) == R"("\u0000\u001f\u007f")");
  CHECK(json("\xC2\x9B") == R"("\u009b")");
  CHECK(json("\xC3\xA9\xF0\x9F\x90\xB3") == "\"\xC3\xA9\xF0\x9F\x90\xB3\"");
  CHECK(json("\xFF\xC3") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST_CASE("json: columns are code points, offsets bytes, ends exclusive") {
  const std::string text = "FROM a\nRUN \xC3\xA9 x\n";
  Diagnostic found = finding(at(text, "x"));
  found.fix = Fix{Applicability::unsafe, "do", {{at(text, "x"), "\"y\""}}};
  const std::string out = render(Format::json, text, found);
  CHECK(out ==
        "\n    { \"rule\": \"group/name\", \"aliases\": [\"DL1\", \"Two\"], \"severity\": \"warning\", \"message\": "
        "\"wrong\", "
        "\"notes\": [], \"path\": \"Dockerfile\", \"line\": 2, \"column\": 7, \"endLine\": 2, \"endColumn\": 8, "
        "\"related\": [], \"fix\": { \"applicability\": \"unsafe\", \"title\": \"do\", \"edits\": [{ \"path\": "
        "\"Dockerfile\", \"line\": 2, \"column\": 7, \"endLine\": 2, \"endColumn\": 8, \"offset\": 14, "
        "\"endOffset\": 15, \"text\": \"\\\"y\\\"\" }] } }");
}

TEST_CASE("visible: width of what is shown") {
  CHECK(display_width('a') == 1);
  CHECK(display_width(0x301) == 0);
  CHECK(display_width(0x6F22) == 2);
  CHECK(display_width(0x1F433) == 2);
  CHECK(display_width(0xFE0F) == 0);
  CHECK(display_width(0x2026) == 1);
  CHECK(visible("a\tb\xE2\x80\x8B") == "a\tb<U+200B>");
}

TEST_CASE("formats: each has a name") {
  for (const std::string_view name : format_names()) {
    REQUIRE(format_named(name));
    CHECK(format_names()[static_cast<std::size_t>(*format_named(name))] == name);
  }
  CHECK_FALSE(format_named("Text"));
  CHECK_FALSE(format_named(""));
}

TEST_CASE("places: columns as others count them") {
  const SourceText source("Dockerfile",
                          "\xEF\xBB\xBF"
                          "FROM a\n\t\xF0\x9F\x90\xB3\xFF x\r\n");
  const auto x = static_cast<TextSize>(source.bytes().find('x'));
  CHECK(place_of(source, x, Columns::bytes).column == 8);
  CHECK(place_of(source, x, Columns::utf16).column == 6);
  CHECK(place_of(source, x, Columns::display).column == 13);
  CHECK(place_of(source, 3, Columns::utf16).column == 1);
  CHECK(place_of(source, 3, Columns::bytes).column == 4);
  const LineColumn end = place_of(source, source.size(), Columns::utf16);
  CHECK(end.line == 3);
  CHECK(end.column == 1);
}

TEST_CASE("places: a span lies on lines that are there") {
  const SourceText source("Dockerfile", "FROM a\r\nRUN b\n");
  const auto span = [&](TextSize begin, TextSize end) {
    const Span at = span_of(source, {begin, end}, Columns::utf16);
    return fmt::format("{}:{}-{}:{}", at.begin.line, at.begin.column, at.end.line, at.end.column);
  };
  CHECK(span(0, 6) == "1:1-1:7");
  CHECK(span(0, 8) == "1:1-1:7");
  CHECK(span(0, 9) == "1:1-2:2");
  CHECK(span(7, 8) == "1:7-1:7");
  CHECK(span(8, 14) == "2:1-2:6");
  CHECK(span(14, 14) == "2:6-2:6");
}

TEST_CASE("places: paths") {
  CHECK(tidy_path("./a//b/./c", "/w/") == "a/b/c");
  CHECK(tidy_path("/w/a", "/w/") == "a");
  CHECK(tidy_path("//w/./a", "/w/") == "a");
  CHECK(tidy_path("/x/a", "/w/") == "/x/a");
  CHECK(tidy_path("../a", "/w/") == "../a");
  CHECK(tidy_path("/w/a", "") == "/w/a");
}

TEST_CASE("fingerprints: rule and text, not place") {
  const auto prints = [](const std::string& text, std::string_view scope = {}) {
    const SourceText source("Dockerfile", text);
    Fingerprints fingerprints(source, scope);
    std::vector<std::string> all;
    for (std::size_t begin = text.find("--m"); begin != std::string::npos; begin = text.find("--m", begin + 1)) {
      Diagnostic found = finding({static_cast<TextSize>(begin), static_cast<TextSize>(text.find(';', begin))});
      all.push_back(fingerprints.next(found));
    }
    return all;
  };
  const std::vector<std::string> once = prints("RUN --m a;\nRUN --m a;\nRUN --m b;\n");
  CHECK(once[0].ends_with(":1"));
  CHECK(once[1].ends_with(":2"));
  CHECK(once[0].substr(0, 16) == once[1].substr(0, 16));
  CHECK(once[2].ends_with(":1"));
  CHECK(once[2] != once[0]);
  CHECK(prints("\n\nRUN x \\\n  --m\r\n a;\nRUN --m a;\n\nRUN --m b;\n") == once);
  CHECK(prints("RUN --m a;\n", "path")[0] != once[0]);
}

TEST_CASE("xml: only what XML can carry") {
  const auto xml = [](std::string_view text, XmlPlace place = XmlPlace::attribute) {
    std::string out;
    append_xml(out, text, place);
    return out;
  };
  CHECK(xml("<a b=\"c\">&'</a>") == "&lt;a b=&quot;c&quot;&gt;&amp;'&lt;/a&gt;");
  CHECK(xml("a\tb\r\n") == "a&#9;b&#13;&#10;");
  CHECK(xml("a\r\nb", XmlPlace::content) == "a&#13;\nb");
  CHECK(xml(std::string_view("\0\x1B\xFF\xED\xA0\x80", 6)) ==
        "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(xml("\xEF\xBF\xBE") == "\xEF\xBF\xBD");
  CHECK(xml("\xC2\x9B\x7F") == "&#155;&#127;");
  CHECK(xml("\xF0\x9F\x90\xB3") == "\xF0\x9F\x90\xB3");
}

TEST_CASE("json: the commas between values") {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("a", 1);
    json.array("b", [&] {
      json.text("x");
      json.object([&] { json.member("c", "\n"); });
    });
    json.array("d", [] {});
    json.object("e", [&] { json.member("f", "g"); });
  });
  CHECK(out == R"({ "a": 1, "b": ["x", { "c": "\n" }], "d": [], "e": { "f": "g" } })");
}

TEST_CASE("assembly: the worst of all files first, where the format asks for it") {
  const Document document = Document::parse("Dockerfile", "FROM a\n");
  std::vector<Diagnostic> found;
  for (const Severity severity : {Severity::hint, Severity::warning, Severity::error, Severity::info})
    found.push_back(finding({0, 4}).at(severity));
  const auto levels = [&](Format format) {
    const auto reporter = make_reporter(format, ReportSettings{});
    Assembly assembly(*reporter);
    std::string out = assembly.begin();
    for (int file = 0; file < 2; ++file) out += assembly.add(render(*reporter, {document.source(), found}));
    out += assembly.finish(Totals{});
    std::string order;
    for (std::size_t at = 0; at < out.size(); at = out.find('\n', at) + 1) {
      for (const std::string_view level : {"::error", "::warning", "::notice", "hint[", "warning[", "error[", "info["})
        if (out.substr(at, out.find('\n', at) - at).find(level) != std::string::npos)
          (order += level.substr(level.starts_with(':') ? 2 : 0, 1)) += ' ';
    }
    return order;
  };
  CHECK(levels(Format::github) == "e e w w n n n n ");
  CHECK(levels(Format::concise) == "h w e i h w e i ");
}

TEST_CASE("sarif and rdjson: which fixes are handed on") {
  const std::string text =
      "RUN a b\nRUN c\xFF"
      "d\n";
  Diagnostic found = finding(at(text, "a"));
  found.fix = Fix{Applicability::safe, "do", {{at(text, "b"), "y"}, {at(text, "a"), "x"}}};
  CHECK(render(Format::sarif, text, found).find("\"fixes\"") != std::string::npos);
  CHECK(render(Format::rdjson, text, found)
            .find(R"("suggestions": [{ "range": { "start": { "line": 1, "column": 5 }, )"
                  R"("end": { "line": 1, "column": 8 } }, "text": "x y" }])") != std::string::npos);
  SECTION("unsafe: where that can be said") {
    found.fix->applicability = Applicability::unsafe;
    CHECK(render(Format::sarif, text, found).find("\"do (unsafe)\"") != std::string::npos);
    CHECK(render(Format::rdjson, text, found).find("suggestions") == std::string::npos);
    CHECK(render(Format::rdjson, text, found).find("fix (unsafe): do") != std::string::npos);
  }
  SECTION("only shown") {
    found.fix->applicability = Applicability::display_only;
    CHECK(render(Format::sarif, text, found).find("\"fixes\"") == std::string::npos);
    CHECK(render(Format::rdjson, text, found).find("suggestions") == std::string::npos);
  }
  SECTION("bytes that JSON would change") {
    found.fix->edits.push_back({at(text, "d"), ""});
    CHECK(render(Format::sarif, text, found).find("\"fixes\"") != std::string::npos);
    CHECK(render(Format::rdjson, text, found).find("suggestions") == std::string::npos);
    found.fix->edits[0].text = "\xFF";
    CHECK(render(Format::sarif, text, found).find("\"fixes\"") == std::string::npos);
  }
}

TEST_CASE("step summary: as many rows as GitHub takes") {
  std::string rows;
  for (int i = 0; i < 20000; ++i) rows += "| error | a long path that fills the table | rule | finding |\n";
  const std::string summary = step_summary(rows, "20000 findings");
  CHECK(summary.size() < 600 * 1024);
  CHECK(summary.find(" more findings are not shown here.\n\n20000 findings\n") != std::string::npos);
  CHECK(step_summary("", "none") == "## dockerlint\n\nnone\n\n");
}

TEST_CASE("junit: a file fails when the run does") {
  const Document document = Document::parse("Dockerfile", "FROM a\n");
  Diagnostic found = finding({0, 4});
  const auto junit = [&](std::optional<Severity> fail_on) {
    return make_reporter(Format::junit, {})->file({document.source(), {&found, 1}, {}, fail_on});
  };
  CHECK(junit(Severity::warning).find("failures=\"1\"") != std::string::npos);
  for (const auto fail_on : {std::optional(Severity::error), std::optional<Severity>()}) {
    CHECK(junit(fail_on).find("failures=\"0\"") != std::string::npos);
    CHECK(junit(fail_on).find("<system-out>1:1: warning[group/name] wrong\n</system-out>") != std::string::npos);
  }
}

TEST_CASE("sarif: a rule that has no page") {
  Totals totals;
  totals.rules.push_back({&kRule, 1});
  const std::string out = make_reporter(Format::sarif, ReportSettings{})->finish(totals);
  CHECK(out.find(R"("id": "group/name", "name": "GroupName", "shortDescription": { "text": "Finds something." })") !=
        std::string::npos);
  CHECK(out.find(R"("help": { "text": "Finds something." })") != std::string::npos);
  CHECK(out.find(R"("tags": ["group", "DL1", "Two"])") != std::string::npos);
}
