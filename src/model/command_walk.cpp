// SPDX-License-Identifier: Apache-2.0
// Lists, pipelines and compound commands but loops.

#include "model/command_walk.hpp"

#include <algorithm>

namespace dockerlint::script {
namespace {

using shell::CommandKind;
using shell::Joiner;

/// `exit N` or `return N` with a failure; as the only command `exit` too, whose status is that of what failed.
bool leaves_with_failure(const shell::Pipeline& pipeline, bool is_alone, std::string_view how) {
  if (pipeline.commands.size() != 1 || pipeline.negated || pipeline.commands.front().simple == nullptr) return false;
  const auto words = pipeline.commands.front().simple->words;
  if (words.empty() || !words[0].literal || words[0].value != how) return false;
  return words.size() == 1 ? is_alone : words[1].literal && words[1].value != "0";
}

/// Whatever is in it: `exit 1`, `{ echo no; exit 1; }`.
bool always_leaves_with_failure(const shell::Pipeline& pipeline, std::string_view how) {
  if (pipeline.commands.size() != 1 || pipeline.background) return false;
  const shell::Command& command = pipeline.commands.front();
  if (command.kind() != CommandKind::group || pipeline.negated) return leaves_with_failure(pipeline, true, how);
  const auto inner = command.compound->blocks.front().list->pipelines;
  const auto is_plain = [](const shell::Pipeline& part) {
    return part.commands.size() == 1 && part.commands.front().simple != nullptr;
  };
  const Joiner last = inner.back().joiner;
  return last != Joiner::and_then && last != Joiner::or_else && std::all_of(inner.begin(), inner.end(), is_plain) &&
         leaves_with_failure(inner.back(), inner.size() == 1, how);
}

/// Whether what is done on a failure makes the RUN fail.
bool fails_the_run(const shell::Pipeline& rescue, const Context& context) {
  return (context.exit_counts && always_leaves_with_failure(rescue, "exit")) ||
         (context.return_counts && always_leaves_with_failure(rescue, "return"));
}

Answer braces_of(shell::Interpreter interpreter) {
  switch (interpreter) {
    case shell::Interpreter::bash: return Answer::yes;
    case shell::Interpreter::posix: return Answer::no;
    default: return Answer::unknown;
  }
}

/// Options that the shell of the RUN is started with.
ShellStart start_of(const Instruction& run, const Instruction* shell) {
  const Instruction* const started = run.form == Form::json ? &run : shell;
  if (started == nullptr) return {};
  std::vector<Value> words;
  for (const Argument& argument : started->arguments) words.push_back(argument.text);
  return shell_start(words);
}

}  // namespace

/// Counts a level of commands within commands for as long as it lives.
class Walk::Level {
 public:
  explicit Level(Walk& walk) : walk_(walk) {
    if (++walk_.depth_ > kDeepest) walk_.exhausted_ = true;
  }
  ~Level() { --walk_.depth_; }
  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;

 private:
  Walk& walk_;
};

Walk::Walk(const RunStep& run, const CommandSources& sources)
    : run_(run), sources_(sources), names_(sources.arena, run, sources.user_named) {
  constexpr std::size_t kAlways = 20000, kEachByte = 48;
  left_ = kAlways + kEachByte * run.instruction->range.size();
}

std::span<const RunCommand> Walk::commands() {
  const Instruction& in = run_.instruction->nested != nullptr ? *run_.instruction->nested : *run_.instruction;
  constexpr std::size_t kUsualWords = 16;  // of a command; more are made room for
  const bool is_program = in.form == Form::json && run_.script_text.empty();
  ScriptText text;
  text.text = run_.script_text;
  text.braces = braces_of(in.form == Form::json ? shell::Interpreter::sh : run_.before.interpreter);
  process_ = {&text, &run_.before.user, kNobody};
  ShellState state;
  state.workdir = run_.before.workdir;
  if (!is_program) {
    const ShellStart start = start_of(in, sources_.shell);
    state.errexit = start.errexit;
    state.pipefail = start.pipefail;
    state.parameters_known = in.form != Form::json;
    if (in.form == Form::json && start.shell == "bash") text.braces = Answer::yes;
  }
  is_program_ = is_program;
  commands_.reserve(run_.script->root->pipelines.size());
  around_.reserve(commands_.capacity());
  words_.reserve(kUsualWords);
  list(*run_.script->root, &state, Context{});
  if (exhausted_) return {};
  const std::span<RunCommand> kept = sources_.arena.keep_mutable(commands_);
  for (std::size_t i = 0; i < kept.size(); ++i)
    if (around_[i] != kNobody) kept[i].around = &kept[around_[i]];
  return kept;
}

bool Walk::spend(std::size_t steps) {
  steps += (names_.made - counted_) / 8;
  counted_ = names_.made;
  exhausted_ = exhausted_ || steps > left_;
  left_ -= std::min(left_, steps);
  return !exhausted_;
}

Names& Walk::names_at(const ShellState* state) {
  names_.state = state;
  names_.text = process_.text;
  names_.user = process_.user;
  return names_;
}

const ShellState* Walk::with_binding(const ShellState* state, std::string_view name, const Meaning& meaning,
                                     bool exported) {
  names_at(state).assign(name, meaning);
  if (!exported || names_.state->bindings->exported) return names_.state;
  return with(state, [&](ShellState& s) { s.bindings = bind(s.bindings, name, meaning, true, sources_.arena); });
}

const ShellState* Walk::with_anything(const ShellState* state, bool directory_too) {
  return with(state, [&](ShellState& s) {
    s.bindings = bind_all(s.bindings, BindingKind::anything, sources_.arena);
    if (!directory_too) return;
    s.workdir = s.previous = std::nullopt;
    s.pushed = nullptr;
  });
}

// --- lists ---

Outcome Walk::list(const shell::List& list, const ShellState* state, Context context) {
  Outcome outcome{state, nullptr};
  const std::span<const shell::Pipeline> all = list.pipelines;
  for (std::size_t at = 0; at < all.size();) {
    std::size_t end = at + 1;
    while (end < all.size() && (all[end].joiner == Joiner::and_then || all[end].joiner == Joiner::or_else)) ++end;
    state = meet(outcome.ok, outcome.failed);
    if (state == nullptr || exhausted_) return {};
    outcome = chain(all.subspan(at, end - at), state, context, end == all.size());
    at = end;
  }
  return outcome;
}

/// Pipelines between && and ||.
Outcome Walk::chain(std::span<const shell::Pipeline> chain, const ShellState* state, const Context& context,
                    bool is_last) {
  const bool background = chain.front().background;
  const bool ends = state->errexit && !context.condition && context.exit_counts;  // the shell, and so the RUN
  const bool counts = is_last && context.counts && !background;
  Outcome outcome{state, nullptr};
  const ShellState* failed_before = nullptr;  // of those that `set -e` does not look at
  bool may_be_skipped = false;                // by a failure that ends nothing
  const Exits exited = exited_;
  auto rescue = chain.begin();  // the next || behind the pipeline
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const shell::Pipeline& pipeline = chain[i];
    const bool is_or = pipeline.joiner == Joiner::or_else && i > 0;
    const ShellState* const from = is_or ? outcome.failed : outcome.ok;
    if (is_or) may_be_skipped = false;
    if (from == nullptr) {  // never run
      failed_before = outcome.failed;
      continue;
    }
    const auto next = chain.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    if (rescue < next)
      rescue = std::find_if(next, chain.end(), [](const shell::Pipeline& p) { return p.joiner == Joiner::or_else; });
    Context inner = context;
    inner.place.joiner = pipeline.joiner;
    inner.place.background = background;
    inner.conditional = context.conditional || is_or || may_be_skipped;
    inner.watched = context.watched || rescue != chain.end();
    inner.condition = context.condition || i + 1 < chain.size();
    if (background) inner.exit_counts = false;
    if (rescue != chain.end()) inner.counts = !background && fails_the_run(*rescue, context);
    else inner.counts = counts || (ends && !background && i + 1 == chain.size());

    const Outcome now = this->pipeline(pipeline, from, inner);
    if (exhausted_) return {};
    if (is_or) {
      failed_before = nullptr;
      outcome = {meet(outcome.ok, now.ok), now.failed};
    } else {
      failed_before = outcome.failed;
      outcome = {now.ok, meet(outcome.failed, now.failed)};
    }
    if (now.failed != nullptr && !inner.counts) may_be_skipped = true;
  }
  if (background) {
    exited_ = exited;
    return {state, nullptr};
  }
  if (ends && !context.condition) outcome.failed = failed_before;
  return outcome;
}

Outcome Walk::pipeline(const shell::Pipeline& pipeline, const ShellState* state, Context context) {
  context.place.negated = pipeline.negated;
  context.place.timed = pipeline.timed;
  if (pipeline.negated) {
    context.counts = false;
    context.condition = true;
    context.watched = true;
  }
  Outcome outcome{state, state};
  if (pipeline.commands.size() == 1) {
    outcome = command(pipeline.commands.front(), state, context);
  } else {
    const bool piped_failure = context.counts && state->pipefail;
    for (std::size_t i = 0; i < pipeline.commands.size(); ++i) {
      Context inner = context;
      const bool is_last = i + 1 == pipeline.commands.size();
      if (i > 0) inner.place.joiner = pipeline.joiners[i - 1];
      inner.counts = is_last ? context.counts : piped_failure;
      inner.exit_counts = inner.counts;
      const Exits exited = exited_, returned = returned_, broken = broken_;
      command(pipeline.commands[i], state, inner);
      exited_ = exited;
      returned_ = returned;
      broken_ = broken;
    }
  }
  if (pipeline.negated) std::swap(outcome.ok, outcome.failed);
  return outcome;
}

// --- commands ---

Outcome Walk::command(const shell::Command& command, const ShellState* state, Context context) {
  const Level level(*this);
  if (!spend(4)) return {};
  if (command.simple != nullptr) return simple(*command.simple, state, context);
  redirects(command.compound->redirects, state, context);
  ++context.place.depth;
  for (const shell::Word& word : command.compound->words) substitutions(word.substitutions, state, context);
  return compound(*command.compound, state, context);
}

Outcome Walk::compound(const shell::CompoundCommand& command, const ShellState* state, const Context& context) {
  switch (command.kind) {
    case CommandKind::subshell: return subshell(*command.blocks.front().list, state, context);
    case CommandKind::group: return list(*command.blocks.front().list, state, context);
    case CommandKind::if_clause: return if_clause(command, state, context);
    case CommandKind::for_clause:
    case CommandKind::select_clause: return for_clause(command, state, context);
    case CommandKind::for_arithmetic: return arithmetic_loop(command, state, context);
    case CommandKind::while_clause:
    case CommandKind::until_clause: return while_clause(command, state, context);
    case CommandKind::case_clause: return case_clause(command, state, context);
    case CommandKind::function: {
      const std::uint32_t depth = state->functions == nullptr ? 1 : state->functions->depth + 1;
      const Function function{state->functions, depth, command.name, &command, process_.text};
      return {with(state, [&](ShellState& s) { s.functions = sources_.arena.make(function); }), nullptr};
    }
    case CommandKind::arithmetic: return arithmetic(command.words.front().text, state);
    case CommandKind::coprocess: {
      Context inner = context;
      inner.counts = inner.exit_counts = false;
      subshell(*command.blocks.front().list, state, inner);
      return {state, nullptr};
    }
    case CommandKind::simple:
    case CommandKind::test: break;
  }
  return {state, state};
}

Outcome Walk::subshell(const shell::List& list, const ShellState* state, Context context) {
  context.place.in_subshell = true;
  context.exit_counts = context.counts;
  const Exits exited = exited_, returned = returned_, broken = broken_;
  this->list(list, state, context);
  exited_ = exited;
  returned_ = returned;
  broken_ = broken;
  return {state, state};
}

Outcome Walk::if_clause(const shell::CompoundCommand& command, const ShellState* state, Context context) {
  Outcome outcome;
  const ShellState* otherwise = state;
  const auto blocks = command.blocks;
  for (std::size_t i = 0; i < blocks.size() && otherwise != nullptr; ++i) {
    const bool has_condition = blocks[i].role == shell::BlockRole::condition;
    const ShellState* then = otherwise;
    if (has_condition) {
      Context inner = context;
      inner.place.in_condition = true;
      inner.counts = false;
      inner.condition = inner.watched = true;
      const Outcome test = list(*blocks[i].list, otherwise, inner);
      then = test.ok;
      otherwise = test.failed;
      ++i;
    } else {
      otherwise = nullptr;
    }
    context.conditional = true;
    if (then == nullptr) continue;
    Context inner = context;
    inner.place.in_branch = true;
    const Outcome body = list(*blocks[i].list, then, inner);
    outcome = {meet(outcome.ok, body.ok), meet(outcome.failed, body.failed)};
  }
  outcome.ok = meet(outcome.ok, otherwise);
  return outcome;
}

Outcome Walk::case_clause(const shell::CompoundCommand& command, const ShellState* state, Context context) {
  Outcome outcome;
  context.conditional = true;
  context.place.in_branch = true;
  bool takes_all = false;
  for (const shell::Block& block : command.blocks) {
    for (const shell::Word& pattern : block.patterns) {
      substitutions(pattern.substitutions, state, context);
      takes_all = takes_all || pattern.text == "*";
    }
    const Outcome body = list(*block.list, state, context);
    outcome = {meet(outcome.ok, body.ok), meet(outcome.failed, body.failed)};
  }
  if (!takes_all) outcome.ok = meet(outcome.ok, state);
  return outcome;
}

// --- what is inside words ---

void Walk::substitutions(std::span<const shell::List* const> lists, const ShellState* state, const Context& context,
                         bool last_counts) {
  Context inner = context;
  ++inner.place.depth;
  inner.place.in_substitution = true;
  inner.counts = inner.exit_counts = false;
  for (const shell::List* list : lists) {
    if (list->pipelines.empty() || is_foreign(*process_.text, list->pipelines.front().range)) continue;
    if (last_counts && list == lists.back()) inner.counts = inner.exit_counts = context.counts;
    subshell(*list, state, inner);
  }
}

void Walk::redirects(std::span<const shell::Redirect> redirects, const ShellState* state, const Context& context) {
  for (const shell::Redirect& redirect : redirects) {
    if (!redirect.target.substitutions.empty()) substitutions(redirect.target.substitutions, state, context);
    if (redirect.body != nullptr) substitutions(redirect.body->substitutions, state, context);
  }
}

}  // namespace dockerlint::script
