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
struct CommandWord {
  TextRange range;        // in the Dockerfile
  std::string_view text;  // as written
  std::span<const std::string_view>
      values;            // all that it can be: none when that is unknown, several in a loop over known words
  bool pattern = false;  // the shell may put file names in its place
  const shell::Word* syntax = nullptr;

  /// The one value that it has; absent when it is unknown or one of several.
  Value value() const { return values.size() == 1 ? Value(values.front()) : std::nullopt; }
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

  Value workdir;  // absolute and clean
  User user;

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
