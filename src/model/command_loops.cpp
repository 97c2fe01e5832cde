// SPDX-License-Identifier: Apache-2.0
// Loops, and arithmetic, which counts in them.

#include "model/command_walk.hpp"

#include <algorithm>

namespace dockerlint::script {
namespace {

using shell::CommandKind;

/// `(( ))`, `let` and `$(( ))` that change a variable.
bool assigns(std::string_view expression) {
  return expression.find('=') != expression.npos || expression.find("++") != expression.npos ||
         expression.find("--") != expression.npos;
}

}  // namespace

/// What holds as any turn of a loop begins: what no turn changes.
const ShellState* Walk::loop_entry(const ShellState* before, const ShellState* after) {
  if (after == nullptr || after == before) return before;
  // A second turn would change once more what the first has changed.
  const ShellState* const met = meet(before, after);
  return with(met, [&](ShellState& s) {
    const Binding* all = nullptr;
    std::vector<std::string_view> changed;
    const std::uint32_t depth = before->bindings == nullptr ? 0 : before->bindings->depth;
    for (const Binding* b = s.bindings; b != nullptr && b->depth > depth; b = b->next) {
      if (b->kind != BindingKind::name) all = b;
      else changed.push_back(b->name);
    }
    if (all != nullptr) s.bindings = bind_all(s.bindings, BindingKind::anything, sources_.arena);
    for (const std::string_view name : changed) {
      const Found found = find(s.bindings, name);
      const bool exported = found.binding != nullptr && found.binding->exported;
      s.bindings = bind(s.bindings, name, {}, exported, sources_.arena);
    }
  });
}

/// The same, from a turn of which no command is noted. Within such a turn a loop is gone through only once, so
/// that loops in loops stay cheap; what it changes is found out behind it.
const ShellState* Walk::any_turn(const shell::List& body, const ShellState* state, const ShellState* into,
                                 const Context& context) {
  if (silent_ > 0 || into == nullptr) return state;
  ++silent_;
  const Exits exited = exited_, returned = returned_, broken = broken_;
  const Outcome outcome = list(body, into, context);
  const ShellState* const after = meet(meet(outcome.ok, outcome.failed), broken_.state);
  exited_ = exited;
  returned_ = returned;
  broken_ = broken;
  --silent_;
  return loop_entry(state, after);
}

/// How a loop leaves things that began with `entry`.
Outcome Walk::behind_turns(Outcome outcome, const ShellState* entry) {
  if (silent_ == 0) return outcome;
  const bool same = outcome.ok == outcome.failed;
  if (outcome.ok != nullptr) outcome.ok = loop_entry(entry, outcome.ok);
  if (outcome.failed != nullptr) outcome.failed = same ? outcome.ok : loop_entry(entry, outcome.failed);
  return outcome;
}

Outcome Walk::for_clause(const shell::CompoundCommand& command, const ShellState* state, const Context& context) {
  std::vector<CommandWord> words;
  bool more = false;
  Names& names = names_at(state);
  for (const shell::Word& word : command.words) expand(word, names, words, more);
  if (command.words.empty()) {  // for x; do
    const shell::Word parameters{command.range, "\"$@\"", {}, false, false, true, {}};
    expand(*sources_.arena.make(parameters), names, words, more);
  }
  state = names.state;
  if (!spend(words.size())) return {};
  if (words.empty() && !more) return {state, nullptr};

  std::vector<std::string_view> values;
  bool known = !more && command.kind == CommandKind::for_clause;
  for (const CommandWord& word : words) {
    known = known && !word.values().empty() && !word.pattern;
    for (const std::string_view value : word.values())
      if (values.size() <= kMostValues && std::find(values.begin(), values.end(), value) == values.end())
        values.push_back(value);
  }
  known = known && values.size() <= kMostValues;
  const bool once = words.size() == 1 && !more && command.kind == CommandKind::for_clause && !words.front().pattern;
  const auto is_there = [](const CommandWord& word) { return !word.values().empty() || word.syntax->quoted; };
  const bool runs = std::any_of(words.begin(), words.end(), is_there);
  const Meaning meaning = known ? Meaning{Knowledge::set, sources_.arena.keep(values)} : Meaning{};

  Context inner = context;
  inner.place.in_loop = true;
  inner.conditional = context.conditional || !runs;
  inner.counts = context.counts && once;
  inner.watched = context.watched;
  const Exits broken = broken_;
  broken_ = {};
  const shell::List& body = *command.blocks.front().list;
  const ShellState* entry = with_binding(state, command.name, meaning);
  if (!once) entry = with_binding(any_turn(body, entry, entry, inner), command.name, meaning);
  Outcome outcome = list(body, entry, inner);
  outcome.ok = meet(outcome.ok, broken_.state);
  if (!once) outcome = {meet(outcome.ok, outcome.failed), meet(outcome.ok, outcome.failed)};
  if (!runs) outcome.ok = meet(outcome.ok, state);
  broken_ = broken;
  return once ? outcome : behind_turns(outcome, entry);
}

Outcome Walk::while_clause(const shell::CompoundCommand& command, const ShellState* state, const Context& context) {
  const bool until = command.kind == CommandKind::until_clause;
  const shell::List& condition = *command.blocks.front().list;
  const shell::List& body = *command.blocks.back().list;
  Context testing = context;
  testing.place.in_loop = testing.place.in_condition = true;
  testing.counts = false;
  testing.condition = testing.watched = true;
  Context inner = context;
  inner.place.in_loop = true;
  inner.counts = false;
  const Exits broken = broken_;
  broken_ = {};

  // One turn to see what changes.
  const ShellState* entry = state;
  if (silent_ == 0) {
    ++silent_;
    const Outcome first = list(condition, state, testing);
    --silent_;
    entry = any_turn(body, state, until ? first.failed : first.ok, inner);
  }
  const Outcome test = list(condition, entry, testing);
  const ShellState* const turn = until ? test.failed : test.ok;
  const ShellState* const end = until ? test.ok : test.failed;
  Outcome outcome{end, nullptr};
  if (turn != nullptr) {
    inner.conditional = context.conditional || end != nullptr;
    const Outcome ran = list(body, turn, inner);
    // The loop's own status is that of the last turn.
    if (end != nullptr && ran.failed != nullptr) outcome.failed = end;
  }
  outcome.ok = meet(outcome.ok, broken_.state);
  broken_ = broken;
  return behind_turns(outcome, entry);
}

/// `for ((…; …; …))`.
Outcome Walk::arithmetic_loop(const shell::CompoundCommand& command, const ShellState* state, const Context& context) {
  const ShellState* const begun = arithmetic(command.words.front().text, state).ok;
  Context inner = context;
  inner.place.in_loop = true;
  inner.counts = false;
  inner.conditional = true;
  const Exits broken = broken_;
  broken_ = {};
  const shell::List& body = *command.blocks.front().list;
  const ShellState* const entry = any_turn(body, begun, begun, inner);
  const Outcome outcome = list(body, entry, inner);
  const ShellState* const after = meet(meet(meet(outcome.ok, outcome.failed), broken_.state), begun);
  broken_ = broken;
  return behind_turns({after, after}, entry);
}

/// Every name in an expression that assigns may have another value.
Outcome Walk::arithmetic(std::string_view expression, const ShellState* state) {
  if (!assigns(expression)) return {state, state};
  for (std::size_t at = 0; at < expression.size();) {
    std::size_t end = at;
    while (end < expression.size() && is_name_char(expression[end])) ++end;
    if (end > at && is_name_start(expression[at]) && spend(1))
      state = with_binding(state, expression.substr(at, end - at), {});
    at = std::max(end, at + 1);
  }
  return {state, state};
}

}  // namespace dockerlint::script
