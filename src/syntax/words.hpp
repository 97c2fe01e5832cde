// SPDX-License-Identifier: Apache-2.0
#pragma once
// How BuildKit cuts the text of an instruction into flags, words and JSON strings. All offsets are
// into the text that is passed in.

#include "dockerlint/syntax.hpp"
#include "text/arena.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace dockerlint {

/// White space between words: `[\t\v\f\r ]`, and never a no-break space (parser.go, reWhitespace).
constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f'; }

/// What is between `begin` and `end` without Unicode white space at both ends.
LogicalText trimmed(const LogicalText& text);

/// The flags at the start of `text`; returns where the rest begins.
std::size_t read_flags(const LogicalText& text, Arena& arena, std::vector<Flag>& flags);

struct WordRange {
  std::size_t begin;
  std::size_t end;
};

/// Words parted by blanks; quotes mean nothing.
void split_on_blanks(std::string_view text, std::vector<WordRange>& words);
/// Words parted by white space outside quotes, as ENV, LABEL and ARG take them. Quotes stay in the word.
void split_quoted(std::string_view text, char escape, std::vector<WordRange>& words);

enum class JsonArray : std::uint8_t {
  none,     // no JSON array: the text is taken as it is
  strings,  // an array of strings, which `strings` then holds
  mixed,    // valid JSON with something else in it: BuildKit refuses it
};
JsonArray read_json_array(const LogicalText& text, Arena& arena, std::vector<Argument>& strings);

}  // namespace dockerlint
