// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a RUN runs: each simple command, with wrappers such as sudo, env and `sh -c` looked through, and with
// the directory, the environment and the user that it runs with. What nothing tells is unknown, never guessed.

#include "dockerlint/model.hpp"
#include "dockerlint/shell.hpp"

#include <span>
#include <string_view>

namespace dockerlint {

/// One argument as the program is given it.
class CommandWord {
 public:
  CommandWord(const shell::Word& word, std::span<const std::string_view> values, bool is_pattern)
      : pattern(is_pattern), syntax(&word), values_(values.data()), count_(static_cast<std::uint32_t>(values.size())) {}

  TextRange range() const { return syntax->range; }       // in the Dockerfile
  std::string_view text() const { return syntax->text; }  // as written
  /// All that it can be: none when that is unknown, several in a loop over known words.
  std::span<const std::string_view> values() const { return {values_, count_}; }
  /// The one value that it has; absent when it is unknown or one of several.
  Value value() const { return count_ == 1 ? Value(*values_) : Value(); }

  bool pattern;               // the shell may put file names in its place
  const shell::Word* syntax;  // never null; of several, when the shell makes them of one

 private:
  const std::string_view* values_;
  std::uint32_t count_;
};

struct CommandVariables;

/// One command that a RUN runs, or may run.
struct RunCommand {
  const RunStep* run = nullptr;
  const shell::SimpleCommand* syntax = nullptr;  // as written, with its wrappers
  shell::Place place;                            // in its own script
  const RunCommand* around = nullptr;  // whose `sh -c`, `xargs`, … runs it, when that is a script of its own

  std::span<const CommandWord> words;          // without wrappers; the first is the program
  std::span<const std::string_view> wrappers;  // looked through, outermost first: "sudo", "env", "xargs"
  bool more_words = false;                     // it is given more than `words`: xargs, "$@", an unquoted variable
  bool conditional = false;                    // it may not run: in a branch, behind ||, in a loop that may be empty
  bool failure_ignored = false;  // its failure does not end the RUN: `|| true`, a condition, `;` without -e

  Value workdir;               // absolute and clean
  const User* user = nullptr;  // never null in a run's commands

  /// The program's name without its directory; empty when it is unknown.
  std::string_view program() const;
  /// The word after the program, from 1, if it is known; "" else.
  std::string_view word(std::size_t index) const;
  /// Whether the shell makes several of `words` of what is written where this one stands: `{a,b}` is two. To take one
  /// of them out takes out all.
  bool is_one_of_several(const CommandWord& word) const;
  /// A variable as the program sees it: what the command, the script before it, and the RUN's environment set.
  /// HOME is the user's home where nothing sets it.
  Variable variable(std::string_view name) const;

  const CommandVariables* variables = nullptr;
};

}  // namespace dockerlint
