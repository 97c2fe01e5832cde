// SPDX-License-Identifier: Apache-2.0
// Which lines count as changed, through what happened to a text since.
#include "cli/changed_lines.hpp"
#include "support/catch.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace dockerlint;
using namespace dockerlint::cli;

namespace {

/// A letter for each line: `+` is new, `-` has lost what was behind it, `.` is as it was.
std::string shown(const LineDifference& difference, std::size_t lines) {
  std::string out;
  for (std::size_t line = 1; line <= lines; ++line)
    out += difference.is_new[line] ? '+' : difference.gone_behind[line] ? '-' : '.';
  return out;
}

}  // namespace

TEST_CASE("lines are new, or have lost what stood behind them") {
  CHECK(shown(difference("a\nb\nc\n", "a\nb\nc\n"), 3) == "...");
  CHECK(shown(difference("a\nb\nc\n", "a\nx\nc\n"), 3) == ".+.");
  CHECK(shown(difference("a\nb\nc\n", "a\nc\n"), 2) == "-.");
  CHECK(shown(difference("", "a\nb\n"), 2) == "++");
  CHECK(shown(difference("a\r\nb\r\n", "a\nb\n"), 2) == "..");
}

TEST_CASE("a change stays one when a fix has moved the lines") {
  const std::string_view text = "a\nx\nc\nd\n";
  const LineDifference before = difference("a\nb\nc\nd\n", text);
  CHECK(shown(before, 4) == ".+..");
  CHECK(shown(carried(before, text, "new\na\nx\nc\nd\n"), 5) == "+.+..");
  CHECK(shown(carried(before, text, "a\nx\nd\n"), 3) == ".+.");  // the loss stands behind a line that is new anyhow
  CHECK(shown(carried(before, text, "x\nc\nd\n"), 3) == "+..");
}

TEST_CASE("lines of a Dockerfile in YAML have changed where lines of the file have") {
  const SourceText file("compose.yaml", "build: |\n  FROM a\n  RUN b\n");
  const LineDifference of_file = difference("build: |\n  FROM a\n", file.bytes());
  InlineDockerfile text;
  text.where = {"compose.yaml", {1, 8}, {7, 26}};
  text.text = "FROM a\nRUN b\n";
  SECTION("line by line, where each is known") {
    text.pieces = {{0, 7, {11, 18}}, {7, 6, {20, 26}}};
    CHECK(shown(of_embedded(of_file, file, text), 2) == ".+");
  }
  SECTION("all of them, where none is") { CHECK(shown(of_embedded(of_file, file, text), 2) == "++"); }
}
