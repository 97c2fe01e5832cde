// SPDX-License-Identifier: Apache-2.0
#include "edit/build_tree.hpp"

#include "dockerlint/builds.hpp"
#include "dockerlint/cache_use.hpp"
#include "dockerlint/copy_out.hpp"
#include "dockerlint/directory_use.hpp"
#include "model/paths.hpp"

#include <algorithm>
#include <array>

namespace dockerlint::edit {
namespace {

using Readers = std::vector<const PathRead*>;  // of one path

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& all) {
  return std::find(all.begin(), all.end(), name) != all.end();
}

std::string_view without_slash(std::string_view path) {
  return path.size() > 1 && path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
}

bool is_family(const Stage& a, const Stage& b) { return is_built_on(a, b) || is_built_on(b, a); }

/// Names that many projects give their program: with one of these as its id, a cache would be everybody's.
constexpr auto kCommonNames = std::to_array<std::string_view>(
    {"agent",   "api",   "app",     "backend",  "bin",     "bot",     "builder", "cli",  "client", "core",
     "daemon",  "demo",  "example", "frontend", "gateway", "hello",   "indexer", "main", "node",   "program",
     "project", "proxy", "runner",  "rust",     "server",  "service", "test",    "tool", "web",    "worker"});

/// Programs that take files out of the tree, and leave it as it is.
constexpr auto kTakers = std::to_array<std::string_view>({"cp", "install", "mv", "objcopy", "strip", "tar"});

/// `cargo build` and what is like it: their products are what is wanted.
bool makes_programs(const RunCommand& command) {
  const std::string_view run = command.word(1).starts_with('+') ? command.word(2) : command.word(1);
  return command.program() == "cargo" && !command.more_words && (run == "build" || run == "b" || run == "rustc");
}

bool asks_for_platform(const Document& document) {
  const std::string_view bytes = document.source().bytes();
  for (const std::string_view name : {"TARGETARCH", "PLATFORM"})
    for (std::size_t at = bytes.find(name); at != bytes.npos; at = bytes.find(name, at + 1)) {
      const auto begin = static_cast<TextSize>(at);
      if (!document.has_comment({begin, begin + static_cast<TextSize>(name.size())})) return true;
    }
  return false;
}

class Search {
 public:
  Search(const Model& model, const Catalog& catalog, const Effects& effects, const RunStep& run)
      : model_(model), catalog_(catalog), effects_(effects), run_(run) {}

  std::optional<BuildTree> find() {
    if (run_.on_build || run_.before.user.is_root() != true) return std::nullopt;
    if (!choose_tree() || !is_ours() || depends_on_argument() || !gather_readers() || !is_not_started() ||
        !is_not_named())
      return std::nullopt;
    if (readers_.empty() && taken_.empty()) return std::nullopt;  // nothing shows that the product leaves the tree
    const std::string id = this->id();
    if (id.empty()) return std::nullopt;
    BuildTree tree{path_, "type=cache,id=" + id + ",target=" + path_ + ",sharing=locked", {}, {}};
    if (readers_.empty()) return tree;
    CopyOut out = copy_out_together(model_, effects_, readers_, Lines::each);
    if (out.edits.empty()) return std::nullopt;
    tree.copy_out = std::move(out.edits);
    tree.destination = std::move(out.destination);
    return tree;
  }

 private:
  /// All cargo commands of the RUN work in one tree, and one of them builds.
  bool choose_tree() {
    for (const DirectoryUse& use : catalog_.directory_uses(run_)) {
      if (use.directory->kind != DirectoryKind::build_output || use.action == DirectoryAction::empties) continue;
      if (use.directory->tool->name != "cargo" || !use.place.known || use.command->conditional) return false;
      if (!path_.empty() && use.place.path != path_) return false;
      path_ = use.place.path;
      if (build_.command == nullptr && makes_programs(*use.command)) build_ = {nullptr, use.command, use.directory};
    }
    if (build_.command == nullptr || path_.find_first_of(", \t\"'\\$`") != path_.npos) return false;
    if (path_ == "/" || build_.command->words.empty()) return false;
    return std::none_of(run_.mounts.begin(), run_.mounts.end(), [&](const Mount& mount) {
      return !mount.target || lies_in(*mount.target, path_) || lies_in(path_, *mount.target);
    });
  }

  /// Nobody else has anything there, and the sources are the context's, with time stamps of their own.
  bool is_ours() const {
    for (const PathWrite* const write : effects_.writes()) {
      if (write->run == &run_ || !is_family(*write->stage, *run_.stage)) continue;
      const bool later = write->range.begin > run_.instruction->range.end;
      if (write->kind == WriteKind::may && later) return false;  // who knows what it looks for
      if (lies_in(write->path, path_) && !(write->kind == WriteKind::removal && later)) return false;
    }
    for (const Deletion& deletion : deletions(run_, catalog_))
      if ((lies_in(deletion.path, path_) || lies_in(path_, deletion.path)) &&
          (deletion.path != path_ || deletion.command->conditional || deletion.command->around != nullptr ||
           (!deletion.pattern.empty() && deletion.directory == nullptr)))
        return false;
    return sources_are_of_context();
  }

  /// Archives and other stages may bring files that are older than what was built of their predecessors: cargo, which
  /// goes by time stamps, would not build them.
  bool sources_are_of_context() const {
    const Value& workdir = build_.command->workdir;
    if (!workdir) return false;
    const auto meets = [&](std::string_view path) { return lies_in(path, *workdir) || lies_in(*workdir, path); };
    bool brought = std::any_of(run_.mounts.begin(), run_.mounts.end(), [&](const Mount& mount) {
      return mount.is(MountType::bind) && mount.option(MountKey::from) == nullptr && meets(*mount.target);
    });
    for (const Stage* stage = run_.stage; stage != nullptr; stage = stage->parent)
      for (const CopyStep& copy : stage->copies) {
        if (!copy.destination) return false;
        if (copy.instruction->range.begin > run_.instruction->range.begin || !meets(without_slash(*copy.destination)))
          continue;
        if (copy.instruction->kind == InstructionKind::add || copy.instruction->flag("from") != nullptr) return false;
        brought = true;
      }
    const auto writes = effects_.writes();
    return brought && std::none_of(writes.begin(), writes.end(), [&](const PathWrite* write) {
             return write->kind == WriteKind::context && write->run != nullptr &&
                    is_family(*write->stage, *run_.stage) && meets(write->path);
           });
  }

  /// A build script that puts the value of an argument into the program need not notice that it has changed.
  bool depends_on_argument() const {
    constexpr auto kHarmless = std::to_array<std::string_view>(
        {"TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT", "BUILDPLATFORM", "BUILDOS", "BUILDARCH",
         "DEBIAN_FRONTEND", "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"});
    const std::string_view selecting = selecting_argument(build_);
    for (const Stage* stage = run_.stage; stage != nullptr; stage = stage->parent)
      for (const Instruction& in : stage->instructions) {
        if (in.kind != InstructionKind::arg || in.range.begin > run_.instruction->range.begin) continue;
        for (const Assignment& declared : in.assignments) {
          const std::string_view name = declared.name.text;
          // On the command line of cargo it is one of the things that cargo looks at.
          if (name == selecting || is_one_of(name, kHarmless)) continue;
          if (run_.script_text.text().find(name) == std::string_view::npos) return true;
        }
      }
    return false;
  }

  bool gather_readers() {
    for (const PathRead* const read : effects_.reads()) {
      if (read->from == nullptr || !is_built_on(*read->from, *run_.stage)) continue;
      const bool inside = lies_in(read->path, path_);
      if (!inside && !(read->tree && lies_in(path_, read->path))) continue;
      if (read->run == &run_ && read->from == run_.stage) {
        if (inside && read->command != nullptr && is_one_of(read->command->program(), kTakers) && read->path != path_)
          taken_.push_back(read->path);
        continue;
      }
      if (read->kind == ReadKind::run && read->range.begin < run_.instruction->range.begin) continue;
      if (!inside || read->path == path_ || read->tolerant || !read->certain || read->directory != nullptr)
        return false;
      if (read->content.write == nullptr || read->content.write->run != &run_) return false;
      const auto same = std::find_if(readers_.begin(), readers_.end(),
                                     [&](const Readers& readers) { return readers.front()->path == read->path; });
      if (same != readers_.end()) same->push_back(read);
      else readers_.push_back({read});
    }
    return !has_unknown_reader();
  }

  /// Somebody who copies from these stages, or mounts them, and does not say what.
  bool has_unknown_reader() const {
    for (const Stage& stage : model_.stages()) {
      for (const CopyStep& copy : stage.copies) {
        const bool known =
            std::all_of(copy.sources.begin(), copy.sources.end(), [](const Value& s) { return s.has_value(); });
        if (copy.from != nullptr ? is_built_on(*copy.from, *run_.stage) && !known
                                 : copy.instruction->flag("from") != nullptr && !copy.from_image)
          return true;
      }
      for (const RunStep& other : stage.runs)
        for (const Mount& mount : other.mounts) {
          const MountOption* const source = mount.option(MountKey::source);
          if (mount.option(MountKey::from) == nullptr) continue;
          if (!mount.from || (source != nullptr && !source->expanded)) return true;
          const Stage* const from = model_.stage(*mount.from);
          if (source == nullptr && from != nullptr && is_built_on(*from, *run_.stage)) return true;
        }
    }
    return false;
  }

  /// What the images of these stages start is in the tree, under a name that is changed with it, or there is nothing.
  bool is_not_started() const {
    for (const RunStep* const start : effects_.starts()) {
      if (!is_built_on(*start->stage, *run_.stage)) continue;
      for (const RunCommand& command : start->commands) {
        const bool named = std::any_of(readers_.begin(), readers_.end(), [&](const Readers& readers) {
          return std::any_of(readers.begin(), readers.end(), [&](const PathRead* r) { return r->command == &command; });
        });
        if (!named) return false;
      }
      if (start->commands.empty()) return false;
    }
    const Stage& last = model_.stages().back();
    return !is_built_on(last, *run_.stage) || last.cmd != nullptr || last.entrypoint != nullptr;
  }

  /// No variable of these stages names the tree: a program may read it.
  bool is_not_named() const {
    const std::string part = std::string(base_name(path_)) + '/';
    for (const Stage& stage : model_.stages()) {
      if (!is_family(stage, *run_.stage)) continue;
      for (const Instruction& in : stage.instructions)
        if (in.kind == InstructionKind::env || in.kind == InstructionKind::onbuild ||
            in.kind == InstructionKind::volume)
          if (in.body.text().find(part) != std::string_view::npos) return false;
    }
    return true;
  }

  /// An id that is this project's, of this build alone. Empty where nothing gives it a name.
  std::string id() const {
    std::string_view name = base_name(readers_.empty() ? taken_.front() : readers_.front().front()->path);
    name = name.substr(0, name.find('.'));
    if (name.empty() || is_one_of(name, kCommonNames)) return {};
    if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != name.npos)
      return {};
    std::string id = std::string(name) + "-target";
    for (const Cache& cache : model_.caches())
      for (const Mount* const mount : cache.mounts)
        if (mount->option(MountKey::id) != nullptr && mount->option(MountKey::id)->value.starts_with(id)) return {};
    // An argument that selects what is built makes a cache of each of its values.
    if (const std::string_view argument = selecting_argument(build_); !argument.empty())
      id.append("-${").append(argument).append("}");
    if (!asks_for_platform(model_.document())) return id;
    if (declaration_of("TARGETARCH", *run_.stage, run_.instruction->range.begin) == nullptr) return {};
    return id + "-${TARGETARCH}";
  }

  const Model& model_;
  const Catalog& catalog_;
  const Effects& effects_;
  const RunStep& run_;
  MountedBuild build_;
  std::string path_;
  std::vector<Readers> readers_;
  std::vector<std::string_view> taken_;  // by commands of the RUN itself
};

}  // namespace

std::optional<BuildTree> mount_build_tree(const Model& model, const Catalog& catalog, const Effects& effects,
                                          const RunStep& run) {
  return Search(model, catalog, effects, run).find();
}

}  // namespace dockerlint::edit
