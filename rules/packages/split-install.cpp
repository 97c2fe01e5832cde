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

/// A RUN of one command on one line, which can be put before those of another.
bool can_move(const Document& document, const RunStep& run) {
  const Instruction& in = *run.instruction;
  const SourceText& source = document.source();
  if (in.form != Form::text || !in.heredocs.empty() || run.commands.front().around != nullptr) return false;
  const shell::Pipeline& command = run.script->root->pipelines.front();
  return run.script->root->pipelines.size() == 1 && !command.background &&
         source.line_of(command.range.begin) == source.line_of(command.range.end);
}

/// The steps of one package manager that follow each other, from the first to the last.
std::vector<TextEdit> join(const Document& document, std::span<const RunStep> runs) {
  const SourceText& source = document.source();
  const RunStep& last = runs.back();
  std::vector<std::string> commands;
  for (const RunStep& run : runs.first(runs.size() - 1))
    commands.emplace_back(source.slice(run.script->root->pipelines.front().range));
  std::vector<TextEdit> edits = edit::prepend_commands(document, last, commands);
  if (edits.empty()) return {};
  for (const RunStep& run : runs.first(runs.size() - 1))
    edits.push_back(
        {{source.line_start(run.instruction->first_line), source.line_start(run.instruction->last_line + 1)}, ""});
  return edits;
}

/// Whether `next` could be one step with `run` before it.
bool fits(const RunStep& run, const RunStep& next, const RuleContext& cx) {
  return can_move(cx.document(), run) && follows(cx.document(), run, next) && run.before.shell == next.before.shell;
}

bool has_cache(const RunStep& run) {
  return std::any_of(run.mounts.begin(), run.mounts.end(),
                     [](const Mount& mount) { return mount.is(MountType::cache); });
}

class Check {
 public:
  explicit Check(RuleContext& cx) : cx_(cx) {}

  void stage(std::span<const RunStep> runs) {
    runs_ = runs;
    end_ = 0;
    for (std::size_t i = 0; i + 1 < runs.size(); ++i) {
      const Step step = only_step(runs[i], cx_.catalog());
      if (step.action == Action::update) update(i, step);
      if (step.action == Action::install) install(i, step);
    }
  }

 private:
  void update(std::size_t at, const Step& step) {
    for (std::size_t i = at + 1; i < runs_.size(); ++i) {
      const Step next = first_step(runs_[i], step.tool, cx_.catalog());
      if (next.action == Action::other) continue;
      if (next.action == Action::update) return;
      Diagnostic& found =
          cx_.report(step.command->syntax->range, "the package lists are a step of their own, and get old");
      found.label(next.command->syntax->range, "installs by the lists of whenever that step was last run");
      found.note("a cached step does not run again: the lists name versions that the mirror no longer has");
      if (i == at + 1) suggest(found, at, step, "update and install in one step");
      return;
    }
  }

  void install(std::size_t at, const Step& step) {
    const RunStep& run = runs_[at];
    const RunStep& next = runs_[at + 1];
    const Step then = only_step(next, cx_.catalog());
    if (then.action != Action::install || then.tool != step.tool || !follows(cx_.document(), run, next)) return;
    // Where the packages come from a cache a step costs little, and smaller layers may be the reason.
    if (has_cache(run)) return;
    Diagnostic& found = cx_.report(then.command->syntax->range, "this could be one step with the install before it");
    found.at(Severity::info);
    found.label(step.command->syntax->range, "before it");
    found.note("each step is a layer, and starts the package manager anew");
    suggest(found, at, step, "install in one step");
  }

  /// The last of the steps that can be one with the step at `at`.
  std::size_t last_of(std::size_t at, const Step& step) const {
    constexpr std::size_t kMostSteps = 30;  // the fix of each holds them all
    std::size_t end = at;
    while (end + 1 < runs_.size() && end - at < kMostSteps && fits(runs_[end], runs_[end + 1], cx_)) {
      const Step next = only_step(runs_[end + 1], cx_.catalog());
      const bool installs = next.action == Action::install && next.tool == step.tool;
      const bool first = end == at && step.action == Action::update;
      if (first && first_step(runs_[end + 1], step.tool, cx_.catalog()).action != Action::install) break;
      if (!first && (!installs || has_cache(runs_[end]))) break;
      ++end;
      if (!installs) break;
    }
    return end;
  }

  /// All that follow each other become one step at once: each finding of theirs has the same fix.
  void suggest(Diagnostic& found, std::size_t at, const Step& step, std::string title) {
    if (at >= end_) {
      end_ = last_of(at, step);
      edits_ = end_ > at ? join(cx_.document(), runs_.subspan(at, end_ - at + 1)) : std::vector<TextEdit>();
    }
    if (!edits_.empty()) found.suggest(Applicability::safe, std::move(title), edits_);
  }

  RuleContext& cx_;
  std::span<const RunStep> runs_;
  std::size_t end_ = 0;  // of the steps that `edits_` make one
  std::vector<TextEdit> edits_;
};

void check(RuleContext& cx) {
  Check check(cx);
  for (const Stage& stage : cx.model().stages()) check.stage(stage.runs);
}

}  // namespace

extern constinit const Rule packages_split_install{
    .name = "packages/split-install",
    .summary = "steps of a package manager that belong into one",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .aliases = "DL3059",
    .check = check,
};

}  // namespace dockerlint::rules
