// SPDX-License-Identifier: Apache-2.0
#include "model/builder.hpp"

#include "model/image_name.hpp"
#include "model/platform_args.hpp"
#include "model/values.hpp"
#include "shell/run_script.hpp"
#include "text/shown.hpp"
#include "text/utf8.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace dockerlint {
namespace {

bool is_number(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

/// `${V}` and `$V` are the same.
std::string same_written(std::string_view text) {
  std::string plain;
  for (const char c : text)
    if (c != '{' && c != '}') plain += c;
  return plain;
}

/// What the text form of RUN is given to in an image that says no SHELL.
shell::Interpreter default_shell(const Image& image) {
  if (!image.shell.empty()) return shell::interpreter_named(image.shell);
  switch (image.family) {
    case Family::debian:
    case Family::alpine:
    case Family::wolfi: return shell::Interpreter::posix;  // dash, ash
    case Family::redhat:
    case Family::suse:
    case Family::arch:
    case Family::photon: return shell::Interpreter::bash;
    case Family::windows: return shell::Interpreter::other;
    case Family::unknown:
    case Family::distroless: break;
  }
  return shell::Interpreter::sh;
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = to_lower(c);
  return lower;
}

void ModelBuilder::build() {
  const auto all = document_.instructions();
  std::size_t from_count = 0, run_count = 0, copy_count = 0;
  for (const Instruction& in : all) {
    const InstructionKind kind = in.nested != nullptr ? in.nested->kind : in.kind;
    from_count += in.kind == InstructionKind::from;
    run_count += kind == InstructionKind::run;
    copy_count += kind == InstructionKind::copy || kind == InstructionKind::add;
  }
  m_.stages.reserve(from_count);  // nothing moves from here on: pointers into these lists are kept
  m_.variables.reserve(from_count);
  triggers_.reserve(from_count);
  m_.runs.reserve(run_count);
  m_.copies.reserve(copy_count);
  name_stages(all);

  std::size_t at = 0;
  for (; at < all.size() && all[at].kind != InstructionKind::from; ++at) global_argument(all[at]);
  while (at < all.size()) {
    std::size_t end = at + 1;
    while (end < all.size() && all[end].kind != InstructionKind::from) ++end;
    stage(all[at], all.subspan(at + 1, end - at - 1));
    at = end;
  }
  group_caches();
}

void ModelBuilder::group_caches() {
  const auto written_id = [&](const MountOption& id) {
    return id.value.find("${") == std::string_view::npos ? id.value : keep(same_written(id.value));
  };
  std::vector<std::vector<const Mount*>> groups;
  std::unordered_map<std::string_view, std::size_t> by_id, by_written_id;
  for (Mount* const mount : mounts_) {
    const MountOption* const id = mount->option(MountKey::id);
    if (!mount->is(MountType::cache) || (!mount->id && id == nullptr)) continue;
    const auto [entry, is_new] = mount->id ? by_id.try_emplace(*mount->id, groups.size())
                                           : by_written_id.try_emplace(written_id(*id), groups.size());
    if (is_new) groups.emplace_back();
    groups[entry->second].push_back(mount);
  }
  m_.caches.reserve(groups.size());
  for (const auto& group : groups) m_.caches.push_back({m_.arena.keep(group)});
  for (Mount* const mount : mounts_) {
    const MountOption* const id = mount->option(MountKey::id);
    if (!mount->is(MountType::cache) || (!mount->id && id == nullptr)) continue;
    mount->cache = &m_.caches[mount->id ? by_id.at(*mount->id) : by_written_id.at(written_id(*id))];
  }
}

// --- errors and expansion ---

std::string_view ModelBuilder::lower(std::string_view name) {
  if (std::none_of(name.begin(), name.end(), [](char c) { return to_lower(c) != c; })) return name;
  return keep(lower_case(name));
}

void ModelBuilder::error(BuildErrorKind kind, TextRange range, std::string_view message, std::string_view note,
                         std::string_view meant) {
  if (replays_) return;
  m_.errors.push_back({kind, range, keep(message), keep(note), keep(meant)});
}

std::optional<Expanded> ModelBuilder::expanded(const Argument& word, Lookup lookup) {
  if (!needs_expansion(word.text, document_.escape())) return Expanded{word.text, true, {}};
  Expansion result = expand(word.text, document_.escape(), lookup);
  if (result.error.empty()) return Expanded{keep(result.text), result.known, std::move(result.unset)};
  cannot_expand(word, result.error);
  return std::nullopt;
}

void ModelBuilder::cannot_expand(const Argument& word, std::string_view why) {
  const bool quote = why.find("is not closed") != std::string_view::npos;
  error(BuildErrorKind::variable, word.range, fmt::format("this cannot be expanded: {}", why),
        quote ? "where words are parted at blanks, quotes or not, a JSON array takes names with blanks"
              : "a Dockerfile knows ${v}, ${v:-x}, ${v:+x}, ${v:?x}, ${v#x}, ${v%x} and ${v/x/y}");
}

/// The value as long as all that were given before are not too much together: `ENV A=$A$A` doubles A each time.
Variable ModelBuilder::given(Variable variable) {
  constexpr std::size_t kFree = 65536;  // bytes that variables may give, ever, …
  constexpr std::size_t kPerByte = 8;   // … and for each byte of the file; what is beyond is unknown
  if (given_ + variable.value.size() > kFree + kPerByte * document_.source().size()) return kUnknown;
  given_ += variable.value.size();
  return variable;
}

Variable ModelBuilder::assigned(const Argument& word) {
  if (!needs_expansion(word.text, document_.escape())) return {true, true, word.text};
  const auto result = expanded(word, in_stage());
  if (!result || variables_->lost) return kUnknown;
  return {result->known, true, result->text};
}

Value ModelBuilder::value(const Argument& word) {
  const Variable result = assigned(word);
  return result.known ? Value(result.value) : std::nullopt;
}

// --- before the first FROM ---

void ModelBuilder::global_argument(const Instruction& in) {
  if (in.kind != InstructionKind::arg || in.broken) return;
  for (const Assignment& a : in.assignments) {
    if (!a.has_value && global_args_.contains(a.name.text)) continue;  // does not take the default away
    Variable variable = kUnknown;
    if (const auto given = input(a.name.text)) {
      variable = *given;
    } else if (a.has_value) {
      if (const auto result = expanded(a.value, in_file())) variable = {result->known, true, result->text};
    }
    global_args_[a.name.text] = variable;
  }
}

Variable ModelBuilder::global(std::string_view name) {
  if (const auto it = global_args_.find(name); it != global_args_.end()) return it->second;
  return platform(name).value_or(Variable{});
}

/// What the build gives to an argument, wherever it is declared.
std::optional<Variable> ModelBuilder::input(std::string_view argument) {
  for (const BuildInput::Argument& given : input_.arguments)
    if (given.name == argument) return given.value ? Variable{true, true, keep(*given.value)} : kUnknown;
  return std::nullopt;
}

/// What BuildKit gives to one that is the platform's.
std::optional<Variable> ModelBuilder::platform(std::string_view argument) {
  for (const auto& [name, value] : kPlatformArgs) {
    if (name != argument) continue;
    m_.reads_platform = true;
    if (input_.names_platforms) return Variable{true, true, keep(fmt::format("${{{}}}", name))};
    return Variable{false, true, value};
  }
  return std::nullopt;
}

// --- stages ---

void ModelBuilder::name_stages(std::span<const Instruction> all) {
  std::uint32_t index = 0;
  for (const Instruction& in : all) {
    if (in.kind != InstructionKind::from) continue;
    if (!in.broken && in.arguments.size() == 3) named_stages_[lower(in.arguments[2].text)] = index;
    ++index;
  }
}

void ModelBuilder::stage(const Instruction& from, std::span<const Instruction> instructions) {
  Stage& stage = m_.stages.emplace_back();
  current_ = &stage;
  stage.from = &from;
  stage.index = static_cast<std::uint32_t>(m_.stages.size() - 1);
  stage.instructions = instructions;
  if (!from.broken && from.arguments.size() == 3) stage.name = lower(from.arguments[2].text);
  variables_ = &m_.variables.emplace_back();
  triggers_.emplace_back();
  state_ = {};
  has_cmd_ = false;
  changes_at_ = from.range.end;
  if (!from.broken && !from.arguments.empty()) base(stage, from.arguments[0]);
  if (const Flag* platform = from.flag("platform"); platform != nullptr && !from.broken) check_platform(*platform);

  const std::size_t runs = m_.runs.size(), copies = m_.copies.size();
  for (const Instruction& in : instructions) {
    changes_at_ = in.range.end;
    if (!in.broken) instruction(in);
  }
  stage.runs = std::span(m_.runs).subspan(runs);
  stage.copies = std::span(m_.copies).subspan(copies);
  stage.end = state_;
  stage.end.env = {*variables_, StageVariables::kEnd};
  if (!stage.name.empty()) m_.stage_by_name.try_emplace(stage.name, stage.index);
}

void ModelBuilder::base(Stage& stage, const Argument& image) {
  stage.image = image;
  std::vector<std::string_view> arguments;  // --build-arg may give these another value
  const auto lookup = [&](std::string_view name) {
    if (global_args_.contains(name)) arguments.push_back(name);
    return given(global(name));
  };
  const auto result = expanded(image, lookup);
  if (!result) return;
  if (result->known) stage.base = result->text;

  const auto found = m_.stage_by_name.find(result->text);  // case counts here (convert.go:1250)
  if (found != m_.stage_by_name.end() && result->known) return build_on_stage(stage, m_.stages[found->second]);
  if (found != m_.stage_by_name.end()) return;  // by default, and perhaps another
  if (result->known) build_on_image(stage, result->text);
  if (result->known && result->text == "scratch") return;

  const std::string why = result->text.empty() ? "it is empty" : image_name_error(result->text);
  if (why.empty()) return;
  if (!arguments.empty()) return no_image_without(arguments.front(), image);
  if (!result->known) return;
  std::string note = why;
  for (const std::string_view name : result->unset)
    note = fmt::format("no ARG {0} stands before the first FROM, so that ${{{0}}} is always empty", name);
  if (m_.stage_by_name.contains(lower_case(result->text)))
    note = fmt::format("a stage is found by its name in lower case: {}", lower_case(result->text));
  else if (result->text.find("$(") != std::string_view::npos) note = "a variable is written ${NAME}";
  error(BuildErrorKind::image, image.range, fmt::format("`{}` names no image", shown(image.text)), note);
}

void ModelBuilder::build_on_stage(Stage& stage, const Stage& parent) {
  stage.parent = &parent;
  stage.image_facts = parent.image_facts;
  stage.cmd = parent.cmd;
  stage.entrypoint = parent.entrypoint;
  stage.healthcheck = parent.healthcheck;
  variables_->parent = &m_.variables[parent.index];
  variables_->lost = variables_->parent->lost;
  state_ = parent.end;
  replay_triggers(parent);
}

void ModelBuilder::build_on_image(Stage& stage, std::string_view name) {
  if (name == "scratch") {
    variables_->scratch = true;
    state_.workdir = "/";
    state_.user = variables_->user("root", StageVariables::kEnd);
    return;
  }
  const Image* const image = m_.images(name);
  stage.image_facts = variables_->image = image;
  state_.interpreter = image != nullptr ? default_shell(*image) : shell::shell_of_image(name);
  if (image == nullptr) return;
  if (!image->workdir.empty()) state_.workdir = image->workdir;
  if (!image->user.empty()) state_.user = variables_->user(image->user, StageVariables::kEnd);
}

/// The ONBUILDs of a stage run first in each one that is built on it, and no further (convert.go,
/// dispatchOnBuildTriggers). Only what they leave behind counts here: what is to be said of them is said
/// where they stand.
void ModelBuilder::replay_triggers(const Stage& parent) {
  constexpr std::size_t kMost = 1 << 20;  // bytes; else many triggers and many stages take their product
  const std::vector<const Instruction*>& triggers = triggers_[parent.index];
  for (const Instruction* in : triggers) replayed_ += in->range.size();
  if (!triggers.empty() && replayed_ > kMost) {
    variables_->lost = true;
    state_ = {};
    return;
  }
  replays_ = true;
  for (const Instruction* in : triggers) instruction(*in);
  replays_ = false;
}

void ModelBuilder::no_image_without(std::string_view argument, const Argument& image) {
  if (!reported_arguments_.insert(argument).second) return;
  const Variable& value = global_args_.at(argument);
  error(BuildErrorKind::blank_image, image.range,
        fmt::format("`{}` names no image unless --build-arg {}=… is given", shown(image.text), argument),
        fmt::format("ARG {} has no {}default; one that works lets `docker build .` work", argument,
                    value.set ? "usable " : ""));
}

void ModelBuilder::check_platform(const Flag& flag) {
  const auto result = expanded({flag.range, flag.value.text()}, in_file());
  if (flag.value.empty() || !result || !result->known || is_platform(result->text)) return;
  if (result->text.empty())
    error(BuildErrorKind::argument, flag.range, "the platform is empty",
          "its variable is set nowhere before the first FROM");
  else
    error(BuildErrorKind::argument, flag.range, fmt::format("`{}` is no platform", shown(result->text)),
          "for example linux/arm64");
}

const Stage* ModelBuilder::source_stage(std::string_view name, TextRange range, bool index_counts) {
  if (index_counts && is_number(name)) {
    std::uint32_t index = 0;
    const std::string_view digits = name.starts_with('+') ? name.substr(1) : name;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    if (failed != std::errc{} || index >= m_.stages.capacity()) {
      error(BuildErrorKind::stage, range, fmt::format("there is no stage {}", shown(name)),
            m_.stages.capacity() == 1 ? "the file has one stage: 0"
                                      : fmt::format("stages count from 0 to {}", m_.stages.capacity() - 1));
      return nullptr;
    }
    return readable_stage(index, {}, range);
  }
  const auto found = named_stages_.find(lower(name));
  if (found != named_stages_.end()) return readable_stage(found->second, found->first, range);
  if (name.empty()) return nullptr;
  if (const std::string why = image_name_error(name); !why.empty())
    error(BuildErrorKind::image, range, fmt::format("`{}` names neither a stage nor an image", shown(name)), why);
  return nullptr;
}

/// `name` is empty where the stage was named by its index.
const Stage* ModelBuilder::readable_stage(std::uint32_t index, std::string_view name, TextRange range) {
  if (index < current_->index) return &m_.stages[index];
  const std::string what = name.empty() ? fmt::format("stage {}", index) : fmt::format("stage `{}`", name);
  if (index == current_->index) error(BuildErrorKind::stage, range, fmt::format("{} cannot read from itself", what));
  else
    error(BuildErrorKind::stage, range, fmt::format("{} comes later in the file", what),
          "a stage can be read from only below it");
  return nullptr;
}

}  // namespace dockerlint
