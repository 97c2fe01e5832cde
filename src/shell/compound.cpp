// SPDX-License-Identifier: Apache-2.0
// Compound commands: those that have lists inside them, and the two kinds of test.

#include "shell/parser.hpp"

namespace dockerlint::shell {

/// Reads the compound command that begins here.
Command Parser::compound(CommandKind kind) {
  const Level level(*this);
  const std::size_t begin = at_;
  CompoundCommand command;
  command.kind = kind;
  if (!failed_) {
    switch (kind) {
      case CommandKind::subshell: subshell(command); break;
      case CommandKind::group: group(command); break;
      case CommandKind::if_clause: if_clause(command); break;
      case CommandKind::for_clause:
      case CommandKind::for_arithmetic:
      case CommandKind::select_clause: for_clause(command); break;
      case CommandKind::while_clause:
      case CommandKind::until_clause: loop(command); break;
      case CommandKind::case_clause: case_clause(command); break;
      case CommandKind::function: function(command); break;
      case CommandKind::test: test(command); break;
      case CommandKind::arithmetic: arithmetic(command); break;
      case CommandKind::coprocess: coprocess(command); break;
      case CommandKind::simple: break;  // is not read here
    }
    // What a function's body is redirected to belongs to the body.
    if (kind != CommandKind::function && kind != CommandKind::coprocess) redirects(command);
  }
  command.text = text_from(begin);
  command.range = range_from(begin);
  return {nullptr, arena_.make(command)};
}

void Parser::subshell(CompoundCommand& command) {
  ++at_;
  const Block body{BlockRole::body, {}, required_list("a subshell is empty")};
  if (!take(")")) fail("`(` is not closed");
  command.blocks = arena_.keep_list_of(body);
}

void Parser::group(CompoundCommand& command) {
  ++at_;
  const Block body{BlockRole::body, {}, required_list("a group is empty")};
  expect_keyword("}");
  command.blocks = arena_.keep_list_of(body);
}

void Parser::if_clause(CompoundCommand& command) {
  Growing<Block> blocks(shared_.blocks);
  at_ += 2;
  for (;;) {
    blocks.push_back({BlockRole::condition, {}, required_list("`if` has no condition")});
    expect_keyword("then");
    blocks.push_back({BlockRole::body, {}, required_list("`then` has no command")});
    if (!take_keyword("elif")) break;
  }
  if (take_keyword("else")) blocks.push_back({BlockRole::body, {}, required_list("`else` has no command")});
  expect_keyword("fi");
  command.blocks = arena_.keep_list(blocks.items());
}

/// `while` and `until`.
void Parser::loop(CompoundCommand& command) {
  Growing<Block> blocks(shared_.blocks);
  at_ += 5;
  blocks.push_back({BlockRole::condition, {}, required_list("a loop has no condition")});
  do_group(blocks);
  command.blocks = arena_.keep_list(blocks.items());
}

void Parser::do_group(Growing<Block>& blocks) {
  skip_newlines();
  const bool braces = bash() && peek() == '{';  // bash takes `for x in a; { …; }`
  expect_keyword(braces ? "{" : "do");
  blocks.push_back({BlockRole::body, {}, required_list("a loop has no command")});
  expect_keyword(braces ? "}" : "done");
}

/// `for name in words; do`, `for ((…; …; …))`, `select name in words; do`.
void Parser::for_clause(CompoundCommand& command) {
  at_ += keyword().size();
  skip_blanks();
  Growing<Word> words(shared_.words);
  if (bash() && looking_at("((")) {
    command.kind = CommandKind::for_arithmetic;
    const std::size_t begin = at_;
    const std::size_t first_substitution = substitutions_.size();
    Shape shape;
    at_ += 2;
    expression(shape, "))");
    words.push_back(whole(begin, first_substitution));
  } else {
    if (!is_name_start(peek())) return fail("a loop has no variable");
    const std::size_t name = at_;
    while (is_name_char(peek())) ++at_;
    command.name = text_from(name);
    skip_newlines();
    if (take_keyword("in")) {
      for (skip_blanks(); at_word() && peek() != '#'; skip_blanks()) words.push_back(word());
    }
  }
  command.words = arena_.keep_list(words.items());
  skip_blanks();
  if (peek() == ';' && peek(1) != ';') ++at_;
  Growing<Block> blocks(shared_.blocks);
  do_group(blocks);
  command.blocks = arena_.keep_list(blocks.items());
}

void Parser::case_clause(CompoundCommand& command) {
  at_ += 4;
  skip_newlines();
  if (!at_word()) return fail("`case` has nothing to match");
  command.words = arena_.keep_list_of(word());
  expect_keyword("in");
  Growing<Block> blocks(shared_.blocks);
  for (;;) {
    skip_newlines();
    if (done()) return fail("`case` has no `esac`");
    if (take_keyword("esac")) break;
    blocks.push_back(case_branch());
  }
  command.blocks = arena_.keep_list(blocks.items());
}

/// `(pattern | pattern) list ;;`; the last branch needs no `;;`.
Block Parser::case_branch() {
  Block branch;
  Growing<Word> patterns(shared_.words);
  take("(");
  do {
    skip_blanks();
    if (!at_word()) {
      fail("`case` has no pattern");
      return branch;
    }
    patterns.push_back(word());
    skip_blanks();
  } while (take("|"));
  if (!take(")")) {
    fail("a pattern of `case` is not closed");
    return branch;
  }
  branch.patterns = arena_.keep_list(patterns.items());
  branch.list = list();
  if (take(";;")) take("&");
  else if (!take(";&") && keyword() != "esac") fail("a branch of `case` is not closed");
  return branch;
}

void Parser::function(CompoundCommand& command) {
  const bool has_keyword = bash() && take_keyword("function");
  skip_blanks();
  const std::size_t name = at_;
  while (at_word()) ++at_;  // any word is a name: `my-function`, `::ns`
  command.name = text_from(name);
  if (command.name.empty()) return fail("a function has no name");
  skip_blanks();
  if (take("(")) {
    skip_blanks();
    if (!take(")")) return fail("a function's parentheses hold nothing");
  } else if (!has_keyword) {
    return fail("a function has no parentheses");
  }
  skip_newlines();
  body_of_one(command);
}

/// The one command that a function or a coprocess consists of, as its body.
void Parser::body_of_one(CompoundCommand& command) {
  Pipeline pipeline;
  pipeline.commands = arena_.keep_list_of(this->command());
  pipeline.range = pipeline.commands.front().range();
  const List* list = arena_.make(List{arena_.keep_list_of(pipeline)});
  command.blocks = arena_.keep_list_of(Block{BlockRole::body, {}, list});
}

/// `coproc command` or `coproc NAME compound-command`.
void Parser::coprocess(CompoundCommand& command) {
  at_ += 6;
  skip_blanks();
  const std::size_t name = at_;
  while (is_name_char(peek())) ++at_;
  command.name = text_from(name);
  skip_blanks();
  const std::string_view next = keyword();
  const bool named = peek() == '(' || next == "{" || next == "if" || next == "while" || next == "until" ||
                     next == "for" || next == "case" || next == "select";
  if (!named) {
    at_ = name;
    command.name = {};
  }
  body_of_one(command);
}

// --- tests ---

/// `[[ … ]]`: its operands and operators, each as a word.
void Parser::test(CompoundCommand& command) {
  Growing<Word> words(shared_.words);
  at_ += 2;
  bool regex = false;
  for (;;) {
    skip_newlines();
    if (done()) return fail("`[[` is not closed");
    if (take("]]")) break;
    const std::size_t begin = at_;
    Shape shape;
    if (regex) {
      words.push_back(regex_word());
    } else if (take("&&") || take("||") || take("(") || take(")") || take("<") || take(">")) {
      shape.add(text_from(begin));
      words.push_back(finish(begin, shape, substitutions_.size()));
    } else if (at_word()) {
      words.push_back(word());
    } else {
      return fail("`[[ ]]` is not understood");
    }
    regex = words.back().text == "=~";
  }
  if (words.empty()) fail("`[[ ]]` is empty");
  command.words = arena_.keep_list(words.items());
}

/// `(( … ))`, or two subshells that begin together.
void Parser::arithmetic(CompoundCommand& command) {
  const std::size_t begin = at_;
  const std::size_t first_substitution = substitutions_.size();
  Shape shape;
  if (!try_arithmetic(shape)) {
    command.kind = CommandKind::subshell;
    return subshell(command);
  }
  command.words = arena_.keep_list_of(whole(begin, first_substitution));
}

}  // namespace dockerlint::shell
