// SPDX-License-Identifier: Apache-2.0
#include "commands_stand_in.hpp"

namespace dockerlint {

std::string_view RunCommand::program() const {
  const std::string_view path = word(0);
  return path.substr(path.rfind('/') + 1);
}

std::string_view RunCommand::word(std::size_t index) const {
  return index < words.size() ? words[index].value().value_or("") : "";
}

Variable RunCommand::variable(std::string_view name) const {
  for (const shell::Assignment& assignment : syntax->assignments)
    if (assignment.name == name) return {assignment.value.literal, true, assignment.value.value};
  const Variable variable = run->before.env.find(name);
  if (name == "HOME" && !variable.set) return {user.home.has_value(), true, user.home.value_or("")};
  return variable;
}

namespace stand_in {
namespace {

RunCommand command_of(const RunStep& run, const shell::SimpleCommand& syntax, Arena& arena) {
  std::vector<CommandWord> words;
  for (const shell::Word& word : syntax.words) {
    CommandWord known{.range = word.range, .text = word.text, .syntax = &word};
    if (word.literal) known.values = arena.keep(std::vector<std::string_view>{word.value});
    words.push_back(known);
  }
  RunCommand command;
  command.run = &run;
  command.syntax = &syntax;
  command.words = arena.keep(words);
  if (command.word(0) == "sudo") command.words = command.words.subspan(1);
  command.workdir = run.before.workdir;
  command.user = run.before.user;
  return command;
}

}  // namespace

std::vector<const RunCommand*> commands_of(const RunStep& run, Arena& arena) {
  std::vector<const RunCommand*> commands;
  for (const RunCommand& command : run.commands) commands.push_back(&command);
  if (!commands.empty() || run.script == nullptr || !run.script->understood) return commands;
  shell::for_each_command(*run.script, [&](const shell::SimpleCommand& syntax, const shell::Place&) {
    if (!syntax.words.empty()) commands.push_back(arena.make(command_of(run, syntax, arena)));
  });
  return commands;
}

}  // namespace stand_in
}  // namespace dockerlint
