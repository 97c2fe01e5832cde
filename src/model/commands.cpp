// SPDX-License-Identifier: Apache-2.0
#include "model/commands.hpp"

#include "model/command_variables.hpp"
#include "model/command_walk.hpp"

#include <algorithm>

namespace dockerlint {

std::string_view RunCommand::program() const { return script::file_name(word(0)); }

std::string_view RunCommand::word(std::size_t index) const {
  return index < words.size() ? words[index].value().value_or("") : std::string_view();
}

bool RunCommand::is_one_of_several(const CommandWord& word) const {
  return std::count_if(words.begin(), words.end(), [&](const CommandWord& w) { return w.range() == word.range(); }) > 1;
}

std::span<const RunCommand> commands_of(const RunStep& run, const CommandSources& sources) {
  if (run.script == nullptr || !run.script->understood) return {};
  return script::Walk(run, sources).commands();
}

void visit_variables(const RunCommand& command, void* visitor, VisitVariable visit) {
  if (command.variables == nullptr) return;
  constexpr std::size_t kMost = 100;
  std::vector<std::string_view> seen;
  for (const script::Binding* b = command.variables->bindings; b != nullptr; b = b->next) {
    if (b->kind == script::BindingKind::process) continue;
    if (b->kind != script::BindingKind::name) return visit(visitor, {}, {}, b->kind == script::BindingKind::anything);
    if (seen.size() >= kMost) return;
    if (std::find(seen.begin(), seen.end(), b->name) != seen.end()) continue;
    seen.push_back(b->name);
    const script::Found found = script::find(command.variables->bindings, b->name);
    if (found.binding != b) continue;
    if (!b->exported && !command.run->before.env.find(b->name).set) continue;
    visit(visitor, b->name, b->meaning.values, b->meaning.knowledge != script::Knowledge::unset);
  }
}

}  // namespace dockerlint
