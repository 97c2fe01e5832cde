// SPDX-License-Identifier: Apache-2.0
#pragma once
// Just enough of Unicode: code points one by one, and what Go calls white space.

#include <cstddef>
#include <string>
#include <string_view>

namespace dockerlint {

struct CodePoint {
  char32_t value;      // U+FFFD where the bytes are not UTF-8
  std::size_t length;  // in bytes; 1 where the bytes are not UTF-8
  bool valid;
};

CodePoint decode_beyond_ascii(std::string_view text);

/// The first code point of `text`, which must not be empty.
inline CodePoint decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  return lead < 0x80 ? CodePoint{lead, 1, true} : decode_beyond_ascii(text);
}
void append_utf8(std::string& out, char32_t code_point);
/// Whether all of `text` is UTF-8.
bool is_utf8(std::string_view text);

/// As Go's unicode.IsSpace: BuildKit trims with it, so a no-break space counts.
bool is_space_beyond_ascii(char32_t code_point);
inline bool is_space(char32_t c) { return c < 0x80 ? c == ' ' || (c >= '\t' && c <= '\r') : is_space_beyond_ascii(c); }

std::string_view trim_space_left(std::string_view text);
std::string_view trim_space_right(std::string_view text);
constexpr bool is_visible_ascii(char c) { return c > ' ' && c <= '~'; }
// Most texts have nothing to trim.
inline std::string_view trim_left(std::string_view text) {
  return text.empty() || is_visible_ascii(text.front()) ? text : trim_space_left(text);
}
inline std::string_view trim_right(std::string_view text) {
  return text.empty() || is_visible_ascii(text.back()) ? text : trim_space_right(text);
}
inline std::string_view trim(std::string_view text) { return trim_right(trim_left(text)); }

constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
bool same_letters(const char* a, const char* b, std::size_t size);
inline bool equal_ignoring_case(std::string_view a, std::string_view b) {  // ASCII
  return a.size() == b.size() && same_letters(a.data(), b.data(), a.size());
}

}  // namespace dockerlint
