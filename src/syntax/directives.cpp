// SPDX-License-Identifier: Apache-2.0
#include "syntax/directives.hpp"

#include "text/utf8.hpp"

#include <array>

namespace dockerlint {
namespace {

constexpr std::array<std::string_view, 3> kNames{"syntax", "escape", "check"};

bool is_letter(char c) { return to_lower(c) >= 'a' && to_lower(c) <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// What \s matches in Go's regular expressions.
bool is_regex_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }

}  // namespace

std::optional<DirectiveReader::Found> DirectiveReader::read(std::string_view line) {
  const bool shebang = first_ && line.starts_with("#!");
  const bool indented = !line.empty() && line.front() != '#';
  first_ = false;
  if (shebang) {
    open_ = false;
    return std::nullopt;
  }
  if (indented) open_for_syntax_ = false;

  const auto none_from_here_on = [&]() -> std::optional<Found> {
    close();
    return std::nullopt;
  };
  const std::string_view comment = trim_left(line);
  if (comment.empty() || comment.front() != '#') return none_from_here_on();

  const std::string_view text = trim(comment.substr(1));
  std::size_t at = 0;
  while (at < text.size() && (is_letter(text[at]) || (at > 0 && is_digit(text[at])))) ++at;
  const std::string_view key = text.substr(0, at);
  while (at < text.size() && is_regex_space(text[at])) ++at;
  if (key.empty() || at == text.size() || text[at] != '=') return none_from_here_on();
  ++at;
  while (at < text.size() && is_regex_space(text[at])) ++at;
  if (at == text.size()) return none_from_here_on();

  std::size_t known = 0;
  while (known < kNames.size() && !equal_ignoring_case(kNames[known], key)) ++known;
  if (known == kNames.size()) return none_from_here_on();

  const auto offset = [&](const char* where) { return static_cast<TextSize>(where - line.data()); };
  Found found;
  found.range = {offset(comment.data()), offset(text.data() + text.size())};
  found.name = kNames[known];
  found.value = {offset(text.data() + at), found.range.end};
  found.counts = found.name == "escape" ? open_ : open_for_syntax_;
  found.repeated = open_ && (seen_ >> known & 1U) != 0;
  seen_ |= 1U << known;
  return found;
}

}  // namespace dockerlint
