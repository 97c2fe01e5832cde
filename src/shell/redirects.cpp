// SPDX-License-Identifier: Apache-2.0
// Redirections with their heredocs, and assignments: what may stand around a command's words.

#include "shell/parser.hpp"

#include <algorithm>
#include <array>

namespace dockerlint::shell {

// --- redirections ---

/// How many characters of a descriptor stand before a redirection here: `2>`, `{name}>`.
std::size_t Parser::redirect_prefix() const {
  std::size_t end = 0;
  if (bash() && peek() == '{' && is_name_start(peek(1))) {
    for (end = 1; is_name_char(peek(end));) ++end;
    if (peek(end) != '}') return 0;
    ++end;
  } else {
    while (is_digit(peek(end))) ++end;
  }
  return peek(end) == '<' || peek(end) == '>' ? end : 0;
}

bool Parser::at_redirect() const {
  const char c = peek();
  if (c == '<' || c == '>') return !at_process_substitution();
  if (c == '&') return bash() && peek(1) == '>';
  return (is_digit(c) || c == '{') && redirect_prefix() > 0;
}

RedirectOperator Parser::redirect_operator() {
  struct Spelling {
    std::string_view text;
    RedirectOperator op;
    bool only_bash;
  };
  // What is the beginning of another comes after it.
  constexpr std::array<Spelling, 12> kSpellings{{{"<<<", RedirectOperator::here_string, true},
                                                 {"<<-", RedirectOperator::heredoc_tabs, false},
                                                 {"<<", RedirectOperator::heredoc, false},
                                                 {"<&", RedirectOperator::duplicate_in, false},
                                                 {"<>", RedirectOperator::read_write, false},
                                                 {"<", RedirectOperator::read, false},
                                                 {">>", RedirectOperator::append, false},
                                                 {">&", RedirectOperator::duplicate_out, false},
                                                 {">|", RedirectOperator::clobber, false},
                                                 {">", RedirectOperator::write, false},
                                                 {"&>>", RedirectOperator::both_append, true},
                                                 {"&>", RedirectOperator::both, true}}};
  for (const Spelling& spelling : kSpellings)
    if ((bash() || !spelling.only_bash) && take(spelling.text)) return spelling.op;
  fail("a redirection is not understood");
  return RedirectOperator::read;
}

Redirect Parser::redirect() {
  const std::size_t begin = at_;
  Redirect redirect;
  at_ += redirect_prefix();
  redirect.descriptor = text_from(begin);
  redirect.op = redirect_operator();
  skip_blanks();
  if (!at_word()) {
    fail("a redirection has no target");
    return redirect;
  }
  redirect.target = word();
  redirect.range = cover(logical_.in_source(begin, begin + 1), redirect.target.range);
  redirect.text = text_from(begin);
  if (redirect.op == RedirectOperator::heredoc || redirect.op == RedirectOperator::heredoc_tabs) {
    Word* body = arena_.make(Word{});
    redirect.body = body;
    // The name is taken as it is: a `$` in it means nothing.
    const std::string_view name = redirect.target.literal ? redirect.target.value : redirect.target.text;
    heredocs_.push_back({name, !redirect.target.quoted, redirect.op == RedirectOperator::heredoc_tabs, body});
  }
  return redirect;
}

// --- heredocs ---

/// The bodies of the heredocs that the line opened that has just ended.
void Parser::read_heredocs() {
  std::vector<PendingHeredoc> pending;
  pending.swap(heredocs_);
  for (const PendingHeredoc& heredoc : pending) read_heredoc(heredoc);
}

void Parser::read_heredoc(const PendingHeredoc& heredoc) {
  const std::size_t begin = at_;
  std::size_t line = begin;
  while (line < s_.size()) {
    const std::size_t end = std::min(s_.find('\n', line), s_.size());
    std::string_view text = s_.substr(line, end - line);
    if (heredoc.strips_tabs) text.remove_prefix(std::min(text.find_first_not_of('\t'), text.size()));
    if (text == heredoc.name) {
      at_ = line;
      const LogicalText body = logical_.slice(begin, line);
      if (heredoc.expands) {
        Parser inner(body, dialect_, shared_);
        *heredoc.body = inner.heredoc_text();
        if (inner.failed_) {
          fail(inner.reason_);
          error_ = inner.error_;
          return;
        }
      } else {
        heredoc.body->text = heredoc.body->value = body.text();
        heredoc.body->range = logical_.in_source(begin, line);
        heredoc.body->literal = heredoc.body->quoted = true;
      }
      at_ = std::min(end + 1, s_.size());
      return;
    }
    line = end + 1;
  }
  fail("a heredoc has no end");
}

Word Parser::heredoc_text() {
  Shape shape;
  const Level level(*this);
  while (!done()) {
    const char c = peek();
    if (c == '$') {
      dollar(shape, true);
    } else if (c == '`') {
      backticks(shape, true);
    } else if (c == '\\' && at_ + 1 < s_.size()) {
      const char next = peek(1);
      const bool escapes = next == '$' || next == '`' || next == '\\';
      if (next != '\n') shape.add(s_.substr(at_ + (escapes ? 1 : 0), escapes ? 1 : 2));
      at_ += 2;
    } else {
      const std::size_t end = std::min(s_.find_first_of("$`\\", at_ + 1), s_.size());
      shape.add(s_.substr(at_, end - at_));
      at_ = end;
    }
  }
  Word body = finish(0, shape, 0);
  body.text = s_;
  body.range = logical_.in_source();
  return body;
}

// --- assignments ---

Parser::AssignmentHead Parser::assignment_head() const {
  if (!is_name_start(peek())) return {};
  AssignmentHead head;
  std::size_t at = at_;
  while (at < s_.size() && is_name_char(s_[at])) ++at;
  head.name_end = at;
  if (bash() && at < s_.size() && s_[at] == '[') {
    // An index with an unquoted blank in it is not looked for: that search could go on to the end of the text.
    while (at < s_.size() && s_[at] != ']' && !is_meta(s_[at])) ++at;
    if (at == s_.size() || s_[at] != ']') return {};
    ++at;
  }
  if (bash() && s_.substr(at).starts_with("+=")) {
    head.append = true;
    ++at;
  }
  if (at == s_.size() || s_[at] != '=') return {};
  head.equals = at;
  return head;
}

Assignment Parser::assignment(const AssignmentHead& head) {
  const std::size_t begin = at_;
  const std::size_t first_substitution = substitutions_.size();
  Assignment assignment;
  assignment.name = s_.substr(begin, head.name_end - begin);
  assignment.append = head.append;
  at_ = head.name_end;
  Shape index;
  if (peek() == '[') subscript(index);
  at_ = std::max(at_, head.equals + 1);

  const std::size_t value = at_;
  if (bash() && peek() == '(') {
    assignment.array = true;
    assignment.elements = array_elements();
    for (const Word& element : assignment.elements)
      substitutions_.insert(substitutions_.end(), element.substitutions.begin(), element.substitutions.end());
    const std::size_t mark = substitutions_.size();
    assignment.value = whole(value, mark);
  } else {
    assignment.value = word();
    substitutions_.insert(substitutions_.end(), assignment.value.substitutions.begin(),
                          assignment.value.substitutions.end());
  }
  const Word all = whole(begin, first_substitution);
  assignment.range = all.range;
  assignment.text = all.text;
  assignment.substitutions = all.substitutions;
  return assignment;
}

/// `(…)` of an array, at its parenthesis.
KeptList<Word> Parser::array_elements() {
  Growing<Word> elements(shared_.words);
  ++at_;
  for (;;) {
    skip_newlines();
    if (done()) {
      fail("an array is not closed");
      return {};
    }
    if (take(")")) return arena_.keep_list(elements.items());
    if (!at_word()) {
      fail("an array is not understood");
      return {};
    }
    elements.push_back(word());
  }
}

/// Whether the command takes `name=(…)` as an argument.
bool Parser::declares(const Word& command) const {
  constexpr std::array<std::string_view, 5> kDeclaring{"declare", "typeset", "local", "export", "readonly"};
  return bash() && std::find(kDeclaring.begin(), kDeclaring.end(), command.text) != kDeclaring.end();
}

}  // namespace dockerlint::shell
