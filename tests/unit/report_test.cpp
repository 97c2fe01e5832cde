// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/report.hpp"
#include "dockerlint/rule.hpp"
#include "report/json_text.hpp"
#include "report/visible.hpp"
#include "support/catch.hpp"

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
  return make_reporter(format, {.color = color, .directory = {}})->file({document, {&found, 1}});
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

TEST_CASE("text and concise: nothing from outside reaches the terminal") {
  Diagnostic found = finding({0, 4});
  found.message = "unknown \x1B]0;title\x07 \xE2\x80\xAE";
  found.notes.push_back(
      "\x9B"
      "31m");
  found.labels.push_back({{5, 6}, "\x1B[2J"});
  for (const Format format : {Format::text, Format::concise, Format::json}) {
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
