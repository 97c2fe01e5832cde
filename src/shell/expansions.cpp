// SPDX-License-Identifier: Apache-2.0
// What begins with `$` or a backtick. Of an expansion only the commands in it matter later: its text
// stays as written, and the word that holds it is not literal.

#include "shell/parser.hpp"
#include "shell/text_builder.hpp"

namespace dockerlint::shell {
namespace {

constexpr std::string_view kSpecialParameters = "@*#?-$!";

}  // namespace

void Parser::dollar(Shape& shape, bool in_quotes) {
  const char next = peek(1);
  if (bash() && !in_quotes && next == '\'') {
    ++at_;
    return ansi_quoted(shape);
  }
  if (bash() && !in_quotes && next == '"') {  // to be translated: the text itself where no translation is
    ++at_;
    return double_quoted(shape);
  }
  const bool name = is_name_char(next) || kSpecialParameters.find(next) != kSpecialParameters.npos;
  const bool expands = next == '(' || next == '{' || name || (bash() && next == '[');
  if (!expands || next == '\0') {
    shape.add(here());
    ++at_;
    return;
  }
  shape.literal = false;
  ++at_;
  if (next == '{') return parameter(shape, in_quotes);
  if (next == '[') return subscript(shape);  // `$[…]`, which bash still takes for `$((…))`
  if (next == '(') {
    if (!try_arithmetic(shape)) parenthesised(shape);
    return;
  }
  ++at_;
  if (is_name_start(next))
    while (is_name_char(peek())) ++at_;
}

/// `${…}`, at its brace.
void Parser::parameter(Shape& shape, bool in_quotes) {
  const Level level(*this);
  if (failed_) return;
  ++at_;
  if (peek() == '!' && is_name_char(peek(1))) ++at_;                                             // ${!name}
  else if (peek() == '#' && (is_name_char(peek(1)) || peek(1) == '@' || peek(1) == '*')) ++at_;  // ${#name}
  if (is_name_char(peek())) {
    while (is_name_char(peek())) ++at_;
  } else if (kSpecialParameters.find(peek()) != kSpecialParameters.npos && !done()) {
    ++at_;
  } else {
    return fail("`${` has no name after it");
  }
  if (bash() && peek() == '[') subscript(shape);
  const char op = peek();
  constexpr std::string_view kOperators = ":-+=?#%/^,@*";
  if (op != '}' && (kOperators.find(op) == kOperators.npos || done())) return fail("`${…}` is not understood");
  // In double quotes a single quote is a character, save in a pattern: "${x:-it's}", "${x%'}'}".
  const bool is_pattern = op == '#' || op == '%' || op == '/' || op == '^' || op == ',';
  parameter_argument(shape, in_quotes, is_pattern || !in_quotes);
}

/// The rest of `${…}` with its closing brace.
void Parser::parameter_argument(Shape& shape, bool in_quotes, bool quotes_count) {
  while (!done() && peek() != '}') {
    const char c = peek();
    if (c == '\\') at_ = std::min(at_ + 2, s_.size());
    else if (c == '\'' && quotes_count) single_quoted(shape);
    else if (c == '"') double_quoted(shape);
    else if (c == '$') dollar(shape, in_quotes && !quotes_count);
    else if (c == '`') backticks(shape, in_quotes);
    else if (!in_quotes && at_process_substitution()) word_part(shape);
    else ++at_;
  }
  if (done()) return fail("`${` is not closed");
  ++at_;
}

/// `[…]` of an array's element.
void Parser::subscript(Shape& shape) {
  const Level level(*this);
  if (failed_) return;
  ++at_;
  while (!done() && peek() != ']') {
    const char c = peek();
    if (c == '[') subscript(shape);
    else if (is_meta(c)) ++at_;
    else word_part(shape);
  }
  if (done()) return fail("an index is not closed");
  ++at_;
}

/// Reads `((…))`, at its parentheses. False, with nothing read, if it is no arithmetic: `$((a); b)`.
bool Parser::try_arithmetic(Shape& shape) {
  if (peek(1) != '(') return false;
  const std::size_t begin = at_;
  const std::size_t substitutions = substitutions_.size();
  at_ += 2;
  expression(shape, "))");
  if (!failed_ || shared_.second_tries == 0) return true;
  --shared_.second_tries;
  at_ = begin;
  substitutions_.resize(substitutions);
  failed_ = false;
  return false;
}

/// An arithmetic expression with the `))` or `;` that ends it.
void Parser::expression(Shape& shape, std::string_view end) {
  const Level level(*this);
  std::size_t open = 0;
  while (!done()) {
    if (open == 0 && take(end)) return;
    const char c = peek();
    if (c == ')' && open == 0) return fail("an arithmetic expression is not closed");
    if (c == '(') ++open;
    if (c == ')') --open;
    if (c == '$' || c == '`' || c == '"' || c == '\'' || c == '\\') word_part(shape);
    else ++at_;
  }
  fail("an arithmetic expression is not closed");
}

/// A list in parentheses that runs on its own, at the opening one: `$(…)`, `<(…)`.
void Parser::parenthesised(Shape& shape) {
  const Level level(*this);
  if (failed_) return;
  shape.literal = false;
  ++at_;
  // Its place in the list comes before those that are inside it.
  const std::size_t place = substitutions_.size();
  substitutions_.push_back(nullptr);
  std::vector<PendingHeredoc> outer;
  outer.swap(heredocs_);
  const List* inner = list();
  if (!failed_ && !take(")")) fail("`(` is not closed");
  if (!failed_ && !heredocs_.empty()) fail("a heredoc has no body");
  heredocs_.swap(outer);
  if (failed_) return;
  substitutions_[place] = inner;
}

/// `…` between backticks is a script of its own, in which a backslash takes the meaning of \ $ ` away
/// before anything else is read.
void Parser::backticks(Shape& shape, bool in_quotes) {
  const Level level(*this);
  if (failed_) return;
  shape.literal = false;
  const std::size_t begin = ++at_;
  bool escaped = false;
  while (!done() && peek() != '`') {
    if (peek() == '\\') {
      escaped = true;
      ++at_;
    }
    ++at_;
  }
  if (done()) return fail("a backtick is not closed");
  const LogicalText text = escaped ? without_backtick_escapes(begin, at_, in_quotes) : logical_.slice(begin, at_);
  Parser inner(text, dialect_, shared_);
  const List* script = inner.script();
  if (inner.failed_) {
    fail(inner.reason_);
    error_ = inner.error_;
    return;
  }
  substitutions_.push_back(script);
  ++at_;
}

LogicalText Parser::without_backtick_escapes(std::size_t begin, std::size_t end, bool in_quotes) {
  TextBuilder text;
  std::size_t from = begin;
  for (std::size_t i = begin; i + 1 < end; ++i) {
    const char next = s_[i + 1];
    if (s_[i] != '\\' || !(next == '\\' || next == '$' || next == '`' || (in_quotes && next == '"'))) continue;
    // The two are one: whoever replaces a word that begins here replaces the backslash too.
    text.add(logical_, from, i);
    text.add(s_.substr(i + 1, 1), logical_.in_source(i, i + 2));
    from = ++i + 1;
  }
  text.add(logical_, from, end);
  return text.keep(arena_);
}

}  // namespace dockerlint::shell
