// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/same_work.hpp"

#include "dockerlint/builds.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <unordered_map>

namespace dockerlint {
namespace {

constexpr std::size_t kMostSteps = 300;    // of the stages below a RUN that are looked at
constexpr std::size_t kMostPackages = 2;   // that are too few to speak of
constexpr std::size_t kMostCompared = 16;  // RUNs of one text

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& all) {
  return std::find(all.begin(), all.end(), name) != all.end();
}

/// Beside the package manager in a RUN that installs packages, and nothing to other work.
constexpr auto kHousekeeping =
    std::to_array<std::string_view>({"set", "true", ":", "echo", "rm", "mkdir", "export", "useradd", "groupadd",
                                     "adduser", "addgroup", "chown", "chmod", "sync"});

/// Variables that change how a program talks, not what it makes.
constexpr auto kNeutral = std::to_array<std::string_view>(
    {"DEBIAN_FRONTEND", "LANG", "LC_ALL", "LANGUAGE", "TZ", "TERM", "PORT", "HOST", "HOSTNAME",
     "NEXT_TELEMETRY_DISABLED", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PIP_DISABLE_PIP_VERSION_CHECK"});

struct Work {
  WorkKind kind;
  const RunCommand* command;
};

/// What the RUN does that is worth doing once; nothing where it is little, or nobody knows.
std::optional<Work> work_of(const RunStep& run, const Catalog& catalog) {
  if (run.on_build || run.script == nullptr || !run.script->understood) return std::nullopt;
  const RunCommand* packages = nullptr;
  const RunCommand* build = nullptr;
  std::size_t named = 0;
  bool only_packages = true;
  for (const RunCommand& command : run.commands) {
    if (command.words.empty() || is_one_of(command.program(), kHousekeeping)) continue;
    const auto uses = catalog.uses(command);
    const bool system =
        std::any_of(uses.begin(), uses.end(), [](const ToolUse& use) { return use.tool->ecosystem == "os-packages"; });
    only_packages = only_packages && system;
    for (const ToolUse& use : uses) {
      const ToolCommand& tool = *use.command;
      if ((tool.fills.empty() && tool.writes.empty()) || tool.is_recalled() || command.conditional) continue;
      if (!system) {
        if (build == nullptr) build = &command;
        continue;
      }
      for (const CommandWord& word : command.words.subspan(std::min(use.first_argument, command.words.size())))
        named += word.value() && !word.value()->starts_with('-') ? 1U : 0U;
      if (packages == nullptr || packages->word(1) == "update") packages = &command;
    }
  }
  if (build != nullptr) return Work{WorkKind::build, build};
  if (packages == nullptr || !only_packages || named <= kMostPackages) return std::nullopt;
  return Work{WorkKind::packages, packages};
}

/// Whether the RUN does nothing but install packages and the like: of no account for what a build makes.
bool is_preparation(const RunStep& run, const Catalog& catalog) {
  if (run.script == nullptr || !run.script->understood) return false;
  // Where packages come from is not the same any more; whether apt keeps them does not matter.
  std::string_view script = run.script_text.text();
  for (std::size_t at = script.find("/etc/"); at != script.npos; at = script.find("/etc/", at + 1))
    if (!script.substr(at).starts_with("/etc/apt/apt.conf.d/")) return false;
  return std::all_of(run.commands.begin(), run.commands.end(), [&](const RunCommand& command) {
    if (command.words.empty() || is_one_of(command.program(), kHousekeeping)) return true;
    const auto uses = catalog.uses(command);
    return !uses.empty() && std::all_of(uses.begin(), uses.end(),
                                        [](const ToolUse& use) { return use.tool->ecosystem == "os-packages"; });
  });
}

/// One step before a RUN, as its text: everything by which BuildKit tells it from another.
struct Step {
  const Instruction* instruction;
  std::string text;
  const RunStep* run = nullptr;
  const CopyStep* copy = nullptr;
};

class History {
 public:
  explicit History(const RunStep& run) {
    std::vector<const Stage*> chain;
    for (const Stage* stage = run.stage; stage != nullptr; stage = stage->parent) chain.push_back(stage);
    for (auto stage = chain.rbegin(); stage != chain.rend(); ++stage) add(**stage, run.instruction->range.begin);
  }

  bool known = true;
  std::vector<Step> steps;

 private:
  void add(const Stage& stage, TextSize end) {
    auto run = stage.runs.begin();
    auto copy = stage.copies.begin();
    for (const Instruction& in : stage.instructions) {
      if (in.range.begin >= end) return;
      if (steps.size() == kMostSteps || in.broken) known = false;
      if (!known) return;
      while (run != stage.runs.end() && run->instruction->range.begin < in.range.begin) ++run;
      while (copy != stage.copies.end() && copy->instruction->range.begin < in.range.begin) ++copy;
      switch (in.kind) {
        case InstructionKind::run: {
          if (run == stage.runs.end() || run->instruction != &in) break;
          Step step{&in, text_of(in, run->before), &*run, nullptr};
          step.text += run->before.user.name.value_or("?");
          steps.push_back(std::move(step));
          break;
        }
        case InstructionKind::copy:
        case InstructionKind::add: {
          if (copy == stage.copies.end() || copy->instruction != &in) break;
          Step step{&in, text_of(in, copy->before), nullptr, &*copy};
          if (copy->from != nullptr) step.text += std::to_string(copy->from->index);
          steps.push_back(std::move(step));
          break;
        }
        case InstructionKind::arg:
          // Without a value it is nothing, unless somebody gives it one: to all stages that declare it.
        case InstructionKind::env:
        case InstructionKind::workdir:
        case InstructionKind::user:
        case InstructionKind::shell: steps.push_back({&in, plain_text(in), nullptr, nullptr}); break;
        default: break;
      }
    }
  }

  static std::string plain_text(const Instruction& in) {
    std::string text(to_string(in.kind));
    for (const Flag& flag : in.flags) text.append(" --").append(flag.text);
    return text.append(" ").append(in.body.text());
  }

  std::string text_of(const Instruction& in, const State& before) {
    if (!before.workdir || !in.heredocs.empty()) known = false;  // a heredoc's text is somewhere else
    return plain_text(in) + '@' + std::string(before.workdir.value_or("?")) + '@';
  }
};

/// What decides which steps a RUN could be the same as.
std::string key_of(const RunStep& run) {
  const Stage* root = run.stage;
  for (std::size_t depth = 0; root->parent != nullptr && depth < kMostSteps; ++depth) root = root->parent;
  if (!run.before.workdir || root->parent != nullptr || run.instruction->form == Form::json) return {};
  std::string key(root->image.text);
  if (const Flag* platform = root->from->flag("platform")) key.append(" ").append(platform->value.text());
  for (const Flag& flag : run.instruction->flags)
    if (flag.name != "mount") key.append(" ").append(flag.text);
  const std::string_view shell = run.before.shell != nullptr ? run.before.shell->body.text() : std::string_view();
  return key.append("\n")
      .append(shell)
      .append("\n")
      .append(run.before.user.name.value_or("?"))
      .append("\n")
      .append(run.script_text.text());
}

/// The steps of `a` that are not among those of `b`, each as often as it is more.
std::vector<const Step*> only_in(const History& a, const History& b) {
  std::unordered_map<std::string_view, int> counts;
  for (const Step& step : b.steps) ++counts[step.text];
  std::vector<const Step*> only;
  for (const Step& step : a.steps)
    if (--counts[step.text] < 0) only.push_back(&step);
  return only;
}

/// `ARG NAME` is nothing to BuildKit, unless somebody gives it a value.
bool may_be_nothing(const Step& step) {
  const auto names = step.instruction->assignments;
  return step.instruction->kind == InstructionKind::arg &&
         std::none_of(names.begin(), names.end(), [](const Assignment& name) { return name.has_value; });
}

/// Where two histories part for BuildKit; null where they are one.
const Instruction* parting(const History& a, const History& b) {
  auto one = a.steps.begin();
  auto two = b.steps.begin();
  while (true) {
    while (one != a.steps.end() && may_be_nothing(*one)) ++one;
    while (two != b.steps.end() && may_be_nothing(*two)) ++two;
    if (one == a.steps.end() || two == b.steps.end() || one->text != two->text) break;
    ++one, ++two;
  }
  if (two != b.steps.end()) return two->instruction;
  return one != a.steps.end() ? one->instruction : nullptr;
}

/// The mounts of a RUN, as they are part of what it is to BuildKit.
std::string mounts_of(const RunStep& run) {
  std::string text;
  for (const Flag& flag : run.instruction->flags) text.append(flag.text).append(" ");
  return text;
}

bool is_harmless_variable(const Instruction& in, const RunStep& run, WorkKind kind) {
  return std::all_of(in.assignments.begin(), in.assignments.end(), [&](const Assignment& assignment) {
    if (is_one_of(assignment.name.text, kNeutral)) return true;
    if (kind == WorkKind::build) return false;
    return run.script_text.text().find(assignment.name.text) == std::string_view::npos &&
           assignment.name.text != "PATH";
  });
}

/// Whether packages come out the same after the copy: it brings neither programs nor where packages come from.
bool is_apart_from_system(const CopyStep& copy) {
  if (!copy.destination) return false;
  const std::string_view path = *copy.destination;
  const std::string_view top = path.substr(0, path.find('/', 1));
  constexpr auto kSystem = std::to_array<std::string_view>({"/etc", "/usr", "/var", "/lib", "/lib64", "/bin", "/sbin"});
  return top.size() > 1 && !is_one_of(top, kSystem);
}

/// Whether the work comes out the same with the step before it and without.
bool is_harmless(const Step& step, const RunStep& run, WorkKind kind, const Catalog& catalog) {
  switch (step.instruction->kind) {
    case InstructionKind::workdir:
    case InstructionKind::user:
    case InstructionKind::shell: return true;  // what they mean for a step is part of its text, or of the key
    case InstructionKind::env:
    case InstructionKind::arg: return is_harmless_variable(*step.instruction, run, kind);
    case InstructionKind::run: return is_preparation(*step.run, catalog);
    default: return kind == WorkKind::packages && step.copy != nullptr && is_apart_from_system(*step.copy);
  }
}

class Finder {
 public:
  explicit Finder(const Catalog& catalog) : catalog_(catalog) {}

  void look_at(const RunStep& run) {
    const auto work = work_of(run, catalog_);
    if (!work) return;
    std::string key = key_of(run);
    if (key.empty()) return;
    auto& others = by_key_[std::move(key)];
    if (others.size() == kMostCompared) return;
    Known here{&run, *work, {}};
    for (Known& other : others) {
      const Instruction* const apart = same(other, here);
      if (apart == nullptr) continue;
      found.push_back({work->kind, other.work.command, work->command, apart});
      break;
    }
    others.push_back(std::move(here));
  }

  std::vector<SameWork> found;

 private:
  struct Known {
    const RunStep* run;
    Work work;
    std::optional<History> before;  // made when there is something to compare it with

    const History& history() { return before ? *before : before.emplace(*run); }
  };

  /// Where the two part, if they do the same.
  const Instruction* same(Known& a, Known& b) const {
    const Stage& one = *a.run->stage;
    const Stage& two = *b.run->stage;
    if (is_built_on(one, two) || is_built_on(two, one)) return nullptr;
    if (b.work.kind == WorkKind::build && a.run->before.workdir != b.run->before.workdir) return nullptr;
    const History& first = a.history();
    const History& again = b.history();
    if (!first.known || !again.known) return nullptr;
    const auto harmless = [&](const Step* step) { return is_harmless(*step, *b.run, b.work.kind, catalog_); };
    const auto more = only_in(first, again), less = only_in(again, first);
    if (!std::all_of(more.begin(), more.end(), harmless) || !std::all_of(less.begin(), less.end(), harmless))
      return nullptr;
    const Instruction* const apart = parting(first, again);
    if (apart != nullptr || mounts_of(*a.run) == mounts_of(*b.run)) return apart;
    return b.run->instruction;
  }

  const Catalog& catalog_;
  std::unordered_map<std::string, std::vector<Known>> by_key_;
};

}  // namespace

std::vector<SameWork> same_works(const Model& model, const Catalog& catalog) {
  if (model.stages().size() < 2) return {};
  Finder finder(catalog);
  for (const Stage& stage : model.stages())
    for (const RunStep& run : stage.runs) finder.look_at(run);
  return std::move(finder.found);
}

}  // namespace dockerlint
