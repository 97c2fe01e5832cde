// SPDX-License-Identifier: Apache-2.0
#pragma once
// Goes through a script in the order in which it runs. Each command has two ways out, by success and by
// failure; where ways meet, what they do not agree on is unknown. A loop's body is gone through twice, the
// first time only to see what it changes; a function's body wherever it is called.

#include "model/commands.hpp"
#include "model/shell_words.hpp"
#include "model/wrappers.hpp"

#include <vector>

namespace dockerlint::script {

/// Where a command stands, and what follows from its failure.
struct Context {
  shell::Place place;
  bool conditional = false;
  bool counts = true;          // a failure of this list makes what it is part of fail, and so the RUN
  bool exit_counts = true;     // so does `exit 1`
  bool return_counts = false;  // and `return 1`
  bool condition = false;      // `set -e` does not look
  bool watched = false;        // something else is done when it fails
};

/// How a command leaves things. Null: never that way.
struct Outcome {
  const ShellState* ok = nullptr;
  const ShellState* failed = nullptr;
};

class Walk {
 public:
  Walk(const RunStep& run, const CommandSources& sources);

  std::span<const RunCommand> commands();

 private:
  static constexpr std::size_t kNobody = static_cast<std::size_t>(-1);
  static constexpr int kDeepest = 220;  // of commands in commands, functions and scripts within scripts

  /// The ways out of a place other than its end.
  struct Exits {
    bool left = false;                  // with success, so that what follows may not run
    const ShellState* state = nullptr;  // of `return`, `break`
  };

  /// One that runs a script: what of it is not the state of the script.
  struct Process {
    const ScriptText* text = nullptr;
    const User* user = nullptr;
    std::size_t around = kNobody;
  };

  class Level;

  // --- lists and compound commands (command_walk.cpp) ---
  Outcome list(const shell::List& list, const ShellState* state, Context context);
  Outcome chain(std::span<const shell::Pipeline> chain, const ShellState* state, const Context& context, bool is_last);
  Outcome pipeline(const shell::Pipeline& pipeline, const ShellState* state, Context context);
  Outcome command(const shell::Command& command, const ShellState* state, Context context);
  Outcome compound(const shell::CompoundCommand& command, const ShellState* state, const Context& context);
  Outcome if_clause(const shell::CompoundCommand& command, const ShellState* state, Context context);
  Outcome case_clause(const shell::CompoundCommand& command, const ShellState* state, Context context);
  Outcome for_clause(const shell::CompoundCommand& command, const ShellState* state, const Context& context);
  Outcome while_clause(const shell::CompoundCommand& command, const ShellState* state, const Context& context);
  Outcome arithmetic_loop(const shell::CompoundCommand& command, const ShellState* state, const Context& context);
  Outcome subshell(const shell::List& list, const ShellState* state, Context context);
  Outcome arithmetic(std::string_view expression, const ShellState* state);
  const ShellState* any_turn(const shell::List& body, const ShellState* state, const ShellState* into,
                             const Context& context);
  Outcome behind_turns(Outcome outcome, const ShellState* entry);
  const ShellState* loop_entry(const ShellState* before, const ShellState* after);
  /// `last_counts`: the status of the last is that of the command.
  void substitutions(std::span<const shell::List* const> lists, const ShellState* state, const Context& context,
                     bool last_counts = false);
  void redirects(std::span<const shell::Redirect> redirects, const ShellState* state, const Context& context);

  // --- simple commands (simple_commands.cpp) ---
  Outcome simple(const shell::SimpleCommand& command, const ShellState* state, Context context);
  Outcome assignments(const shell::SimpleCommand& command, const ShellState* state, bool substitutes);
  Outcome invoke(Invocation invocation, const shell::SimpleCommand& command, const ShellState* state,
                 const Context& context);
  std::size_t emit(const Invocation& invocation, const shell::SimpleCommand& command, const Context& context);
  Outcome call(const Function& function, const Invocation& invocation, const ShellState* state, Context context);
  void inner_script(const ScriptCall& call, const Invocation& invocation, const shell::SimpleCommand& command,
                    const ShellState* state, std::size_t around, const Context& context);
  const ScriptText* text_of(const ScriptCall& call, const shell::SimpleCommand& command, const ShellState* state);

  // --- builtins (builtins.cpp) ---
  Outcome builtin(std::string_view name, const Invocation& invocation, const shell::SimpleCommand& command,
                  const ShellState* state, const Context& context);
  Outcome change_directory(std::span<const CommandWord> words, const ShellState* state, const Context& context);
  Outcome push_directory(std::span<const CommandWord> words, const ShellState* state, const Context& context);
  Outcome pop_directory(const ShellState* state);
  Outcome declare(std::string_view name, const Invocation& invocation, const ShellState* state);
  Outcome unset(std::span<const CommandWord> words, const ShellState* state);
  Outcome set(std::span<const CommandWord> words, bool more, const ShellState* state);
  Outcome shift(std::span<const CommandWord> words, const ShellState* state);
  Outcome read_into(std::span<const CommandWord> words, const ShellState* state);
  Outcome source(const Invocation& invocation, const ShellState* state);
  Outcome eval(const Invocation& invocation, const ShellState* state, const Context& context);
  Outcome leave(std::string_view name, std::span<const CommandWord> words, const ShellState* state,
                const Context& context);

  /// What the state makes of a change of one part of it.
  template <typename Change>
  const ShellState* with(const ShellState* state, Change change) {
    ShellState changed = *state;
    change(changed);
    return sources_.arena.make(changed);
  }
  const ShellState* with_binding(const ShellState* state, std::string_view name, const Meaning& meaning,
                                 bool exported = false);
  const ShellState* with_anything(const ShellState* state, bool directory_too);
  const ShellState* meet(const ShellState* a, const ShellState* b) { return script::meet(a, b, sources_.arena); }
  bool spend(std::size_t steps);
  Names& names_at(const ShellState* state);
  bool may_be_left() const { return exited_.left || returned_.left || broken_.left; }

  const RunStep& run_;
  const CommandSources& sources_;
  Names names_;
  Process process_;
  std::vector<RunCommand> commands_;
  std::vector<std::size_t> around_;       // of each command
  std::vector<CommandWord> words_;        // of the command that is read
  std::vector<std::string_view> calls_;   // the functions that are being run
  std::vector<std::string_view> locals_;  // of these
  bool is_program_ = false;               // no shell is there
  Exits exited_, returned_, broken_;
  std::size_t left_ = 0;     // steps
  std::size_t counted_ = 0;  // of names_.made
  int depth_ = 0;
  int silent_ = 0;  // commands are gone through, and not noted
  bool exhausted_ = false;
};

}  // namespace dockerlint::script
