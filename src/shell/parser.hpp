// SPDX-License-Identifier: Apache-2.0
#pragma once
// The shell parser: one pass over the text, no tokens in between, because what a character means depends
// on where in the grammar it stands. words.cpp reads words and what is inside them, commands.cpp the rest.
// A failure moves to the end of the text, so that every loop ends by itself and nothing need be checked twice.

#include "dockerlint/shell.hpp"
#include "shell/growing.hpp"
#include "shell/word_value.hpp"
#include "text/arena.hpp"
#include "text/char_set.hpp"

#include <vector>

namespace dockerlint::shell {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
constexpr bool is_name_char(char c) { return is_name_start(c) || is_digit(c); }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// What ends a word unless it is quoted.
constexpr CharSet kMeta(" \t\n;&|<>()");
constexpr bool is_meta(char c) { return kMeta.has(c); }

/// What the parser of a script shares with those of the scripts inside it.
struct Shared {
  explicit Shared(Arena& memory) : arena(memory) {
    words.reserve(32);
    pipelines.reserve(16);
  }

  Arena& arena;

  // What reading may cost.
  int depth = 0;          // of what is being read now
  int second_tries = 64;  // left: each reads a part of the text again

  // Unfinished lists.
  std::vector<Word> words;
  std::vector<Assignment> assignments;
  std::vector<Redirect> redirects;
  std::vector<Pipeline> pipelines;
  std::vector<Block> blocks;
};

class Parser {
 public:
  Parser(const LogicalText& text, Dialect dialect, Shared& shared)
      : logical_(text), s_(text.text()), dialect_(dialect), arena_(shared.arena), shared_(shared) {}

  /// The whole text as a script.
  const List* script();
  /// The whole text as the body of a heredoc that expands.
  Word heredoc_text();

  bool failed() const { return failed_; }
  TextRange error() const { return error_; }
  std::string_view reason() const { return reason_; }

 private:
  static constexpr int kMaxDepth = 200;

  /// Counts a level of nesting for as long as it lives; too deep is a failure, after which no one may move on.
  class Level {
   public:
    explicit Level(Parser& parser) : parser_(parser) {
      if (++parser_.shared_.depth > kMaxDepth) {
        parser_.shared_.second_tries = 0;  // another reading would be no less deep
        parser_.fail("nested too deeply");
      }
    }
    ~Level() { --parser_.shared_.depth; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Parser& parser_;
  };

  /// What is known of a word while it is read.
  struct Shape {
    WordValue value;  // of a word that is not literal, only whether there is anything
    bool literal = true;
    bool pattern = false;
    bool quoted = false;
    bool in_bracket = false;
    bool in_brace = false;

    void add(std::string_view part) {
      if (literal || value.empty()) value.add(part);
    }
  };

  struct PendingHeredoc {
    std::string_view name;
    bool expands;
    bool strips_tabs;
    Word* body;
  };

  /// Where an assignment's parts are, found by looking ahead.
  struct AssignmentHead {
    std::size_t name_end = 0;  // 0: this is no assignment
    std::size_t equals = 0;
    bool append = false;
  };

  // --- the text ---
  bool done() const { return at_ >= s_.size(); }
  char peek(std::size_t ahead = 0) const { return at_ + ahead < s_.size() ? s_[at_ + ahead] : '\0'; }
  bool looking_at(std::string_view text) const { return s_.substr(at_).starts_with(text); }
  bool take(std::string_view text);
  std::string_view here() const { return s_.substr(at_, 1); }
  bool bash() const { return dialect_ == Dialect::bash; }
  std::string_view text_from(std::size_t begin) const { return s_.substr(begin, at_ - begin); }
  TextRange range_from(std::size_t begin) const { return logical_.in_source(begin, at_); }
  void fail(std::string_view reason);
  void skip_blanks();
  void skip_comment();
  void skip_newlines();
  bool at_command_end() const;

  // --- words (words.cpp) ---
  bool at_word() const;
  bool at_process_substitution() const;
  Word word();
  Word regex_word();
  Word finish(std::size_t begin, Shape& shape, std::size_t first_substitution);
  Word whole(std::size_t begin, std::size_t first_substitution);
  void word_part(Shape& shape);
  void escape(Shape& shape);
  void single_quoted(Shape& shape);
  void ansi_quoted(Shape& shape);
  void double_quoted(Shape& shape);
  bool at_extended_pattern() const;
  void extended_pattern(Shape& shape);

  // --- expansions (expansions.cpp) ---
  void dollar(Shape& shape, bool in_quotes);
  void parameter(Shape& shape, bool in_quotes);
  void parameter_argument(Shape& shape, bool in_quotes, bool quotes_count);
  void subscript(Shape& shape);
  bool try_arithmetic(Shape& shape);
  void expression(Shape& shape, std::string_view end);
  void parenthesised(Shape& shape);
  void backticks(Shape& shape, bool in_quotes);
  LogicalText without_backtick_escapes(std::size_t begin, std::size_t end, bool in_quotes);

  // --- commands (commands.cpp) ---
  const List* list();
  void and_or(Growing<Pipeline>& pipelines, Joiner joiner);
  Pipeline pipeline();
  bool at_pipe() const;
  void piped(const Command& first, Pipeline& pipeline);
  Command command();
  Command simple_command();
  Command compound(CommandKind kind);
  void redirects(CompoundCommand& command);
  bool at_list_end() const;
  std::string_view keyword() const;
  bool take_keyword(std::string_view word);
  void expect_keyword(std::string_view word);
  const List* required_list(std::string_view missing);

  void subshell(CompoundCommand& command);
  void group(CompoundCommand& command);
  void if_clause(CompoundCommand& command);
  void loop(CompoundCommand& command);
  void for_clause(CompoundCommand& command);
  void do_group(Growing<Block>& blocks);
  void case_clause(CompoundCommand& command);
  Block case_branch();
  void test(CompoundCommand& command);
  void function(CompoundCommand& command);
  void coprocess(CompoundCommand& command);
  void arithmetic(CompoundCommand& command);
  void body_of_one(CompoundCommand& command);

  // --- redirections and assignments (redirects.cpp) ---
  std::size_t redirect_prefix() const;
  bool at_redirect() const;
  Redirect redirect();
  RedirectOperator redirect_operator();
  void read_heredocs();
  void read_heredoc(const PendingHeredoc& heredoc);
  AssignmentHead assignment_head() const;
  Assignment assignment(const AssignmentHead& head);
  KeptList<Word> array_elements();
  bool declares(const Word& command) const;

  LogicalText logical_;
  std::string_view s_;
  Dialect dialect_;
  Arena& arena_;
  Shared& shared_;
  std::size_t at_ = 0;

  bool failed_ = false;
  TextRange error_;
  std::string_view reason_;

  std::vector<const List*> substitutions_;  // of the words that are being read
  std::vector<PendingHeredoc> heredocs_;    // opened in this line
};

}  // namespace dockerlint::shell
