// SPDX-License-Identifier: Apache-2.0
// One simple command: its words, its wrappers, what it calls, and the script that it is given.

#include "model/command_variables.hpp"
#include "model/command_walk.hpp"
#include "model/inner_scripts.hpp"
#include "shell/text_builder.hpp"

#include <algorithm>
#include <array>

namespace dockerlint::script {
namespace {

Answer braces_of(std::string_view shell) {
  if (shell == "ash" || shell == "dash") return Answer::no;
  return shell.empty() || shell == "sh" ? Answer::unknown : Answer::yes;
}

Meaning meaning_of(const CommandWord& word) {
  if (word.values().empty() || word.pattern) return {};
  return {Knowledge::set, word.values()};
}

std::span<const Meaning> meanings_of(std::span<const CommandWord> words, Arena& arena) {
  std::vector<Meaning> meanings;
  for (const CommandWord& word : words) meanings.push_back(meaning_of(word));
  return arena.keep(meanings);
}

const Function* find_function(const Function* functions, std::string_view name) {
  constexpr int kFarthest = 256;
  for (int steps = 0; functions != nullptr && steps < kFarthest; functions = functions->next, ++steps)
    if (functions->name == name) return functions;
  return nullptr;
}

}  // namespace

Outcome Walk::simple(const shell::SimpleCommand& command, const ShellState* state, Context context) {
  if (!spend(16 + command.words.size() * 4 + command.assignments.size() * 4)) return {};
  bool substitutes = false;
  for (const shell::Assignment& assignment : command.assignments) {
    substitutes = substitutes || !assignment.substitutions.empty();
    const bool is_last = command.words.empty() && &assignment == &command.assignments.back();
    substitutions(assignment.substitutions, state, context, is_last);
  }
  for (const shell::Word& word : command.words)
    if (!word.substitutions.empty()) substitutions(word.substitutions, state, context);
  redirects(command.redirects, state, context);
  if (exhausted_) return {};
  if (command.words.empty()) return assignments(command, state, substitutes);

  words_.clear();
  words_.reserve(command.words.size());
  Invocation invocation;
  Names& names = names_at(state);
  for (const shell::Word& word : command.words) expand(word, names, words_, invocation.more_words);
  state = names.state;
  if (!spend(words_.size())) return {};
  if (words_.empty()) return invocation.more_words ? Outcome{state, state} : assignments(command, state, substitutes);

  invocation.words = sources_.arena.keep(words_);
  invocation.bindings = assignments(command, state, substitutes).ok->bindings;
  // They are seen by this command alone, and by its program too.
  for (const shell::Assignment& assignment : command.assignments) {
    const Found found = find(invocation.bindings, assignment.name);
    if (found.binding != nullptr && found.binding->kind == BindingKind::name && !found.binding->exported)
      invocation.bindings = bind(invocation.bindings, assignment.name, found.binding->meaning, true, sources_.arena);
  }
  invocation.workdir = state->workdir;
  invocation.user = process_.user;
  invocation.in_shell = !is_program_;
  return invoke(invocation, command, state, context);
}

Outcome Walk::assignments(const shell::SimpleCommand& command, const ShellState* state, bool substitutes) {
  for (const shell::Assignment& assignment : command.assignments) {
    Names& names = names_at(state);
    Meaning meaning;
    const bool element = assignment.array || assignment.text.substr(assignment.name.size(), 1) == "[";
    if (!element) meaning = expand_value(assignment.value, names);
    if (assignment.append && !element) {
      const Value before = names.find(assignment.name).text(), added = meaning.text();
      meaning = {};
      if (before && added && before->size() + added->size() <= kLongestValue) {
        const std::string both = std::string(*before).append(*added);
        names.made += both.size();
        meaning = script::meaning_of(sources_.arena.keep(std::string_view(both)), sources_.arena);
      }
    }
    state = with_binding(names.state, assignment.name, meaning);
  }
  if (!command.words.empty() || !substitutes) return {state, nullptr};
  return {state, state};
}

Outcome Walk::invoke(Invocation invocation, const shell::SimpleCommand& command, const ShellState* state,
                     const Context& outer) {
  do {
    if (!spend(4 + invocation.words.size() / 4)) return {};
    const Value program = invocation.words.front().value();
    if (!program || !invocation.wrappers.empty() || !invocation.in_shell) continue;
    if (const Function* function = find_function(state->functions, *program); function != nullptr)
      return call(*function, invocation, state, outer);
  } while (look_through(invocation, names_at(state)));

  const Value program = invocation.words.front().value();
  Context context = outer;
  if (invocation.replaces || (invocation.in_shell && program == "exit")) context.counts = outer.exit_counts;
  if (invocation.in_shell && program == "return") context.counts = outer.return_counts;
  const std::size_t index = emit(invocation, command, context);
  if (invocation.replaces) exited_.left = true;
  if (program && !exhausted_) {
    const std::string_view name = file_name(*program);
    if (may_take_script(name)) {
      Invocation inner = invocation;
      if (const auto script = script_call(inner, names_at(state)))
        inner_script(*script, inner, command, state, index, context);
    }
    if (name == "find") {
      Invocation inner;
      std::size_t at = 1;
      while (!exhausted_ && next_of_find(invocation, at, inner, names_at(state)))
        invoke(inner, command, state, context);
    }
    if (invocation.in_shell) return builtin(*program, invocation, command, state, context);
  }
  if (invocation.replaces) return {};
  return {state, state};
}

std::size_t Walk::emit(const Invocation& invocation, const shell::SimpleCommand& command, const Context& context) {
  if (silent_ > 0) return kNobody;
  RunCommand noted;
  noted.run = &run_;
  noted.syntax = &command;
  noted.place = context.place;
  noted.words = invocation.words;
  noted.wrappers = invocation.wrappers;
  noted.more_words = invocation.more_words;
  noted.conditional = context.conditional || invocation.conditional || may_be_left();
  noted.failure_ignored = !context.counts || invocation.failure_ignored;
  noted.workdir = invocation.workdir;
  noted.user = invocation.user;
  static constexpr CommandVariables kNone;
  if (invocation.bindings == nullptr) noted.variables = &kNone;
  else if (!commands_.empty() && commands_.back().variables->bindings == invocation.bindings)
    noted.variables = commands_.back().variables;
  else noted.variables = sources_.arena.make(CommandVariables{invocation.bindings});
  commands_.push_back(noted);
  around_.push_back(process_.around);
  return commands_.size() - 1;
}

// --- functions ---

Outcome Walk::call(const Function& function, const Invocation& invocation, const ShellState* state, Context context) {
  constexpr std::size_t kMostCalls = 32;
  const bool again = std::find(calls_.begin(), calls_.end(), function.name) != calls_.end();
  if (again || calls_.size() >= kMostCalls) {
    const ShellState* const after = with_anything(state, true);
    return {after, after};
  }
  const ShellState* const entry = with(state, [&](ShellState& s) {
    s.bindings = invocation.bindings;
    s.parameters = meanings_of(invocation.words.subspan(1), sources_.arena);
    s.parameters_known = !invocation.more_words;
  });
  context.place.in_function = true;
  ++context.place.depth;
  context.return_counts = context.counts;
  const Process process = process_;
  process_.text = function.text;
  const Exits returned = returned_, broken = broken_;
  returned_ = broken_ = {};
  const std::size_t locals = locals_.size();
  calls_.push_back(function.name);

  Outcome outcome = list(*function.definition->blocks.front().list, entry, context);
  outcome.ok = meet(outcome.ok, returned_.state);
  outcome.failed = meet(outcome.failed, returned_.state);

  calls_.pop_back();
  process_ = process;
  returned_ = returned;
  broken_ = broken;
  const auto back = [&](const ShellState* after) {
    if (after == nullptr) return after;
    return with(after, [&](ShellState& s) {
      s.parameters = state->parameters;
      s.parameters_known = state->parameters_known;
      const auto restore = [&](std::string_view name) {
        const Found before = find(state->bindings, name);
        const bool is_name = before.binding != nullptr && before.binding->kind == BindingKind::name;
        s.bindings = bind(s.bindings, name, is_name ? before.binding->meaning : Meaning{},
                          is_name && before.binding->exported, sources_.arena);
      };
      for (std::size_t i = locals; i < locals_.size(); ++i) restore(locals_[i]);
      for (const Binding* b = invocation.bindings; b != state->bindings && b != nullptr; b = b->next) restore(b->name);
    });
  };
  const bool same = outcome.ok == outcome.failed;
  outcome.ok = back(outcome.ok);
  outcome.failed = same ? outcome.ok : back(outcome.failed);
  locals_.resize(locals);
  return outcome;
}

// --- scripts ---

const ScriptText* Walk::text_of(const ScriptCall& call, const shell::SimpleCommand& command, const ShellState* state) {
  Names& names = names_at(state);
  if (call.script != nullptr) return text_of_argument(*call.script, names);
  for (std::size_t i = command.redirects.size(); i-- > 0;) {
    const shell::Redirect& redirect = command.redirects[i];
    if (!redirect.descriptor.empty() && redirect.descriptor != "0") continue;
    if (redirect.body != nullptr) return text_of_heredoc(*redirect.body, names);
    if (redirect.op != shell::RedirectOperator::here_string) continue;
    std::vector<CommandWord> words;
    bool more = false;
    expand(redirect.target, names, words, more);
    return words.size() == 1 ? text_of_argument(words.front(), names) : nullptr;
  }
  return nullptr;
}

void Walk::inner_script(const ScriptCall& call, const Invocation& invocation, const shell::SimpleCommand& command,
                        const ShellState* state, std::size_t around, const Context& context) {
  const ScriptText* const given = text_of(call, command, state);
  if (given == nullptr || !spend(given->text.size())) return;
  const Answer braces = braces_of(call.shell);
  const shell::Dialect dialect = braces == Answer::no ? shell::Dialect::posix : shell::Dialect::bash;
  const shell::Script script = shell::parse(given->text, dialect, sources_.arena);
  if (!script.understood) return;
  ScriptText text = *given;
  text.braces = braces;

  ShellState inner;
  inner.bindings = bind_all(invocation.bindings, BindingKind::process, sources_.arena);
  inner.workdir = invocation.workdir;
  const std::size_t first = std::min<std::size_t>(1, call.parameters.size());
  inner.parameters = meanings_of(call.parameters.subspan(first), sources_.arena);
  inner.parameters_known = !invocation.more_words;
  inner.errexit = call.errexit;
  inner.pipefail = call.pipefail;

  Context begun;
  begun.conditional = context.conditional || invocation.conditional || may_be_left();
  begun.counts = begun.exit_counts = context.counts && !invocation.failure_ignored;
  begun.watched = context.watched;
  const Process process = process_;
  const Exits exited = exited_, returned = returned_, broken = broken_;
  const bool is_program = is_program_;
  std::vector<std::string_view> calls;
  calls.swap(calls_);
  is_program_ = false;
  exited_ = returned_ = broken_ = {};
  process_ = {sources_.arena.make(text), invocation.user, around};

  list(*script.root, sources_.arena.make(inner), begun);

  process_ = process;
  calls_.swap(calls);
  is_program_ = is_program;
  exited_ = exited;
  returned_ = returned;
  broken_ = broken;
}

/// A script that this shell itself reads.
Outcome Walk::eval(const Invocation& invocation, const ShellState* state, const Context& context) {
  const auto words = invocation.words.subspan(1);
  const auto is_known = [](const CommandWord& word) { return word.value().has_value(); };
  if (words.empty()) return {state, nullptr};
  const ShellState* const anything = with_anything(state, true);
  if (invocation.more_words || !std::all_of(words.begin(), words.end(), is_known)) return {anything, anything};
  ScriptText text;
  if (words.size() == 1) {
    text = *text_of_argument(words.front(), names_at(state));
  } else {
    shell::TextBuilder joined;
    for (const CommandWord& word : words) {
      if (&word != &words.front()) joined.add(" ", TextRange::at(word.range().begin));
      joined.add(*word.value(), word.range());
    }
    text.text = joined.keep(sources_.arena);
  }
  text.braces = process_.text->braces;
  if (!spend(text.text.size())) return {};
  const shell::Dialect dialect = text.braces == Answer::no ? shell::Dialect::posix : shell::Dialect::bash;
  const shell::Script script = shell::parse(text.text, dialect, sources_.arena);
  if (!script.understood) return {anything, anything};
  const Process process = process_;
  process_.text = sources_.arena.make(text);
  const Outcome outcome = list(*script.root, state, context);
  process_ = process;
  return outcome;
}

}  // namespace dockerlint::script
