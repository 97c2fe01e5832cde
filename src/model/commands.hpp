// SPDX-License-Identifier: Apache-2.0
#pragma once
// From a RUN and its script to the commands that it runs.

#include "dockerlint/commands.hpp"
#include "text/arena.hpp"

namespace dockerlint {

/// What the walk asks of the model.
struct CommandSources {
  Arena& arena;
  /// The SHELL in force at the RUN; null: /bin/sh -c.
  const Instruction* shell = nullptr;
  /// Who `sudo -u` and the like mean; null: only root is known.
  User (*user_named)(const Environment& env, std::string_view name_or_uid) = nullptr;
};

/// What `run` runs, in the order in which it happens, loops once, functions where they are called. Wants the
/// run's script, script_text and state before it. Nothing where the script is not understood, or where
/// following it would take more than a time linear in its length.
std::span<const RunCommand> commands_of(const RunStep& run, const CommandSources& sources);

/// What a variable of a command is set to by the script, for people.
using VisitVariable = void (*)(void* visitor, std::string_view name, std::span<const std::string_view> values,
                               bool is_set);
/// Calls it for each variable that the program sees and that the script before it sets, the last set first, at
/// most a hundred. No values, though set: nobody knows. No name: all others.
void visit_variables(const RunCommand& command, void* visitor, VisitVariable visit);

}  // namespace dockerlint
