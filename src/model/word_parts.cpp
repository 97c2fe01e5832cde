// SPDX-License-Identifier: Apache-2.0
// The parts of a word: where they end, braces, and patterns that take a part of a value away.

#include "model/shell_words.hpp"
#include "text/glob.hpp"

#include <algorithm>
#include <charconv>

namespace dockerlint::script {
namespace {

/// Whether `behind` makes a step of one byte whatever follows.
constexpr bool is_plain(char c, bool in_quotes) {
  if (c == '\\' || c == '`' || c == '$') return false;
  return in_quotes || (c != '<' && c != '>' && c != '"' && c != '\'');
}

/// Behind the `)` that closes what opens at `at`.
std::size_t behind_parentheses(std::string_view text, std::size_t at) {
  std::size_t open = 0;
  while (at < text.size()) {
    if (text[at] == '(') ++open;
    if (text[at] == ')' && --open == 0) return at + 1;
    at = is_plain(text[at], false) ? at + 1 : behind(text, at, false);
  }
  return text.npos;
}

/// Behind `close`, which is looked for from `at` on.
std::size_t behind_closing(std::string_view text, std::size_t at, char close, bool in_quotes) {
  while (at < text.size()) {
    if (text[at] == close) return at + 1;
    at = is_plain(text[at], in_quotes) ? at + 1 : behind(text, at, in_quotes);
  }
  return text.npos;
}

struct Brace {
  std::size_t begin = 0;  // of {
  std::size_t end = 0;    // behind }
  std::vector<std::string_view> choices;
  std::vector<std::string> numbers;  // of {1..3}
};

constexpr std::size_t kMostTexts = 64;
constexpr std::ptrdiff_t kMostBraces = 16;
constexpr std::size_t kLongestWithBraces = 1024;

bool number(std::string_view text, int& value) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failed == std::errc{} && end == text.data() + text.size();
}

/// `1..3` and `a..c`.
bool sequence(std::string_view text, std::vector<std::string>& numbers) {
  const std::size_t dots = text.find("..");
  if (dots == text.npos || dots == 0) return false;
  const std::string_view first = text.substr(0, dots), last = text.substr(dots + 2);
  int from = 0, to = 0;
  const bool letters = first.size() == 1 && last.size() == 1 && !number(first, from) && !number(last, to);
  if (letters) {
    from = first.front();
    to = last.front();
  } else if (!number(first, from) || !number(last, to) || (first.size() > 1 && first.front() == '0')) {
    return false;
  }
  for (int i = from; numbers.size() <= kMostTexts; i += from <= to ? 1 : -1) {
    numbers.push_back(letters ? std::string(1, static_cast<char>(i)) : std::to_string(i));
    if (i == to) break;
  }
  return true;
}

/// The first {…} from `from` on that makes several texts of one.
bool find_brace(std::string_view text, std::size_t from, Brace& brace) {
  for (std::size_t at = from; at < text.size(); at = behind(text, at, false)) {
    if (text[at] != '{') continue;
    brace = {};
    brace.begin = at;
    std::size_t open = 0, part = at + 1;
    for (std::size_t i = at; i < text.size(); i = behind(text, i, false)) {
      if (text[i] == '{') ++open;
      if (text[i] == ',' && open == 1) {
        brace.choices.push_back(text.substr(part, i - part));
        part = i + 1;
      }
      if (text[i] != '}' || --open != 0) continue;
      brace.end = i + 1;
      if (!brace.choices.empty()) {
        brace.choices.push_back(text.substr(part, i - part));
        return true;
      }
      if (sequence(text.substr(at + 1, i - at - 1), brace.numbers)) return true;
      break;
    }
  }
  return false;
}

bool add_texts(std::string_view text, std::size_t from, std::vector<std::string>& texts) {
  Brace brace;
  if (!find_brace(text, from, brace)) {
    texts.emplace_back(text);
    return texts.size() <= kMostTexts;
  }
  const auto add = [&](std::string_view choice) {
    std::string one(text.substr(0, brace.begin));
    one += choice;
    one += text.substr(brace.end);
    return add_texts(one, brace.begin, texts);
  };
  return std::all_of(brace.choices.begin(), brace.choices.end(), add) &&
         std::all_of(brace.numbers.begin(), brace.numbers.end(), add);
}

}  // namespace

std::size_t behind(std::string_view text, std::size_t at, bool in_quotes) {
  const char c = text[at];
  const char next = at + 1 < text.size() ? text[at + 1] : '\0';
  if (c == '\\') return std::min(at + 2, text.size());
  if (c == '`') return behind_closing(text, at + 1, '`', true);
  if (c == '$' && next == '(') return behind_parentheses(text, at + 1);
  if (c == '$' && next == '{') return behind_closing(text, at + 2, '}', in_quotes);
  if (in_quotes) return at + 1;
  if ((c == '<' || c == '>') && next == '(') return behind_parentheses(text, at + 1);
  if (c == '"') return behind_closing(text, at + 1, '"', true);
  if (c != '\'') return at + 1;
  const std::size_t close = text.find('\'', at + 1);
  return close == text.npos ? close : close + 1;
}

bool means_itself(std::string_view text, bool& pattern) {
  if (text.empty() || text.size() > kLongestValue) return false;
  bool open_bracket = false;
  for (const char c : text) {
    switch (c) {
      case '$':
      case '`':
      case '\\':
      case '\'':
      case '"':
      case '~':
      case '{':
      case '<':
      case '>': return false;
      case '*':
      case '?': pattern = true; break;
      case '[': open_bracket = true; break;
      case ']': pattern = pattern || open_bracket; break;
      default: break;
    }
  }
  return true;
}

bool may_have_braces(std::string_view text) {
  std::ptrdiff_t count = 0;
  for (std::size_t at = text.find('{'); at != text.npos; at = text.find('{', at + 1)) {
    const bool of_variable = at > 0 && text[at - 1] == '$' && (at == 1 || text[at - 2] != '\\');
    if (!of_variable || ++count > kMostBraces || text.size() > kLongestWithBraces) return true;
  }
  return false;
}

bool expand_braces(std::string_view text, std::vector<std::string>& texts) {
  if (text.size() > kLongestWithBraces || std::count(text.begin(), text.end(), '{') > kMostBraces) return false;
  return add_texts(text, 0, texts);
}

std::optional<std::string> without(std::string_view value, std::string_view op, std::string_view pattern) {
  constexpr std::size_t kLongest = 256;
  if (value.size() > kLongest || pattern.size() > kLongest || pattern.find_first_of("[\\(") != pattern.npos)
    return std::nullopt;
  const bool prefix = op.front() == '#', longest = op.size() == 2;
  for (std::size_t i = 0; i <= value.size(); ++i) {
    const std::size_t size = longest ? value.size() - i : i;
    const std::string_view part = prefix ? value.substr(0, size) : value.substr(value.size() - size);
    if (!glob_matches(part, pattern)) continue;
    return std::string(prefix ? value.substr(size) : value.substr(0, value.size() - size));
  }
  return std::string(value);
}

}  // namespace dockerlint::script
