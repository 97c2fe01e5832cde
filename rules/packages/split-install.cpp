// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/commands.hpp"
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <array>

namespace dockerlint::rules {
namespace {

enum class Action : std::uint8_t { other, update, install };

/// What a command is to its package manager.
struct Step {
  Action action = Action::other;
  const Tool* tool = nullptr;
  const RunCommand* command = nullptr;
};

Step step_of(const RunCommand& command, const Catalog& catalog) {
  constexpr auto kManagers = std::to_array<std::string_view>({"apt", "apk", "dnf", "yum", "microdnf", "zypper"});
  constexpr auto kInstalls = std::to_array<std::string_view>({"install", "add", "in"});
  const auto has = [](const auto& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const ToolUse& use : catalog.uses(command)) {
    if (!has(kManagers, use.tool->name)) continue;
    // `dnf update` installs; dnf and zypper refresh by themselves what has got old.
    const bool keeps_lists = use.tool->name == "apt" || use.tool->name == "apk";
    if (keeps_lists && use.run == "update") return {Action::update, use.tool, &command};
    if (has(kInstalls, use.run)) return {Action::install, use.tool, &command};
  }
  return {};
}

/// The one command of a RUN.
Step only_step(const RunStep& run, const Catalog& catalog) {
  if (run.on_build || run.commands.size() != 1 || run.commands.front().conditional) return {};
  return step_of(run.commands.front(), catalog);
}

/// The first step of the RUN by this package manager.
Step first_step(const RunStep& run, const Tool* tool, const Catalog& catalog) {
  for (const RunCommand& command : run.commands)
    if (const Step step = step_of(command, catalog); step.tool == tool) return step;
  return {};
}

/// Whether `next` is the instruction behind `run`, with the same flags, and no comment between them.
bool follows(const Document& document, const RunStep& run, const RunStep& next) {
  const Instruction& first = *run.instruction;
  const Instruction& second = *next.instruction;
  if (&second != &first + 1 || document.has_comment({first.range.begin, second.range.begin})) return false;
  return std::equal(first.flags.begin(), first.flags.end(), second.flags.begin(), second.flags.end(),
                    [](const Flag& a, const Flag& b) { return a.text == b.text; });
}

/// The command of `run` before those of `next`, and the RUN gone.
std::vector<TextEdit> join(const Document& document, const RunStep& run, const RunStep& next, const Step& step) {
  const Instruction& in = *run.instruction;
  const SourceText& source = document.source();
  const TextRange command = run.script->root->pipelines.front().range;
  const bool plain = in.form == Form::text && in.heredocs.empty() && step.command->around == nullptr &&
                     run.script->root->pipelines.size() == 1 && !run.script->root->pipelines.front().background &&
                     source.line_of(command.begin) == source.line_of(command.end);
  if (!plain || !follows(document, run, next)) return {};
  if (run.before.shell != next.before.shell) return {};
  std::vector<TextEdit> edits = edit::prepend_command(document, next, source.slice(command));
  if (edits.empty()) return {};
  edits.push_back({{source.line_start(in.first_line), source.line_start(in.last_line + 1)}, ""});
  return edits;
}

void check_update(std::span<const RunStep> runs, std::size_t at, const Step& update, RuleContext& cx) {
  for (std::size_t i = at + 1; i < runs.size(); ++i) {
    const Step next = first_step(runs[i], update.tool, cx.catalog());
    if (next.action == Action::other) continue;
    if (next.action == Action::update) return;
    Diagnostic& found =
        cx.report(update.command->syntax->range, "the package lists are a step of their own, and get old");
    found.label(next.command->syntax->range, "installs by the lists of whenever that step was last run");
    found.note("a cached step does not run again: the lists name versions that the mirror no longer has");
    if (i == at + 1)
      if (auto edits = join(cx.document(), runs[at], runs[i], update); !edits.empty())
        found.suggest(Applicability::safe, "update and install in one step", std::move(edits));
    return;
  }
}

void check(RuleContext& cx) {
  for (const Stage& stage : cx.model().stages()) {
    for (std::size_t i = 0; i + 1 < stage.runs.size(); ++i) {
      const RunStep& run = stage.runs[i];
      const Step step = only_step(run, cx.catalog());
      if (step.action == Action::update) check_update(stage.runs, i, step, cx);
      if (step.action != Action::install) continue;
      const RunStep& next = stage.runs[i + 1];
      const Step then = only_step(next, cx.catalog());
      if (then.action != Action::install || then.tool != step.tool || !follows(cx.document(), run, next)) continue;
      Diagnostic& found = cx.report(then.command->syntax->range, "this could be one step with the install before it");
      found.at(Severity::info);
      found.label(step.command->syntax->range, "before it");
      found.note("each step is a layer, and starts the package manager anew");
      if (auto edits = join(cx.document(), run, next, step); !edits.empty())
        found.suggest(Applicability::safe, "install in one step", std::move(edits));
    }
  }
}

}  // namespace

extern constinit const Rule packages_split_install{
    .name = "packages/split-install",
    .summary = "steps of a package manager that belong into one",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = check,
};

}  // namespace dockerlint::rules
