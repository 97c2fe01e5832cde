// SPDX-License-Identifier: Apache-2.0
#pragma once
// Paths and places as other programs count them.

#include "dockerlint/text.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace dockerlint {

/// What a column is the number of. All count from 1.
enum class Columns : unsigned char {
  bytes,
  utf16,    // code units of the text without its byte order mark: what editors count
  display,  // as a terminal shows it, with tab stops every 8 columns: what GNU's coding standards ask for
};

/// The exact place of an offset: behind the last line end begins a line, even at the end of the file.
LineColumn place_of(const SourceText& source, TextSize offset, Columns columns);

/// A range without the line ends behind it, and never past the last line: a place to look at.
struct Span {
  LineColumn begin;
  LineColumn end;  // exclusive
};
Span span_of(const SourceText& source, TextRange range, Columns columns);

/// Without dots and slashes that say nothing, and relative where it lies in `directory`.
std::string tidy_path(std::string_view path, std::string_view directory);

/// Calls `visit` with each word of a list that is parted by blanks.
template <typename Visit>
void each_word(std::string_view words, Visit visit) {
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    if (!word.empty()) visit(word);
  }
}

}  // namespace dockerlint
