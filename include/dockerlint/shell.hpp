// SPDX-License-Identifier: Apache-2.0
#pragma once
// A shell script as written: lists of pipelines of commands, down to the words. The parser knows nothing
// of Dockerfiles; it is given a LogicalText, and every range here is one of the source behind it. A script
// that is not understood has no commands at all, so that nothing is ever said about a guess.

#include "dockerlint/kept_list.hpp"
#include "dockerlint/text.hpp"

#include <span>
#include <string_view>
#include <type_traits>

namespace dockerlint {
class Arena;
}

namespace dockerlint::shell {

enum class Dialect : std::uint8_t { posix, bash };
std::string_view to_string(Dialect);

/// What reads a script.
enum class Interpreter : std::uint8_t {
  sh,     // bash in some images, and not in others: read as bash, where `[[ a && b ]]` is one test
  posix,  // dash, ash
  bash,   // bash, and what is close enough: ksh, zsh
  other,  // PowerShell, cmd, python: its script is left alone
};

struct List;

/// What the shell makes one argument of, before it expands it.
struct Word {
  TextRange range;
  std::string_view text;   // as the script has it, with quotes; inside backticks, without their escapes
  std::string_view value;  // what the command is given; "" unless literal
  bool literal = false;    // nothing with $, no backticks, no process substitution
  bool pattern = false;    // an unquoted * ? […] {…,…} or ~ that the shell may replace: `value` has it as written
  bool quoted = false;     // any part is quoted: an empty value is still a word
  KeptList<const List*> substitutions;  // $(…), `…`, <(…) anywhere in it, in order
};

/// `name=value`, `name+=value`, `name[index]=value`, `name=(…)`.
struct Assignment {
  TextRange range;
  std::string_view text;
  std::string_view name;                // without the index
  bool append = false;                  // +=
  bool array = false;                   // the value is (…), which `elements` has in parts
  Word value;                           // empty, and literal, in `name=`
  KeptList<Word> elements;              // `[key]=value` is one element
  KeptList<const List*> substitutions;  // of all of it: index and value
};

enum class RedirectOperator : std::uint8_t {
  read,           // <
  write,          // >
  append,         // >>
  clobber,        // >|
  read_write,     // <>
  duplicate_in,   // <&
  duplicate_out,  // >&
  both,           // &>
  both_append,    // &>>
  heredoc,        // <<
  heredoc_tabs,   // <<-
  here_string,    // <<<
};
std::string_view to_string(RedirectOperator);

struct Redirect {
  TextRange range;  // from the descriptor to the end of the target; never the body
  std::string_view text;
  std::string_view descriptor;  // "2", "{name}", or "" where the operator says it
  RedirectOperator op = RedirectOperator::read;
  Word target;
  const Word* body = nullptr;  // of a heredoc: whole lines, tabs kept; literal when its name is quoted
};

/// A command that runs a program, a function or a builtin. Without words it only assigns or redirects.
struct SimpleCommand {
  TextRange range;
  std::string_view text;
  KeptList<Assignment> assignments;
  KeptList<Word> words;  // `export A=1` has two
  KeptList<Redirect> redirects;
};

enum class CommandKind : std::uint8_t {
  simple,
  subshell,  // ( … )
  group,     // { … }
  if_clause,
  for_clause,  // for name in words
  for_arithmetic,
  select_clause,
  while_clause,
  until_clause,
  case_clause,
  function,
  test,        // [[ … ]]
  arithmetic,  // (( … ))
  coprocess,
};
std::string_view to_string(CommandKind);

enum class BlockRole : std::uint8_t { condition, body };

/// A list inside a compound command. `if` has condition, body, condition, body, …, and a last body for else.
struct Block {
  BlockRole role = BlockRole::body;
  KeptList<Word> patterns;  // of a branch of `case`
  const List* list = nullptr;
};

/// A command that has lists inside it, or a test.
struct CompoundCommand {
  CommandKind kind = CommandKind::subshell;
  TextRange range;
  std::string_view text;
  std::string_view name;  // the function, the variable of for and select
  KeptList<Word> words;   // run over by for and select, matched by case, operands and
                          // operators of [[ ]], the expression of (( )) in one word
  KeptList<Block> blocks;
  KeptList<Redirect> redirects;  // of all of it
};

/// One of the two.
struct Command {
  const SimpleCommand* simple = nullptr;
  const CompoundCommand* compound = nullptr;

  CommandKind kind() const { return compound != nullptr ? compound->kind : CommandKind::simple; }
  TextRange range() const {
    if (compound != nullptr) return compound->range;
    return simple != nullptr ? simple->range : TextRange{};  // neither: it could not be read
  }
};

/// What stands before a command.
enum class Joiner : std::uint8_t {
  first,      // nothing: it begins its list
  sequence,   // ; & or a line end
  and_then,   // &&
  or_else,    // ||
  pipe,       // |
  pipe_both,  // |&
};
std::string_view to_string(Joiner);

struct Pipeline {
  TextRange range;
  Joiner joiner = Joiner::first;
  bool background = false;  // the && and || list that it is in ends in &
  bool negated = false;     // !
  bool timed = false;       // time
  KeptList<Command> commands;
  KeptList<Joiner> joiners;  // one fewer than commands
};

struct List {
  KeptList<Pipeline> pipelines;
};

struct Script {
  const List* root = nullptr;  // never null after parse()
  Dialect dialect = Dialect::posix;
  bool understood = false;
  TextRange error;  // where reading stopped, and why, when it is not understood
  std::string_view reason;
};

/// Reads `text`, in time linear in its length for all but hostile nesting, of which it bears 200 levels.
/// The result lives as long as the arena and what is behind `text`.
Script parse(const LogicalText& text, Dialect dialect, Arena& arena);

/// Where a simple command stands among the others.
struct Place {
  Joiner joiner = Joiner::first;
  bool background = false;
  bool negated = false;
  bool timed = false;
  std::uint16_t depth = 0;       // of compound commands and substitutions around it
  bool in_substitution = false;  // these hold however far out it is
  bool in_condition = false;     // of if, while, until: its failure stops nothing
  bool in_branch = false;        // of if, case: it may not run
  bool in_loop = false;          // body or condition
  bool in_subshell = false;
  bool in_function = false;
};

using Visit = void (*)(void* visitor, const SimpleCommand& command, const Place& place);
void walk(const Script& script, void* visitor, Visit visit);

/// Calls `visitor(command, place)` for every simple command, each before those in its substitutions.
template <typename Visitor>
void for_each_command(const Script& script, Visitor&& visitor) {
  walk(script, &visitor, [](void* v, const SimpleCommand& command, const Place& place) {
    (*static_cast<std::remove_reference_t<Visitor>*>(v))(command, place);
  });
}

}  // namespace dockerlint::shell
