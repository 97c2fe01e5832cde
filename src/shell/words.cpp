// SPDX-License-Identifier: Apache-2.0
// Words: where they end, and what is left of them without their quotes.

#include "shell/parser.hpp"
#include "text/utf8.hpp"

#include <algorithm>

namespace dockerlint::shell {
namespace {

/// The value of one hexadecimal or octal digit; 16 where it is none.
constexpr unsigned digit_value(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? static_cast<unsigned>(lower - 'a') + 10 : 16;
}

/// Reads up to `most` digits of `base` at the start of `text`, and takes them away.
unsigned read_number(std::string_view& text, unsigned base, std::size_t most) {
  unsigned value = 0;
  while (most-- > 0 && !text.empty() && digit_value(text.front()) < base) {
    value = value * base + digit_value(text.front());
    text.remove_prefix(1);
  }
  return value;
}

/// What $'…' means, by what stands in it.
std::string ansi_value(std::string_view text) {
  constexpr std::string_view kNames = "abefnrtvE";
  constexpr std::string_view kValues = "\a\b\x1B\f\n\r\t\v\x1B";
  std::string out;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c != '\\' || text.empty()) {
      out += c;
      continue;
    }
    const char kind = text.front();
    if (digit_value(kind) < 8) {
      out += static_cast<char>(read_number(text, 8, 3));
      continue;
    }
    text.remove_prefix(1);
    if (kind == 'x') out += static_cast<char>(read_number(text, 16, 2));
    else if (kind == 'u') append_utf8(out, read_number(text, 16, 4));
    else if (kind == 'U') append_utf8(out, read_number(text, 16, 8));
    else if (const std::size_t named = kNames.find(kind); named != kNames.npos) out += kValues[named];
    else if (kind == '\\' || kind == '\'' || kind == '"' || kind == '?') out += kind;
    else (out += '\\') += kind;
  }
  return out;
}

/// Means itself wherever it stands in a word.
constexpr CharSet kPlain("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/_:=");
/// Means something in double quotes, or ends them.
constexpr CharSet kSpecialInQuotes("\"$`\\");

}  // namespace

bool Parser::at_process_substitution() const { return bash() && (peek() == '<' || peek() == '>') && peek(1) == '('; }

bool Parser::at_word() const { return !done() && (!is_meta(peek()) || at_process_substitution()); }

/// Reads the word that stands here; there must be one.
Word Parser::word() {
  const std::size_t begin = at_;
  const std::size_t first_substitution = substitutions_.size();
  Shape shape;
  while (at_word()) word_part(shape);
  return finish(begin, shape, first_substitution);
}

/// The right side of `=~`: parentheses and bars are part of it, and blanks inside parentheses.
Word Parser::regex_word() {
  const std::size_t begin = at_;
  const std::size_t first_substitution = substitutions_.size();
  Shape shape;
  std::size_t open = 0;
  while (!done()) {
    const char c = peek();
    if (open == 0 && (is_blank(c) || c == '\n' || c == ';' || c == '&' || c == ')')) break;
    if (c == '(') ++open;
    if (c == ')') --open;
    if (is_meta(c)) {
      shape.add(here());
      ++at_;
    } else {
      word_part(shape);
    }
  }
  return finish(begin, shape, first_substitution);
}

Word Parser::finish(std::size_t begin, Shape& shape, std::size_t first_substitution) {
  // A continued line may end right behind the word; the line end is not part of it.
  std::size_t end = at_;
  while (end >= begin + 2 && s_[end - 1] == '\n' && s_[end - 2] == '\\') end -= 2;
  Word word;
  word.text = s_.substr(begin, end - begin);
  word.range = logical_.in_source(begin, end);
  word.literal = shape.literal;
  word.pattern = shape.pattern;
  word.quoted = shape.quoted;
  if (shape.literal) word.value = shape.value.keep(arena_);
  if (substitutions_.size() > first_substitution) {
    word.substitutions = arena_.keep_list(std::span<const List* const>(substitutions_).subspan(first_substitution));
    substitutions_.resize(first_substitution);
  }
  return word;
}

/// What was read since `begin`, as one word of no known value.
Word Parser::whole(std::size_t begin, std::size_t first_substitution) {
  Shape shape;
  shape.literal = false;
  return finish(begin, shape, first_substitution);
}

void Parser::word_part(Shape& shape) {
  std::size_t end = at_;
  while (end < s_.size() && (kPlain.has(s_[end]) || (s_[end] == '.' && !shape.in_brace))) ++end;
  if (end > at_) {
    shape.add(s_.substr(at_, end - at_));
    at_ = end;
    return;
  }
  if (at_process_substitution()) {
    shape.literal = false;
    ++at_;
    return parenthesised(shape);
  }
  const char c = peek();
  switch (c) {
    case '\\': return escape(shape);
    case '\'': return single_quoted(shape);
    case '"': return double_quoted(shape);
    case '$': return dollar(shape, false);
    case '`': return backticks(shape, false);
    default: break;
  }
  if (at_extended_pattern()) return extended_pattern(shape);
  // `[` and `{}` alone mean themselves.
  if (c == '[') shape.in_bracket = true;
  if (c == '{') shape.in_brace = true;
  const bool home = c == '~' && shape.value.empty() && !shape.quoted;
  if (c == '*' || c == '?' || home || (c == ']' && shape.in_bracket) || ((c == ',' || c == '.') && shape.in_brace))
    shape.pattern = true;
  shape.add(here());
  ++at_;
}

void Parser::escape(Shape& shape) {
  if (peek(1) == '\n') {
    at_ += 2;
    return;
  }
  // A backslash at the very end stands for itself.
  if (at_ + 1 < s_.size()) ++at_;
  shape.quoted = true;
  shape.add(here());
  ++at_;
}

void Parser::single_quoted(Shape& shape) {
  const std::size_t close = s_.find('\'', at_ + 1);
  if (close == s_.npos) return fail("a single quote is not closed");
  shape.quoted = true;
  shape.add(s_.substr(at_ + 1, close - at_ - 1));
  at_ = close + 1;
}

/// $'…', at its quote.
void Parser::ansi_quoted(Shape& shape) {
  const std::size_t begin = ++at_;
  while (!done() && peek() != '\'') at_ += peek() == '\\' ? 2u : 1u;
  if (done()) return fail("a single quote is not closed");
  shape.quoted = true;
  shape.value.add_made(ansi_value(text_from(begin)));
  ++at_;
}

void Parser::double_quoted(Shape& shape) {
  ++at_;
  shape.quoted = true;
  while (!done() && peek() != '"') {
    const char c = peek();
    if (c == '$') {
      dollar(shape, true);
    } else if (c == '`') {
      backticks(shape, true);
    } else if (c == '\\' && at_ + 1 < s_.size()) {
      const char next = peek(1);
      const bool escapes = kSpecialInQuotes.has(next);
      if (next != '\n') shape.add(s_.substr(at_ + (escapes ? 1 : 0), escapes ? 1 : 2));
      at_ += 2;
    } else if (c == '\\') {
      shape.add(here());
      ++at_;
    } else {
      std::size_t end = at_;
      while (end < s_.size() && !kSpecialInQuotes.has(s_[end])) ++end;
      shape.add(s_.substr(at_, end - at_));
      at_ = end;
    }
  }
  if (done()) return fail("a double quote is not closed");
  ++at_;
}

bool Parser::at_extended_pattern() const {
  if (!bash() || peek(1) != '(') return false;
  const char c = peek();
  return c == '?' || c == '*' || c == '+' || c == '@' || c == '!';
}

/// `@(a|b)` and its like.
void Parser::extended_pattern(Shape& shape) {
  const Level level(*this);
  if (failed_) return;
  shape.pattern = true;
  shape.add(s_.substr(at_, 2));
  at_ += 2;
  while (!done() && peek() != ')') {
    if (is_meta(peek())) {
      shape.add(here());
      ++at_;
    } else {
      word_part(shape);
    }
  }
  if (done()) return fail("a pattern's parenthesis is not closed");
  shape.add(here());
  ++at_;
}

}  // namespace dockerlint::shell
