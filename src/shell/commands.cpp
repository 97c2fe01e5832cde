// SPDX-License-Identifier: Apache-2.0
// Lists, pipelines, and simple commands; what all commands share.

#include "shell/parser.hpp"

#include <algorithm>
#include <array>

namespace dockerlint::shell {
namespace {

constexpr std::array<std::string_view, 8> kClosing{"then", "elif", "else", "fi", "do", "done", "esac", "}"};
constexpr CharSet kFirstOfClosing = [] {
  CharSet first;
  for (const std::string_view keyword : kClosing) first.add(keyword.front());
  return first;
}();

bool is_closing(std::string_view keyword) {
  return std::find(kClosing.begin(), kClosing.end(), keyword) != kClosing.end();
}

struct Opening {
  std::string_view keyword;
  CommandKind kind;
  bool only_bash;
};
constexpr std::array<Opening, 10> kOpenings{{{"{", CommandKind::group, false},
                                             {"if", CommandKind::if_clause, false},
                                             {"for", CommandKind::for_clause, false},
                                             {"while", CommandKind::while_clause, false},
                                             {"until", CommandKind::until_clause, false},
                                             {"case", CommandKind::case_clause, false},
                                             {"select", CommandKind::select_clause, true},
                                             {"function", CommandKind::function, true},
                                             {"[[", CommandKind::test, true},
                                             {"coproc", CommandKind::coprocess, true}}};
constexpr CharSet kFirstOfOpening = [] {
  CharSet first;
  for (const Opening& opening : kOpenings) first.add(opening.keyword.front());
  return first;
}();

}  // namespace

// --- the text ---

bool Parser::take(std::string_view text) {
  if (!looking_at(text)) return false;
  at_ += text.size();
  return true;
}

void Parser::fail(std::string_view reason) {
  if (!failed_) {
    failed_ = true;
    reason_ = reason;
    error_ = logical_.in_source(std::min(at_, s_.size()), std::min(at_ + 1, s_.size()));
  }
  at_ = s_.size();
}

void Parser::skip_blanks() {
  for (;;) {
    if (is_blank(peek())) ++at_;
    else if (peek() == '\\' && peek(1) == '\n') at_ += 2;
    else return;
  }
}

/// A comment, if one begins here; its line end stays.
void Parser::skip_comment() {
  if (peek() == '#') at_ = std::min(s_.find('\n', at_), s_.size());
}

/// Blanks, comments and line ends, with the bodies of the heredocs that are due.
void Parser::skip_newlines() {
  for (;;) {
    skip_blanks();
    skip_comment();
    if (peek() != '\n') return;
    ++at_;
    if (!heredocs_.empty()) read_heredocs();
  }
}

// --- lists ---

const List* Parser::script() {
  const Level level(*this);
  const List* all = list();
  if (!done()) fail("this closes nothing");
  if (!heredocs_.empty()) fail("a heredoc has no body");
  return all;
}

/// The unquoted lower-case word or brace that stands here, if it could be a keyword.
std::string_view Parser::keyword() const {
  constexpr std::size_t kLongest = 8;
  std::size_t size = 0;
  const auto may_be_in = [](char c) { return (c >= 'a' && c <= 'z') || c == '{' || c == '}' || c == '!' || c == '['; };
  while (size <= kLongest && may_be_in(peek(size))) ++size;
  if (at_ + size < s_.size() && !is_meta(s_[at_ + size])) return {};
  return s_.substr(at_, size);
}

bool Parser::take_keyword(std::string_view word) {
  if (!looking_at(word) || (at_ + word.size() < s_.size() && !is_meta(s_[at_ + word.size()]))) return false;
  at_ += word.size();
  return true;
}

void Parser::expect_keyword(std::string_view word) {
  skip_newlines();
  if (!take_keyword(word)) fail("a compound command is not complete");
}

bool Parser::at_list_end() const {
  const char c = peek();
  if (done() || c == ')' || (c == ';' && (peek(1) == ';' || peek(1) == '&'))) return true;
  return kFirstOfClosing.has(c) && is_closing(keyword());
}

const List* Parser::list() {
  Growing<Pipeline> pipelines(shared_.pipelines);
  Joiner joiner = Joiner::first;
  skip_newlines();
  while (!at_list_end()) {
    const std::size_t first = pipelines.size();
    and_or(pipelines, joiner);
    joiner = Joiner::sequence;
    skip_blanks();
    if (peek() == '&' && peek(1) != '&') {
      ++at_;
      for (std::size_t i = first; i < pipelines.size(); ++i) pipelines[i].background = true;
    } else if (peek() == ';' && peek(1) != ';' && peek(1) != '&') {
      ++at_;
    } else if (peek() != '\n' && peek() != '#') {
      break;  // the end of the list, or what whoever asked for it will refuse
    }
    skip_newlines();
  }
  return arena_.make(List{arena_.keep_list(pipelines.items())});
}

const List* Parser::required_list(std::string_view missing) {
  const List* found = list();
  if (found->pipelines.empty()) fail(missing);
  return found;
}

void Parser::and_or(Growing<Pipeline>& pipelines, Joiner joiner) {
  for (;;) {
    pipelines.push_back(pipeline());
    pipelines.back().joiner = joiner;
    skip_blanks();
    if (take("&&")) joiner = Joiner::and_then;
    else if (take("||")) joiner = Joiner::or_else;
    else return;
    skip_newlines();
  }
}

Pipeline Parser::pipeline() {
  const std::size_t begin = at_;
  Pipeline pipeline;
  for (;;) {
    skip_blanks();
    if (!pipeline.negated && take_keyword("!")) {
      pipeline.negated = true;
    } else if (bash() && !pipeline.timed && take_keyword("time")) {
      pipeline.timed = true;
      skip_blanks();
      if (looking_at("-p") && (at_ + 2 == s_.size() || is_meta(peek(2)))) at_ += 2;
    } else {
      break;
    }
  }
  // `time` alone is a command.
  if (!pipeline.timed || !(at_command_end() || at_list_end())) {
    const Command first = command();
    skip_blanks();
    if (at_pipe()) piped(first, pipeline);
    else pipeline.commands = arena_.keep_list_of(first);
  }
  pipeline.range = pipeline.commands.empty()
                       ? range_from(begin)
                       : cover(logical_.in_source(begin, begin + 1), pipeline.commands.back().range());
  return pipeline;
}

bool Parser::at_pipe() const { return peek() == '|' && peek(1) != '|'; }

/// What comes behind the first command of a pipeline that has more.
void Parser::piped(const Command& first, Pipeline& pipeline) {
  std::vector<Command> commands{first};
  std::vector<Joiner> joiners;
  while (at_pipe()) {
    ++at_;
    joiners.push_back(bash() && take("&") ? Joiner::pipe_both : Joiner::pipe);
    skip_newlines();
    commands.push_back(command());
    skip_blanks();
  }
  pipeline.commands = arena_.keep_list(commands);
  pipeline.joiners = arena_.keep_list(joiners);
}

bool Parser::at_command_end() const {
  const char c = peek();
  return done() || c == '\n' || c == ';' || c == '&' || c == '|' || c == ')' || c == '#';
}

// --- commands ---

Command Parser::command() {
  skip_blanks();
  if (peek() == '(') return compound(bash() && peek(1) == '(' ? CommandKind::arithmetic : CommandKind::subshell);
  if (kFirstOfOpening.has(peek())) {
    const std::string_view word = keyword();
    for (const Opening& opening : kOpenings)
      if (opening.keyword == word && (bash() || !opening.only_bash)) return compound(opening.kind);
  }
  if (kFirstOfClosing.has(peek()) && is_closing(keyword())) {
    fail("a keyword stands where a command should");
    return {};
  }
  return simple_command();
}

Command Parser::simple_command() {
  const std::size_t begin = at_;
  std::size_t end = at_;
  Growing<Assignment> assignments(shared_.assignments);
  Growing<Word> words(shared_.words);
  Growing<Redirect> redirects(shared_.redirects);
  const std::size_t first_substitution = substitutions_.size();
  bool may_assign = true;
  for (;;) {
    skip_blanks();
    if (peek() == '#' || done()) break;
    const AssignmentHead head = may_assign ? assignment_head() : AssignmentHead{};
    if (at_redirect()) {
      redirects.push_back(redirect());
    } else if (head.name_end != 0 && words.empty()) {
      assignments.push_back(assignment(head));
    } else if (head.name_end != 0 && s_.substr(head.equals).starts_with("=(")) {
      const std::size_t at = at_;
      const Assignment array = assignment(head);
      substitutions_.insert(substitutions_.end(), array.substitutions.begin(), array.substitutions.end());
      words.push_back(whole(at, first_substitution));
    } else if (at_word()) {
      words.push_back(word());
      if (words.size() == 1) may_assign = declares(words.front());
    } else if (peek() == '(' && words.size() == 1 && assignments.empty() && redirects.empty() &&
               words.front().literal) {
      at_ = begin;
      return compound(CommandKind::function);
    } else {
      break;
    }
    end = at_;
  }
  if (assignments.empty() && words.empty() && redirects.empty()) {
    fail("a command is missing");
    return {};
  }
  SimpleCommand simple;
  simple.text = s_.substr(begin, end - begin);
  simple.range = logical_.in_source(begin, end);
  simple.assignments = arena_.keep_list(assignments.items());
  simple.words = arena_.keep_list(words.items());
  simple.redirects = arena_.keep_list(redirects.items());
  return {arena_.make(simple), nullptr};
}

/// The redirections behind a compound command.
void Parser::redirects(CompoundCommand& command) {
  Growing<Redirect> found(shared_.redirects);
  for (;;) {
    const std::size_t before = at_;
    skip_blanks();
    if (!at_redirect()) {
      at_ = before;
      break;
    }
    found.push_back(redirect());
  }
  command.redirects = arena_.keep_list(found.items());
}

}  // namespace dockerlint::shell
