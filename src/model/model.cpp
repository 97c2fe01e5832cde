// SPDX-License-Identifier: Apache-2.0
// Goes through the file once, stage by stage, as BuildKit's conversion does (dockerfile2llb/convert.go), and
// keeps what each variable and the working directory are on the way.

#include "dockerlint/model.hpp"

#include "model/expand.hpp"
#include "model/image_name.hpp"
#include "model/mounts.hpp"
#include "model/paths.hpp"
#include "model/values.hpp"
#include "text/arena.hpp"
#include "text/shown.hpp"
#include "text/utf8.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <deque>
#include <unordered_map>
#include <unordered_set>

namespace dockerlint {

struct Model::Impl {
  explicit Impl(const Document& d) : document(d) {}

  const Document& document;
  Arena arena;
  std::vector<Stage> stages;
  std::unordered_map<std::string_view, std::uint32_t> stage_by_name;  // the first of a name
  std::vector<RunStep> runs;
  std::vector<CopyStep> copies;
  std::vector<BuildError> errors;
  std::vector<Cache> caches;
  std::unordered_map<std::string, std::vector<TextSize>> first_scripts_with;  // by text: where in each stage
};

namespace {

/// Set by the builder for each platform, and empty in a stage that does not declare them
/// (docs: "automatic platform ARGs"). The values are those of the commonest platform; they count as unknown.
constexpr std::pair<std::string_view, std::string_view> kPlatformArgs[] = {
    {"TARGETPLATFORM", "linux/amd64"}, {"TARGETOS", "linux"},        {"TARGETARCH", "amd64"}, {"TARGETVARIANT", ""},
    {"BUILDPLATFORM", "linux/amd64"},  {"BUILDOS", "linux"},         {"BUILDARCH", "amd64"},  {"BUILDVARIANT", ""},
    {"TARGETSTAGE", "default"},        {"TARGETPLATFORMVARIANT", ""}};

constexpr Variable kUnknown{false, false, {}};

// What a hostile file could make grow beyond all bounds is unknown beyond these; no real one comes near.
constexpr std::size_t kFreeExpansion = 65536;    // bytes that variables may give, ever, …
constexpr std::size_t kExpansionPerByte = 8;     // … and for each byte of the file: ENV A=$A$A doubles A each time
constexpr std::size_t kLongestWorkdir = 1024;    // WORKDIR x appends each time
constexpr std::size_t kLongestStageChain = 100;  // in which a variable is looked for

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = to_lower(c);
  return lower;
}

using Variables = std::unordered_map<std::string_view, Variable>;

/// What names mean at one place of a stage. A stage sees what the stage that it builds on has set.
struct Scope {
  const Scope* parent = nullptr;
  std::size_t depth = 0;
  Variables env;
  Variables args;
  bool base_unknown = true;  // an image of somebody else may set any variable
  Value workdir;
  bool workdir_set = false;

  Variable find(std::string_view name) const {
    for (const Scope* scope = this; scope != nullptr; scope = scope->parent)
      if (const auto it = scope->env.find(name); it != scope->env.end()) return it->second;
    for (const Scope* scope = this; scope != nullptr; scope = scope->parent)
      if (const auto it = scope->args.find(name); it != scope->args.end()) return it->second;
    return {!base_unknown && name != "PATH", false, {}};
  }
};

}  // namespace

class ModelBuilder {
 public:
  explicit ModelBuilder(Model::Impl& model) : m_(model), document_(model.document) {}

  void build() {
    const auto all = document_.instructions();
    std::size_t from_count = 0, run_count = 0, copy_count = 0;
    for (const Instruction& in : all) {
      const InstructionKind kind = in.nested != nullptr ? in.nested->kind : in.kind;
      from_count += in.kind == InstructionKind::from;
      run_count += kind == InstructionKind::run;
      copy_count += kind == InstructionKind::copy || kind == InstructionKind::add;
    }
    m_.stages.reserve(from_count);  // nothing moves from here on: pointers into these lists are kept
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

 private:
  /// `${V}` and `$V` are the same.
  std::string_view written_id(const MountOption& id) {
    if (id.value.find("${") == std::string_view::npos) return id.value;
    std::string plain;
    for (const char c : id.value)
      if (c != '{' && c != '}') plain += c;
    return keep(plain);
  }

  void group_caches() {
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

  std::string_view keep(std::string_view text) { return m_.arena.keep(text); }

  void error(BuildErrorKind kind, TextRange range, std::string_view message, std::string_view note = {},
             std::string_view meant = {}) {
    m_.errors.push_back({kind, range, keep(message), keep(note), keep(meant)});
  }

  /// The value as long as all that were given before are not too much together.
  Variable given(Variable variable) {
    if (given_ + variable.value.size() > kFreeExpansion + kExpansionPerByte * document_.source().size())
      return kUnknown;
    given_ += variable.value.size();
    return variable;
  }

  /// A word that is not refused. Reports one that is.
  std::optional<Expansion> expanded(const Argument& word, const Lookup& lookup) {
    Expansion result = expand(word.text, document_.escape(), lookup);
    if (result.error.empty()) return result;
    const bool quote = result.error.find("is not closed") != std::string::npos;
    error(BuildErrorKind::variable, word.range, fmt::format("this cannot be expanded: {}", result.error),
          quote ? "where words are parted at blanks, quotes or not, a JSON array takes names with blanks"
                : "a Dockerfile knows ${v}, ${v:-x}, ${v:+x}, ${v:?x}, ${v#x}, ${v%x} and ${v/x/y}");
    return std::nullopt;
  }

  /// The word in the stage that is read, as a variable can take it over.
  Variable assigned(const Argument& word) {
    if (!needs_expansion(word.text, document_.escape())) return {true, true, word.text};
    const auto result = expanded(word, lookup_);
    if (!result) return kUnknown;
    return {result->known, true, keep(result->text)};
  }

  Value value(const Argument& word) {
    const Variable result = assigned(word);
    return result.known ? Value(result.value) : std::nullopt;
  }

  // --- before the first FROM ---

  void global_argument(const Instruction& in) {
    if (in.kind != InstructionKind::arg || in.broken) return;
    for (const Assignment& a : in.assignments) {
      if (!a.has_value && global_args_.contains(a.name.text)) continue;  // does not take the default away
      Variable variable = kUnknown;
      if (a.has_value) {
        if (const auto result = expanded(a.value, global_lookup_)) variable = {result->known, true, keep(result->text)};
      }
      global_args_[a.name.text] = variable;
    }
  }

  /// What FROM and global ARGs see: global ARGs and the platform.
  Variable global(std::string_view name) const {
    if (const auto it = global_args_.find(name); it != global_args_.end()) return it->second;
    for (const auto& [platform, value] : kPlatformArgs)
      if (platform == name) return {false, true, value};
    return {};
  }

  // --- stages ---

  void name_stages(std::span<const Instruction> all) {
    std::uint32_t index = 0;
    for (const Instruction& in : all) {
      if (in.kind != InstructionKind::from) continue;
      if (!in.broken && in.arguments.size() == 3) named_stages_[lower(in.arguments[2].text)] = index;
      ++index;
    }
  }

  std::string_view lower(std::string_view name) {
    if (std::none_of(name.begin(), name.end(), [](char c) { return to_lower(c) != c; })) return name;
    return keep(lower_case(name));
  }

  void stage(const Instruction& from, std::span<const Instruction> instructions) {
    Stage& stage = m_.stages.emplace_back();
    stage.from = &from;
    stage.index = static_cast<std::uint32_t>(m_.stages.size() - 1);
    stage.instructions = instructions;
    if (!from.broken && from.arguments.size() == 3) stage.name = lower(from.arguments[2].text);
    scopes_.emplace_back();
    scope_ = &scopes_.back();
    if (!from.broken && !from.arguments.empty()) base(stage, from.arguments[0]);
    if (const Flag* platform = from.flag("platform"); platform != nullptr && !from.broken) check_platform(*platform);

    current_ = &stage;
    const std::size_t runs = m_.runs.size(), copies = m_.copies.size();
    for (const Instruction& in : instructions)
      if (!in.broken) instruction(in);
    stage.runs = std::span(m_.runs).subspan(runs);
    stage.copies = std::span(m_.copies).subspan(copies);
    if (!stage.name.empty()) m_.stage_by_name.try_emplace(stage.name, stage.index);
  }

  void inherit(const Scope& parent) {
    scope_->workdir = parent.workdir;
    scope_->workdir_set = parent.workdir_set;
    if (parent.depth == kLongestStageChain) return;  // as if somebody else's
    scope_->parent = &parent;
    scope_->depth = parent.depth + 1;
    scope_->base_unknown = parent.base_unknown;
  }

  void base(Stage& stage, const Argument& image) {
    stage.image = image;
    std::vector<std::string_view> arguments;  // --build-arg may give these another value
    const Lookup lookup = [&](std::string_view name) {
      if (global_args_.contains(name)) arguments.push_back(name);
      return given(global(name));
    };
    const auto result = expanded(image, lookup);
    if (!result) return;
    if (result->known) stage.base = keep(result->text);

    const auto found = m_.stage_by_name.find(result->text);  // case counts here (convert.go:1250)
    if (found != m_.stage_by_name.end() && result->known) {
      stage.parent = &m_.stages[found->second];
      inherit(scopes_[found->second]);
      return;
    }
    if (result->known && result->text == "scratch") {
      scope_->base_unknown = false;
      scope_->workdir = "/";
      return;
    }
    if (found != m_.stage_by_name.end()) return;  // by default, and perhaps another
    const std::string why = result->text.empty() ? "it is empty" : image_name_error(result->text);
    if (why.empty()) return;
    if (!arguments.empty()) return no_image_without(arguments.front(), image);
    if (!result->known) return;
    std::string note = why;
    for (const std::string& name : result->unset)
      note = fmt::format("no ARG {0} stands before the first FROM, so that ${{{0}}} is always empty", name);
    if (m_.stage_by_name.contains(lower_case(result->text)))
      note = fmt::format("a stage is found by its name in lower case: {}", lower_case(result->text));
    else if (result->text.find("$(") != std::string::npos) note = "a variable is written ${NAME}";
    error(BuildErrorKind::image, image.range, fmt::format("`{}` names no image", shown(image.text)), note);
  }

  /// One finding an argument, however many stages use it.
  void no_image_without(std::string_view argument, const Argument& image) {
    if (!reported_arguments_.insert(argument).second) return;
    const Variable& value = global_args_.at(argument);
    error(BuildErrorKind::blank_image, image.range,
          fmt::format("`{}` names no image unless --build-arg {}=… is given", shown(image.text), argument),
          fmt::format("ARG {} has no {}default; one that works lets `docker build .` work", argument,
                      value.set ? "usable " : ""));
  }

  void check_platform(const Flag& flag) {
    const auto result = expanded({flag.range, flag.value.text()}, global_lookup_);
    if (flag.value.empty() || !result || !result->known || is_platform(result->text)) return;
    if (result->text.empty())
      error(BuildErrorKind::argument, flag.range, "the platform is empty",
            "its variable is set nowhere before the first FROM");
    else
      error(BuildErrorKind::argument, flag.range, fmt::format("`{}` is no platform", shown(result->text)),
            "for example linux/arm64");
  }

  static bool is_number(std::string_view text) {
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
  }

  /// A stage that COPY or a mount reads from. Reports a stage that cannot be read here.
  const Stage* source_stage(std::string_view name, TextRange range, bool index_counts) {
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
      return readable_stage(index, fmt::format("stage {}", index), range);
    }
    const auto found = named_stages_.find(lower(name));
    if (found != named_stages_.end())
      return readable_stage(found->second, fmt::format("stage `{}`", found->first), range);
    if (name.empty()) return nullptr;
    if (const std::string why = image_name_error(name); !why.empty())
      error(BuildErrorKind::image, range, fmt::format("`{}` names neither a stage nor an image", shown(name)), why);
    return nullptr;
  }

  const Stage* readable_stage(std::uint32_t index, const std::string& what, TextRange range) {
    if (index < current_->index) return &m_.stages[index];
    if (index == current_->index) error(BuildErrorKind::stage, range, fmt::format("{} cannot read from itself", what));
    else
      error(BuildErrorKind::stage, range, fmt::format("{} comes later in the file", what),
            "a stage can be read from only below it");
    return nullptr;
  }

  // --- instructions ---

  void instruction(const Instruction& in) {
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
      case InstructionKind::user: value(in.arguments[0]); return;
      case InstructionKind::volume: return volume(in);
      case InstructionKind::expose: return expose(in);
      case InstructionKind::stopsignal: return stop_signal(in);
      case InstructionKind::copy:
      case InstructionKind::add: return copy(in);
      case InstructionKind::run: return run(in, false);
      case InstructionKind::onbuild: return on_build(*in.nested);
      default: return;
    }
  }

  void argument(const Instruction& in) {
    for (const Assignment& a : in.assignments) {
      if (!a.has_value && scope_->args.contains(a.name.text)) continue;  // does not take the default away
      Variable variable = kUnknown;                                      // no default: only the command line can tell
      if (a.has_value) {
        variable = assigned(a.value);
      } else if (const auto it = global_args_.find(a.name.text); it != global_args_.end()) {
        variable = it->second;
      } else {
        for (const auto& [platform, text] : kPlatformArgs)
          if (platform == a.name.text) variable = Variable{false, true, text};
      }
      scope_->args[a.name.text] = variable;
    }
  }

  void environment(const Instruction& in) {
    // One instruction sees the environment before it: ENV A=2 B=$A uses the old A.
    std::vector<std::pair<std::string_view, Variable>> set;
    for (const Assignment& a : in.assignments) {
      const Value name = value(a.name);
      const Variable text = assigned(a.value);
      if (name) set.emplace_back(*name, text);
    }
    for (const auto& [name, variable] : set) scope_->env[name] = variable;
  }

  void workdir(const Instruction& in) {
    const Value path = value(in.arguments[0]);
    scope_->workdir_set = true;
    if (path && is_absolute(*path)) scope_->workdir = keep(clean_path(*path));
    else if (path && scope_->workdir) scope_->workdir = keep(join_path(*scope_->workdir, *path));
    else scope_->workdir = std::nullopt;
    if (scope_->workdir && scope_->workdir->size() > kLongestWorkdir) scope_->workdir = std::nullopt;
  }

  void volume(const Instruction& in) {
    for (const Argument& path : in.arguments)
      if (const Value text = value(path); text && text->empty())
        error(BuildErrorKind::argument, path.range, "a VOLUME cannot be an empty string",
              path.text.find('$') == std::string_view::npos ? "" : "its variable is empty here");
  }

  void expose(const Instruction& in) {
    for (const Argument& word : in.arguments) {
      const auto result = expanded(word, lookup_);
      if (!result || !result->known) continue;
      for (const std::string& port : result->words)
        if (const std::string why = port_error(port); !why.empty())
          error(BuildErrorKind::argument, word.range, why, "for example EXPOSE 8080, 53/udp or 8000-8010");
    }
  }

  void stop_signal(const Instruction& in) {
    const Value signal = value(in.arguments[0]);
    if (signal && !is_signal(*signal))
      error(BuildErrorKind::argument, in.arguments[0].range, fmt::format("`{}` is no signal", shown(*signal)),
            "for example SIGTERM or 15");
  }

  void copy(const Instruction& in) {
    CopyStep& step = m_.copies.emplace_back();
    step.instruction = &in;
    step.stage = current_;
    if (const Flag* from = in.flag("from")) copy_from(step, *from);
    for (const std::string_view name : {"chown", "chmod", "checksum"})
      if (const Flag* flag = in.flag(name)) value({flag->range, flag->value.text()});
    const std::size_t errors = m_.errors.size();
    for (const Argument& path : in.arguments)
      if (!path.text.starts_with("<<") && m_.errors.size() == errors) value(path);  // one word's quote breaks the next
    // BuildKit expands an inline file with `\` whatever the directive says, and leaves its quotes alone.
    for (const Heredoc& heredoc : in.heredocs) inline_file(heredoc);
  }

  void inline_file(const Heredoc& heredoc) {
    if (!heredoc.expands) return;
    const std::string_view body = document_.source().slice(heredoc.body);
    if (body.find('$') == body.npos) return;
    const Expansion result = expand_inline_file(body, lookup_);
    if (!result.error.empty())
      error(BuildErrorKind::variable, heredoc.marker, fmt::format("this file cannot be expanded: {}", result.error),
            fmt::format("write <<'{}' to keep every $ in it as it is", heredoc.name));
  }

  void copy_from(CopyStep& step, const Flag& from) {
    const std::string_view name = from.value.text();
    const Lookup nothing = [](std::string_view) { return Variable{}; };
    const Expansion result = expand(name, document_.escape(), nothing);
    if (!result.error.empty() || result.text != name) {
      error(BuildErrorKind::stage, from.range, "--from cannot hold a variable",
            fmt::format("give the image a stage of its own: FROM {} AS name", shown(name)));
      return;
    }
    step.from = source_stage(name, from.value.empty() ? from.range : from.value.in_source(), true);
  }

  void on_build(const Instruction& in) {
    if (in.kind == InstructionKind::run) run(in, true);
  }

  void run(const Instruction& in, bool on_build) {
    RunStep& step = m_.runs.emplace_back();
    step.instruction = &in;
    step.stage = current_;
    step.on_build = on_build;
    if (in.flags.empty()) return;
    const MountContext context{m_.arena,
                               [&](std::string_view word, TextRange range) -> Value {
                                 if (on_build && needs_expansion(word, document_.escape())) return std::nullopt;
                                 return value({range, word});
                               },
                               [&](TextRange range, std::string message, std::string note, std::string_view meant) {
                                 error(BuildErrorKind::mount, range, message, note, meant);
                               },
                               on_build ? Value() : scope_->workdir, on_build || scope_->workdir_set};
    std::vector<Mount> mounts;
    for (const Flag& flag : in.flags) {
      if (flag.name != "mount") continue;
      Mount mount = read_mount(flag, context);
      mount.run = &step;
      if (mount.valid && mount.from && !mount.from->empty() && !on_build)
        source_stage(*mount.from, mount.option(MountKey::from)->value_range, false);
      mounts.push_back(mount);
    }
    const std::span<Mount> kept = m_.arena.keep_mutable(mounts);
    step.mounts = kept;
    for (Mount& mount : kept) mounts_.push_back(&mount);
  }

  Model::Impl& m_;
  const Document& document_;
  Variables global_args_;
  std::unordered_set<std::string_view> reported_arguments_;
  std::unordered_map<std::string_view, std::uint32_t>
      named_stages_;            // of the whole file, the last of each name: so does COPY
  std::vector<Mount*> mounts_;  // of all RUNs, in order
  std::deque<Scope> scopes_;    // one a stage
  Scope* scope_ = nullptr;      // of the stage that is read
  const Stage* current_ = nullptr;
  std::size_t given_ = 0;  // bytes of values that were looked up
  const Lookup lookup_ = [this](std::string_view name) { return given(scope_->find(name)); };
  const Lookup global_lookup_ = [this](std::string_view name) { return given(global(name)); };
};

Model::Model(const Document& document) : impl_(std::make_unique<Impl>(document)) { ModelBuilder(*impl_).build(); }
Model::~Model() = default;
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;

const Document& Model::document() const { return impl_->document; }
std::span<const Stage> Model::stages() const { return impl_->stages; }
std::span<const BuildError> Model::errors() const { return impl_->errors; }

std::span<const Cache> Model::caches() const { return impl_->caches; }

bool script_has(const Document& document, const RunStep& run, std::string_view text) {
  const Instruction& in = *run.instruction;
  if (in.body.text().find(text) != std::string_view::npos) return true;
  return std::any_of(in.heredocs.begin(), in.heredocs.end(), [&](const Heredoc& heredoc) {
    return document.source().slice(heredoc.body).find(text) != std::string_view::npos;
  });
}

bool Model::scripts_have(const RunStep& run, std::string_view text) const {
  constexpr TextSize kNowhere = 0xFFFFFFFF;
  // Every mount of a file may ask: each stage is searched once, and counts for those that build on it.
  auto& first = impl_->first_scripts_with[std::string(text)];
  if (first.empty()) {
    first.assign(impl_->stages.size(), kNowhere);
    for (const Stage& stage : impl_->stages) {
      if (stage.parent != nullptr && first[stage.parent->index] != kNowhere) {
        first[stage.index] = 0;
        continue;
      }
      const auto found = std::find_if(stage.runs.begin(), stage.runs.end(),
                                      [&](const RunStep& step) { return script_has(impl_->document, step, text); });
      if (found != stage.runs.end()) first[stage.index] = found->instruction->range.begin;
    }
  }
  return first[run.stage->index] <= run.instruction->range.begin;
}

const Stage* Model::stage(std::string_view name_or_index) const {
  if (name_or_index.empty()) return nullptr;
  std::size_t index = 0;
  const auto [end, failed] = std::from_chars(name_or_index.data(), name_or_index.data() + name_or_index.size(), index);
  if (failed == std::errc{} && end == name_or_index.data() + name_or_index.size())
    return index < impl_->stages.size() ? &impl_->stages[index] : nullptr;
  const auto found = impl_->stage_by_name.find(lower_case(name_or_index));
  return found == impl_->stage_by_name.end() ? nullptr : &impl_->stages[found->second];
}

}  // namespace dockerlint
