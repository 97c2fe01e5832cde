// SPDX-License-Identifier: Apache-2.0
#include "model/builder.hpp"

#include "model/commands.hpp"
#include "model/paths.hpp"
#include "model/users.hpp"
#include "model/values.hpp"
#include "shell/run_script.hpp"
#include "text/shown.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace dockerlint {
namespace {

constexpr std::size_t kLongestWorkdir = 1024;  // WORKDIR x appends each time; what is longer is unknown

}  // namespace

void ModelBuilder::instruction(const Instruction& in) {
  switch (in.kind) {
    case InstructionKind::arg: return argument(in);
    case InstructionKind::env: return environment(in);
    case InstructionKind::label:
      for (const Assignment& a : in.assignments) {
        value(a.name);
        value(a.value);
      }
      return;
    case InstructionKind::workdir: return workdir(in);
    case InstructionKind::user: return user(in);
    case InstructionKind::shell: return shell(in);
    case InstructionKind::volume: return volume(in);
    case InstructionKind::expose: return expose(in);
    case InstructionKind::stopsignal: return stop_signal(in);
    case InstructionKind::copy:
    case InstructionKind::add: return copy(in);
    case InstructionKind::run: return run(in);
    case InstructionKind::cmd:
      current_->cmd = &in;
      has_cmd_ = true;
      return;
    case InstructionKind::entrypoint:
      current_->entrypoint = &in;
      if (!has_cmd_) current_->cmd = nullptr;  // one from below goes with the old entry point (dispatchEntrypoint)
      return;
    case InstructionKind::healthcheck: current_->healthcheck = &in; return;
    case InstructionKind::onbuild: return on_build(in);
    default: return;
  }
}

void ModelBuilder::argument(const Instruction& in) {
  for (const Assignment& a : in.assignments) {
    if (!a.has_value && variables_->args.contains(a.name.text)) continue;  // does not take the default away
    Variable variable = kUnknown;                                          // no default: only the command line can tell
    if (const auto given = input(a.name.text)) {
      variable = *given;
    } else if (a.has_value) {
      variable = assigned(a.value);
    } else if (const auto it = global_args_.find(a.name.text); it != global_args_.end()) {
      variable = it->second;
    } else {
      variable = platform(a.name.text).value_or(kUnknown);
    }
    variables_->args[a.name.text].set(changes_at_, variable);
  }
}

void ModelBuilder::environment(const Instruction& in) {
  // One instruction sees the environment before it: ENV A=2 B=$A uses the old A.
  std::vector<std::pair<std::string_view, Variable>> set;
  for (const Assignment& a : in.assignments) {
    const Value name = value(a.name);
    const Variable text = assigned(a.value);
    if (name) set.emplace_back(*name, text);
  }
  for (const auto& [name, variable] : set) variables_->env[name].set(changes_at_, variable);
}

void ModelBuilder::workdir(const Instruction& in) {
  const Value path = value(in.arguments[0]);
  state_.workdir_set = true;
  if (path && is_absolute(*path)) state_.workdir = clean_path(*path, m_.arena);
  else if (path && state_.workdir) state_.workdir = join_path(*state_.workdir, *path, m_.arena);
  else state_.workdir = std::nullopt;
  if (state_.workdir && state_.workdir->size() > kLongestWorkdir) state_.workdir = std::nullopt;
}

void ModelBuilder::user(const Instruction& in) {
  const Value name = value(in.arguments[0]);
  state_.user = name ? variables_->user(*name, StageVariables::kEnd) : User{};
}

void ModelBuilder::shell(const Instruction& in) {
  state_.shell = &in;
  if (const auto named = shell::shell_of(in)) state_.interpreter = *named;
}

/// The state that a step of the stage begins in. A trigger runs in another build, of which only the shell's
/// name is likely to be the same.
State ModelBuilder::state_before(const Instruction& in, bool on_build) const {
  State state;
  if (on_build) {
    state.interpreter = state_.interpreter;
    return state;
  }
  state = state_;
  state.env = {*variables_, in.range.begin};
  return state;
}

void ModelBuilder::volume(const Instruction& in) {
  for (const Argument& path : in.arguments)
    if (const Value text = value(path); text && text->empty())
      error(BuildErrorKind::argument, path.range, "a VOLUME cannot be an empty string",
            path.text.find('$') == std::string_view::npos ? "" : "its variable is empty here");
}

void ModelBuilder::expose(const Instruction& in) {
  std::vector<std::string> ports;
  for (const Argument& word : in.arguments) {
    const Expansion result = expand_to_words(word.text, document_.escape(), in_stage(), ports);
    if (!result.error.empty()) cannot_expand(word, result.error);
    if (!result.error.empty() || !result.known) continue;
    for (const std::string& port : ports)
      if (const std::string why = port_error(port); !why.empty())
        error(BuildErrorKind::argument, word.range, why, "for example EXPOSE 8080, 53/udp or 8000-8010");
  }
}

void ModelBuilder::stop_signal(const Instruction& in) {
  const Value signal = value(in.arguments[0]);
  if (signal && !is_signal(*signal))
    error(BuildErrorKind::argument, in.arguments[0].range, fmt::format("`{}` is no signal", shown(*signal)),
          "for example SIGTERM or 15");
}

void ModelBuilder::copy(const Instruction& in) {
  CopyStep step;
  step.instruction = &in;
  step.stage = current_;
  step.before = state_before(in, false);
  if (const Flag* from = in.flag("from")) copy_from(step, *from);
  for (const Flag& flag : in.flags)
    if (flag.name == "chown" || flag.name == "chmod" || flag.name == "checksum") value({flag.range, flag.value.text()});
  copy_paths(step, true);
  // BuildKit expands an inline file with `\` whatever the directive says, and leaves its quotes alone.
  for (const Heredoc& heredoc : in.heredocs) inline_file(heredoc);

  const bool brings_users = step.destination && brings_passwd(step.sources, *step.destination);
  if (brings_users) variables_->lose_users(changes_at_);
  if (!replays_) m_.copies.push_back(step);
}

/// Reads sources and destination as BuildKit does: what is not absolute is seen from the WORKDIR, or, as a
/// source in another stage or image, from its root.
void ModelBuilder::copy_paths(CopyStep& step, bool expands) {
  const Instruction& in = *step.instruction;
  const std::size_t errors = m_.errors.size();
  std::vector<Value>& paths = paths_;
  paths.clear();
  for (const Argument& path : in.arguments) {
    if (path.text.starts_with("<<")) continue;
    if (m_.errors.size() != errors) break;  // one word's quote breaks the next
    if (expands) paths.push_back(value(path));
    else paths.push_back(needs_expansion(path.text, document_.escape()) ? Value() : Value(path.text));
  }
  if (paths.empty() || m_.errors.size() != errors) return;

  const Value destination = paths.back();
  paths.pop_back();
  if (in.flag("from") != nullptr)
    for (Value& source : paths)
      if (source) source = from_root(*source);
  step.sources = m_.arena.keep(paths);
  if (!destination || (!is_absolute(*destination) && !step.before.workdir)) return;
  const bool directory = destination->empty() || destination->ends_with('/') || *destination == "." ||
                         destination->ends_with("/.") || step.sources.size() > 1;
  const std::string_view path = join_path(step.before.workdir.value_or("/"), *destination, m_.arena);
  step.destination = directory ? with_slash(path, *destination) : path;
}

/// Clean and absolute; with its `/` at the end, which says that it is a directory.
std::string_view ModelBuilder::from_root(std::string_view source) {
  const std::string_view path = join_path("/", source, m_.arena);
  return source.ends_with('/') ? with_slash(path, source) : path;
}

/// The clean path of a directory with the `/` that `written` has, most often.
std::string_view ModelBuilder::with_slash(std::string_view path, std::string_view written) {
  if (path == "/") return path;
  if (written.size() == path.size() + 1 && written.ends_with('/') && written.starts_with(path)) return written;
  return keep(std::string(path) += '/');
}

void ModelBuilder::inline_file(const Heredoc& heredoc) {
  if (!heredoc.expands) return;
  const std::string_view body = document_.source().slice(heredoc.body);
  if (body.find('$') == body.npos) return;
  const Expansion result = expand_inline_file(body, in_stage());
  if (!result.error.empty())
    error(BuildErrorKind::variable, heredoc.marker, fmt::format("this file cannot be expanded: {}", result.error),
          fmt::format("write <<'{}' to keep every $ in it as it is", heredoc.name));
}

void ModelBuilder::copy_from(CopyStep& step, const Flag& from) {
  const std::string_view name = from.value.text();
  const auto stays = [&] {
    if (!needs_expansion(name, document_.escape())) return true;
    const Expansion result = expand(name, document_.escape(), [](std::string_view) { return Variable{}; });
    return result.error.empty() && result.text == name;
  };
  if (!stays()) {
    error(BuildErrorKind::stage, from.range, "--from cannot hold a variable",
          fmt::format("give the image a stage of its own: FROM {} AS name", shown(name)));
    return;
  }
  step.from = source_stage(name, from.value.empty() ? from.range : from.value.in_source(), true);
  if (step.from == nullptr && !name.empty()) step.from_image = name;
}

void ModelBuilder::on_build(const Instruction& in) {
  if (replays_) return;  // BuildKit refuses an ONBUILD in an ONBUILD
  triggers_[current_->index].push_back(in.nested);
  if (in.nested->kind == InstructionKind::run) run(in);
  if (in.nested->kind != InstructionKind::copy && in.nested->kind != InstructionKind::add) return;
  CopyStep& step = m_.copies.emplace_back();
  step.instruction = in.nested;
  step.stage = current_;
  step.on_build = true;
  step.before = state_before(in, true);
  if (const Flag* from = in.nested->flag("from")) step.from_image = from->value.text();
  copy_paths(step, false);
}

void ModelBuilder::run(const Instruction& in) {
  // What a trigger does is kept with the stage that has it; here only its users count.
  RunStep& step = replays_ ? *m_.arena.make(RunStep{}) : m_.runs.emplace_back();
  step.instruction = in.nested != nullptr ? in.nested : &in;
  step.stage = current_;
  step.on_build = in.nested != nullptr;
  step.before = state_before(in, step.on_build);
  if (!step.instruction->broken && step.instruction->form != Form::none) read_script(step, in);
  if (!step.on_build) users_made_by(step);
  if (!replays_) read_mounts(step);
}

void ModelBuilder::read_script(RunStep& step, const Instruction& in) {
  const shell::RunScript script = shell::parse_run(document_, in, step.before.interpreter, m_.arena);
  step.script_text = script.text;
  step.script = m_.arena.make(script.script);
  step.commands = commands_of(step, {m_.arena, step.before.shell,
                                     [](const Environment& env, std::string_view name) { return env.user(name); }});
}

void ModelBuilder::read_mounts(RunStep& step) {
  const Instruction& in = *step.instruction;
  if (in.flags.empty()) return;
  const auto expand = [&](std::string_view word, TextRange range) -> Value {
    if (step.on_build && needs_expansion(word, document_.escape())) return std::nullopt;
    return value({range, word});
  };
  const auto refuse = [&](TextRange range, std::string_view message, std::string_view note, std::string_view meant) {
    error(BuildErrorKind::mount, range, message, note, meant);
  };
  const MountContext context{m_.arena, expand, refuse, step.before.workdir, step.on_build || step.before.workdir_set};
  std::vector<Mount> mounts;
  mounts.reserve(in.flags.size());
  for (const Flag& flag : in.flags) {
    if (flag.name != "mount") continue;
    Mount mount = read_mount(flag, context);
    mount.run = &step;
    if (mount.valid && mount.from && !mount.from->empty() && !step.on_build)
      source_stage(*mount.from, mount.option(MountKey::from)->value_range, false);
    mounts.push_back(mount);
  }
  const std::span<Mount> kept = m_.arena.keep_mutable(mounts);
  step.mounts = kept;
  for (Mount& mount : kept) mounts_.push_back(&mount);
}

void ModelBuilder::users_made_by(const RunStep& step) {
  if (step.script == nullptr) return;
  const std::string_view text =
      step.script_text.empty() ? step.instruction->body.text() : step.script_text.text();  // JSON has no script
  if (!may_change_users(text)) return;
  const Family family = current_->image_facts != nullptr ? current_->image_facts->family : Family::unknown;
  std::vector<Value> words;
  for (const RunCommand& command : step.commands) {
    words.clear();
    for (const CommandWord& word : command.words) words.push_back(word.pattern ? Value() : word.value());
    const std::optional<User> user = user_made_by(words, family, m_.arena);
    if (!user) continue;
    variables_->add_user(changes_at_, command.conditional ? User{user->name, {}, {}, {}} : *user);
  }
  if (!step.script->understood || edits_passwd(text)) variables_->lose_users(changes_at_);
}

}  // namespace dockerlint
