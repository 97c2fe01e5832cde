// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/text.hpp"
#include "support/catch.hpp"
#include "text/utf8.hpp"

#include <optional>
#include <string>

using namespace dockerlint;

namespace {

/// From the beginning of the line, one by one.
std::uint32_t counted(const SourceText& source, TextSize offset) {
  std::string_view before = source.slice({source.line_start(source.line_of(offset)), offset});
  std::uint32_t column = 1;
  for (; !before.empty(); ++column) before.remove_prefix(decode(before).length);
  return column;
}

std::string long_line(std::string_view of, std::size_t size) {
  std::string line;
  while (line.size() < size) line += of;
  return line;
}

}  // namespace

TEST_CASE("columns in long lines are those that counting finds") {
  const SourceText source("f", "first\n" + long_line("a\xC3\xA9\xE2\x82\xAC\xFF\xE2\x82", 30000) + "\nshort é\n" +
                                   long_line("\xF0\x9F\x98\x80", 20000) + "\n" + long_line("x", 4097));
  for (TextSize offset = 0; offset <= source.size(); offset += 97)
    CHECK(source.line_column(offset).column == counted(source, offset));
  for (TextSize offset = source.size(); offset > 211; offset -= 211) {
    CHECK(source.line_column(offset).column == counted(source, offset));
    CHECK(source.line_column(offset).line == source.line_of(offset));
  }
}

TEST_CASE("columns are those of the file that is asked, not of one that was there before") {
  std::optional<SourceText> source;
  for (const std::string_view of : {"a", "\xC3\xA9", "a", "\xE2\x82\xAC"}) {
    source.emplace("f", long_line(of, 24000));
    CHECK(source->line_column(source->size()).column == 24000 / of.size() + 1);
  }
}
