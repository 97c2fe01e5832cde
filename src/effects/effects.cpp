// SPDX-License-Identifier: Apache-2.0
// Goes through the stages in the order of the file, and through what each step does to the files of its stage.

#include "dockerlint/effects.hpp"

#include "effects/file_system.hpp"
#include "effects/programs.hpp"
#include "effects/tool_places.hpp"
#include "model/commands.hpp"
#include "model/paths.hpp"
#include "shell/run_script.hpp"
#include "text/arena.hpp"

#include <algorithm>
#include <memory_resource>
#include <string>
#include <vector>

namespace dockerlint {

struct Effects::Impl {
  Arena arena;
  std::vector<const PathWrite*> writes;
  std::vector<const PathRead*> reads;
  std::vector<const RunStep*> starts;
  std::pmr::monotonic_buffer_resource memory{4096};  // of the files
  std::vector<FileSystem> files;                     // by the stage's index
  struct Moment {
    TextSize offset;  // of an instruction
    FileSystem::Time time;
  };
  std::vector<Moment> moments;  // in the order of the file
};

namespace {

std::string_view without_last_slash(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

bool has_pattern(std::string_view path) { return path.find_first_of("*?[") != path.npos; }

}  // namespace

class EffectsBuilder {
 public:
  EffectsBuilder(Effects::Impl& result, const Model& model, const Catalog& catalog)
      : r_(result), model_(model), catalog_(catalog), places_(catalog) {}

  void build() {
    const auto stages = model_.stages();
    r_.files.reserve(stages.size());
    for (const Stage& stage : stages) {
      const FileSystem* const parent = stage.parent != nullptr ? &r_.files[stage.parent->index] : nullptr;
      files_ = &r_.files.emplace_back(stage, parent, r_.memory);
      files_->set_others(r_.files);
      stage_ = &stage;
      workdir_ = {};
      places_.begin(stage);
      has_caches_ = stage.parent != nullptr && stages_with_caches_[stage.parent->index];
      steps(stage);
      stages_with_caches_.push_back(has_caches_);
    }
    starts();
  }

 private:
  // --- steps ---

  void steps(const Stage& stage) {
    auto run = stage.runs.begin();
    auto copy = stage.copies.begin();
    for (const Instruction& in : stage.instructions) {
      r_.moments.push_back({in.range.begin, ++now_});
      const TextRange range = in.range;
      const auto is_here = [range](const Instruction* step) { return range.contains(step->range); };
      for (; run != stage.runs.end() && is_here(run->instruction); ++run)
        if (!run->on_build) this->run(*run);
      for (; copy != stage.copies.end() && is_here(copy->instruction); ++copy)
        if (!copy->on_build) this->copy(*copy);
    }
  }

  void run(const RunStep& run) {
    workdir(run.before, *run.instruction);
    for (const Mount& mount : run.mounts) {
      files_->add_mount(mount, ++now_);
      has_caches_ = has_caches_ || mount.is(MountType::cache);
      mounted_stage(run, mount);
    }
    if (run.script == nullptr || !run.script->understood) {
      PathWrite write = write_of(run, nullptr, WriteKind::may, run.instruction->range);
      return add(write, "/");
    }
    for (const RunCommand& command : run.commands) this->command(command);
  }

  /// The working directory is made, with all above it.
  void workdir(const State& state, const Instruction& in) {
    if (!state.workdir_set || !state.workdir || *state.workdir == workdir_) return;
    workdir_ = *state.workdir;
    PathWrite write;
    write.stage = stage_;
    write.instruction = &in;
    write.range = in.keyword.range;
    add(write, workdir_);
  }

  void mounted_stage(const RunStep& run, const Mount& mount) {
    if (!mount.valid || !mount.from || mount.from->empty()) return;
    const Stage* const from = model_.stage(*mount.from);
    if (from == nullptr || from->index >= stage_->index) return;
    const MountOption* const source = mount.option(MountKey::source);
    if (source != nullptr && !source->expanded) return;
    PathRead read;
    read.kind = ReadKind::mount;
    read.from = from;
    read.run = &run;
    read.instruction = run.instruction;
    read.range = mount.flag->range;
    read.tree = true;
    add(read, source != nullptr ? join_path("/", *source->expanded) : "/");
  }

  void copy(const CopyStep& copy) {
    workdir(copy.before, *copy.instruction);
    const bool from_stage = copy.from != nullptr;
    for (std::size_t i = 0; i < copy.sources.size(); ++i) {
      const Value& source = copy.sources[i];
      if (from_stage && source) copied_source(copy, i);
    }
    if (!copy.destination) {
      PathWrite write = write_of(copy, WriteKind::may);
      return add(write, "/");
    }
    const std::string_view destination = without_last_slash(*copy.destination);
    PathWrite write = write_of(copy, WriteKind::context);
    add(write, destination);
    if (!from_stage) return;
    const bool into = copy.destination->ends_with('/');
    for (const Value& source : copy.sources) {
      if (!source || has_pattern(*source)) continue;
      PathWrite exact = write_of(copy, WriteKind::tree);
      exact.from = copy.from;
      exact.from_path = keep(clean(*source, "/"));
      if (into) add(exact, join_path(destination, base_name(exact.from_path)));
      else if (base_name(exact.from_path) == base_name(destination)) add(exact, destination);
      else {
        exact.kind = WriteKind::file;
        add(exact, destination);
      }
    }
  }

  void copied_source(const CopyStep& copy, std::size_t index) {
    std::string path = clean(*copy.sources[index], "/");
    if (const std::size_t star = path.find_first_of("*?["); star != path.npos) {
      path.resize(std::max<std::size_t>(path.substr(0, star).rfind('/'), 1));
    }
    PathRead read;
    read.kind = ReadKind::copy;
    read.from = copy.from;
    read.copy = &copy;
    read.instruction = copy.instruction;
    read.range =
        index < copy.instruction->arguments.size() ? copy.instruction->arguments[index].range : copy.instruction->range;
    read.tree = true;
    add(read, path);
  }

  // --- commands ---

  void command(const RunCommand& command) {
    if (command.words.empty()) return redirects(command);
    const auto uses = catalog_.uses(command);
    const ProgramEffects effects = effects_of(command);
    program_itself(command);
    places_.configure(command);
    for (const ToolUse& use : uses)
      for (const CacheDir* directory : use.command->needs) need(command, *use.command, *directory);
    for (const UsedPath& used : effects.paths)
      if (used.use == PathUse::read || used.use == PathUse::read_all) read(command, used, effects.tolerant);

    // What somebody unknown may do comes first: what is said to be made is there in the end.
    bool is_known = effects.known;
    for (const ToolUse& use : uses) is_known = is_known || !use.command->runs_scripts();
    if (!is_known || effects.anywhere) {
      PathWrite write = write_of(*command.run, &command, WriteKind::may, command.words.front().range());
      add(write, command.workdir && !effects.anywhere ? *command.workdir : "/");
    }
    for (const UsedPath& used : effects.paths) written(command, used);
    for (const ToolUse& use : uses) {
      const ToolCommand& tool = *use.command;
      for (const CacheDir* directory : tool.empties) filled(command, tool, *directory, WriteKind::removal);
      for (const CacheDir* directory : tool.fills) filled(command, tool, *directory, WriteKind::tree);
      for (const CacheDir* directory : tool.writes) filled(command, tool, *directory, WriteKind::tree);
    }
    redirects(command);
  }

  void program_itself(const RunCommand& command) {
    const Value name = command.words.front().value();
    if (!name || name->empty()) return;
    if (name->find('/') != name->npos) {
      if (const auto path = absolute(*name, command.workdir)) {
        PathRead read = read_of(command, command.words.front().range());
        add(read, *path);
      }
    } else if (has_caches_) {
      on_path(command, *name);
    }
  }

  /// A program that the search in PATH would find in a cache mount. Only what stands in PATH word for word counts.
  void on_path(const RunCommand& command, std::string_view name) {
    std::string_view path = command.variable("PATH").value;
    while (!path.empty()) {
      const std::size_t end = std::min(path.find(':'), path.size());
      const std::string_view directory = path.substr(0, end);
      path.remove_prefix(std::min(end + 1, path.size()));
      if (!is_absolute(directory)) continue;
      const std::string program = join_path(directory, name);
      const Content content = files_->content(program, now_ + 1, command.run);
      if (content.where != Content::Where::mount || content.write == nullptr || content.mount->run == command.run)
        continue;
      PathRead read = read_of(command, command.words.front().range());
      read.certain = false;  // another directory of PATH may have one of that name
      return add(read, program);
    }
  }

  void need(const RunCommand& command, const ToolCommand& tool, const CacheDir& directory) {
    const std::string place = places_.place(command, directory);
    if (place.empty()) return;
    PathRead read = read_of(command, command.words.front().range());
    read.tool = &tool;
    read.directory = &directory;
    read.tree = true;
    add(read, place);
  }

  void filled(const RunCommand& command, const ToolCommand& tool, const CacheDir& directory, WriteKind kind) {
    const std::string place = places_.place(command, directory);
    if (place.empty()) return;
    PathWrite write = write_of(*command.run, &command, kind, command.words.front().range());
    write.tool = &tool;
    write.directory = &directory;
    add(write, place);
  }

  void read(const RunCommand& command, const UsedPath& used, bool tolerant) {
    const auto path = absolute(used.path, command.workdir);
    if (!path) return;
    PathRead read = read_of(command, used.word != nullptr ? used.word->range() : command.words.front().range());
    read.tree = used.use == PathUse::read_all;
    read.tolerant = read.tolerant || tolerant;
    add(read, *path);
  }

  void written(const RunCommand& command, const UsedPath& used) {
    if (used.use == PathUse::read || used.use == PathUse::read_all) return;
    const TextRange range = used.word != nullptr ? used.word->range() : command.words.front().range();
    const auto path = absolute(used.path, command.workdir);
    PathWrite write = write_of(*command.run, &command, WriteKind::file, range);
    if (!path) {
      write.kind = WriteKind::may;
      return add(write, "/");
    }
    switch (used.use) {
      case PathUse::remove: {
        write.kind = WriteKind::removal;
        const bool content_only = path->ends_with("/*");
        return add(write, content_only ? std::string_view(*path).substr(0, path->size() - 2) : *path);
      }
      case PathUse::fill: write.kind = WriteKind::context; return add(write, *path);
      default: break;
    }
    if (!used.into) return add(write, *path);
    // Into a directory or to this very name: nobody knows which without the file system.
    write.kind = WriteKind::tree;
    if (!used.name.empty() && (used.path.ends_with('/') || used.path.ends_with('.') || is_directory(*path)))
      return add(write, join_path(*path, used.name));
    add(write, *path);
    if (!used.name.empty()) add(write, join_path(*path, used.name));
  }

  /// Whether somebody has made something below it, or it is one that every image has.
  bool is_directory(std::string_view path) const {
    for (const std::string_view known : {"/usr/local/bin", "/usr/bin", "/bin", "/usr/local/lib", "/usr/lib", "/opt",
                                         "/tmp", "/usr/local/sbin", "/usr/sbin", "/root", "/home", "/etc", "/srv"})
      if (path == known) return true;
    return false;
  }

  void redirects(const RunCommand& command) {
    if (command.syntax == nullptr) return;
    for (const shell::Redirect& redirect : command.syntax->redirects) {
      if (!redirect.target.literal || redirect.target.value.empty()) continue;
      const std::string_view target = redirect.target.value;
      if (target.starts_with("/dev/") || target.front() == '&') continue;
      const auto path = absolute(target, command.workdir);
      if (!path) continue;
      switch (redirect.op) {
        case shell::RedirectOperator::write:
        case shell::RedirectOperator::append:
        case shell::RedirectOperator::clobber:
        case shell::RedirectOperator::both:
        case shell::RedirectOperator::both_append: {
          PathWrite write = write_of(*command.run, &command, WriteKind::file, redirect.target.range);
          add(write, *path);
          break;
        }
        case shell::RedirectOperator::read: {
          PathRead read = read_of(command, redirect.target.range);
          add(read, *path);
          break;
        }
        default: break;
      }
    }
  }

  // --- what a container starts ---

  void starts() {
    std::vector<bool> is_built_on(model_.stages().size());
    for (const Stage& stage : model_.stages())
      if (stage.parent != nullptr) is_built_on[stage.parent->index] = true;
    for (const Stage& stage : model_.stages()) {
      if (is_built_on[stage.index]) continue;
      stage_ = &stage;
      places_.begin(stage);
      files_ = &r_.files[stage.index];
      has_caches_ = stages_with_caches_[stage.index];
      start(stage.entrypoint);
      start(stage.cmd);
      start(stage.healthcheck);
    }
  }

  /// What an image of the stage runs, as a RUN at its end would. Where an entry point is given CMD, that is most
  /// often a command too: the entry point ends in `exec "$@"`.
  void start(const Instruction* in) {
    if (in == nullptr || in->broken || in->form == Form::none) return;
    RunStep& run = *r_.arena.make(RunStep{});
    run.instruction = in;
    run.stage = stage_;
    run.before = stage_->end;
    const shell::RunScript script = shell::parse_start(*in, run.before.interpreter, r_.arena);
    run.script_text = script.text;
    run.script = r_.arena.make(script.script);
    run.commands = commands_of(run, {r_.arena, run.before.shell,
                                     [](const Environment& env, std::string_view name) { return env.user(name); }});
    r_.starts.push_back(&run);
    start_ = in->kind;
    for (const RunCommand& command : run.commands) {
      if (command.words.empty()) continue;
      program_itself(command);
      for (const ToolUse& use : catalog_.uses(command))
        for (const CacheDir* directory : use.command->needs) need(command, *use.command, *directory);
      const ProgramEffects effects = effects_of(command);
      for (const UsedPath& used : effects.paths)
        if (used.use == PathUse::read || used.use == PathUse::read_all) read(command, used, effects.tolerant);
    }
    start_.reset();
  }

  // --- records ---

  std::string_view keep(std::string_view text) { return r_.arena.keep(text); }

  static std::string clean(std::string_view path, std::string_view directory) {
    return is_absolute(path) ? clean_path(path) : join_path(directory, path);
  }

  static std::optional<std::string> absolute(std::string_view path, const Value& workdir) {
    if (is_absolute(path)) return clean_path(path);
    if (!workdir || path.starts_with('~')) return std::nullopt;
    return join_path(*workdir, path);
  }

  PathWrite write_of(const RunStep& run, const RunCommand* command, WriteKind kind, TextRange range) const {
    PathWrite write;
    write.kind = kind;
    write.stage = stage_;
    write.instruction = run.instruction;
    write.run = &run;
    write.command = command;
    write.range = range;
    write.conditional = command != nullptr && command->conditional;
    return write;
  }

  PathWrite write_of(const CopyStep& copy, WriteKind kind) const {
    PathWrite write;
    write.kind = kind;
    write.stage = stage_;
    write.instruction = copy.instruction;
    write.range = copy.instruction->range;
    return write;
  }

  PathRead read_of(const RunCommand& command, TextRange range) const {
    PathRead read;
    read.from = stage_;
    read.instruction = command.run->instruction;
    if (start_) {
      read.kind = ReadKind::start;
      // Behind an entry point CMD may be its arguments; a health check may be meant to fail.
      read.certain =
          *start_ == InstructionKind::entrypoint || (*start_ == InstructionKind::cmd && stage_->entrypoint == nullptr);
    } else {
      read.run = command.run;
    }
    read.command = &command;
    read.range = range;
    read.tolerant = command.conditional || command.failure_ignored;
    return read;
  }

  void add(PathWrite& write, std::string_view path) {
    write.path = keep(path);
    if (write.run != nullptr) write.mount = covering_mount(*write.run, write.path);
    const PathWrite* const kept = r_.arena.make(write);
    r_.writes.push_back(kept);
    files_->add(*kept, ++now_);
  }

  /// The layer has an empty directory there.
  static bool is_mount_point(const PathRead& read) {
    return read.content.where == Content::Where::mount && read.content.mount->target == read.path;
  }

  static bool changes_only(std::string_view program) {
    return program == "chown" || program == "chmod" || program == "chgrp";
  }

  void add(PathRead& read, std::string_view path) {
    read.stage = stage_;
    read.path = keep(path);
    const bool elsewhere = read.from != stage_;
    const FileSystem& files = r_.files[read.from->index];
    read.content = files.content(read.path, elsewhere ? FileSystem::kEnd : now_ + 1, elsewhere ? nullptr : read.run);
    if (read.command != nullptr && is_mount_point(read) && changes_only(read.command->program())) read.tolerant = true;
    r_.reads.push_back(r_.arena.make(read));
  }

  Effects::Impl& r_;
  const Model& model_;
  const Catalog& catalog_;
  const Stage* stage_ = nullptr;
  FileSystem* files_ = nullptr;
  FileSystem::Time now_ = 0;
  std::string_view workdir_;
  std::optional<InstructionKind> start_;  // what is read is run by a container
  bool has_caches_ = false;               // this stage or one below it has a cache mount
  std::vector<bool> stages_with_caches_;
  ToolPlaces places_;
};

Effects::Effects(const Model& model, const Catalog& catalog) : impl_(std::make_unique<Impl>()) {
  EffectsBuilder(*impl_, model, catalog).build();
}
Effects::~Effects() = default;
Effects::Effects(Effects&&) noexcept = default;
Effects& Effects::operator=(Effects&&) noexcept = default;

std::span<const PathWrite* const> Effects::writes() const { return impl_->writes; }
std::span<const PathRead* const> Effects::reads() const { return impl_->reads; }
std::span<const RunStep* const> Effects::starts() const { return impl_->starts; }

Content Effects::content(const Stage& stage, std::string_view path, TextSize offset) const {
  const auto moment = std::partition_point(impl_->moments.begin(), impl_->moments.end(),
                                           [offset](const Impl::Moment& m) { return m.offset < offset; });
  const FileSystem::Time time = moment == impl_->moments.end() ? FileSystem::kEnd : moment->time;
  return impl_->files[stage.index].content(path, time, nullptr);
}

Content Effects::content(const Stage& stage, std::string_view path) const {
  return impl_->files[stage.index].content(path, FileSystem::kEnd, nullptr);
}

}  // namespace dockerlint
