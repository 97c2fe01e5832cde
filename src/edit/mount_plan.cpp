// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/mount_plan.hpp"

#include "dockerlint/edit.hpp"
#include "edit/build_tree.hpp"
#include "model/paths.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace dockerlint {
namespace {

/// Whether what lies in the directory is what later commands work with, and not only what makes them faster: to
/// have it in a mount in one RUN takes it away from the next.
bool feeds_later_commands(const CacheDir& directory) {
  if (directory.kind != DirectoryKind::download) return false;
  for (const std::string_view ecosystem : {"go", "rust", "jvm", "dotnet", "elixir", "haskell", "dart", "swift"})
    if (directory.tool->ecosystem == ecosystem) return true;
  return false;
}

/// Whether the command makes something of what it has: `go build`, not `go mod download`.
bool has_product(const ToolCommand& command) {
  return !command.writes.empty() || std::any_of(command.fills.begin(), command.fills.end(), [](const CacheDir* d) {
    return d->kind == DirectoryKind::compile_cache;
  });
}

bool is_in_home(const CacheDir& directory, std::string_view path) {
  return !(directory.at.starts_with('/') && directory.at == path);
}

bool builds_on(const Stage& stage, const Stage& other) {
  for (const Stage* s = &stage; s != nullptr; s = s->parent)
    if (s == &other) return true;
  return false;
}

/// Whether one stage is built on the other.
bool is_family(const Stage& a, const Stage& b) { return builds_on(a, b) || builds_on(b, a); }

/// Whether a pattern may stand for the name.
bool may_match(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return true;
  if (name.starts_with('.') && !pattern.starts_with('.')) return false;
  const std::size_t wild = pattern.find_first_of("*?[\\");
  if (wild == pattern.npos) return name == pattern;
  if (!name.starts_with(pattern.substr(0, wild))) return false;
  name.remove_prefix(wild);
  pattern.remove_prefix(wild);
  if (pattern.front() == '*' && pattern.find_first_of("*?[\\", 1) == pattern.npos)
    return name.ends_with(pattern.substr(1));
  return true;
}

/// The name of what lies in `directory` on the way to `path` below it.
std::string_view next_name(std::string_view directory, std::string_view path) {
  path.remove_prefix(directory == "/" ? 1 : directory.size() + 1);
  return path.substr(0, path.find('/'));
}

std::string name_of(const Deletion& deletion) {
  if (deletion.pattern.empty()) return deletion.path;
  return fmt::format("{}/{}", deletion.path == "/" ? "" : deletion.path, deletion.pattern);
}

std::string_view id_of(const Mount& mount) {
  const MountOption* const id = mount.option(MountKey::id);
  return id != nullptr ? id->value : std::string_view();
}

struct NewMount {
  const CacheUse* use;
  std::string path;   // the target
  std::string value;  // of --mount
};

std::string list_of(const std::vector<std::string>& paths) {
  std::string text;
  for (std::size_t i = 0; i < paths.size(); ++i)
    text += (i == 0 ? "" : i + 1 == paths.size() ? " and " : ", ") + paths[i];
  return text;
}

}  // namespace

/// One plan.
class MountPlanner::Work {
 public:
  Work(MountPlanner& planner, const RunStep& run, std::span<const CacheUse> uses, const Mount* sibling, bool with_trees)
      : p_(planner), run_(run), sibling_(sibling), with_trees_(with_trees) {
    members_[&run] = {uses.begin(), uses.end()};
  }

  MountPlan make() {
    const bool possible = gather() && std::all_of(members_.begin(), members_.end(), [&](const auto& member) {
                            return mount(*member.first, member.second);
                          });
    if (!possible || !merge()) {
      plan_.edits.clear();
      return std::move(plan_);
    }
    for (const RunStep* run : hooks_) p_.without_hook_.insert(run);
    return std::move(plan_);
  }

 private:
  struct ByPlace {
    bool operator()(const RunStep* a, const RunStep* b) const {
      return a->instruction->range.begin < b->instruction->range.begin;
    }
  };

  bool refuse(std::string why) {
    plan_.why_not = std::move(why);
    return false;
  }
  void lower() { plan_.applicability = std::min(plan_.applicability, Applicability::unsafe); }

  static std::uint32_t line_of(const Instruction& in) { return in.first_line; }

  // --- which RUNs need the mounts ---

  bool gather() {
    std::vector<CacheUse> uses = members_[&run_];
    std::set<const CacheDir*> seen;
    for (std::size_t i = 0; i < uses.size(); ++i) {
      const CacheUse use = uses[i];
      if (!suits(use)) return false;
      if (!feeds_later_commands(*use.directory) || !seen.insert(use.directory).second) continue;
      if (!gather(use)) return false;
      // Who gets one mount gets all that it lacks: half of a set is another finding.
      for (auto& [run, own] : members_) {
        if (run == &run_ || !completed_.insert(run).second) continue;
        for (const CacheUse& more : unmounted_caches(*run, p_.catalog_)) {
          if (std::any_of(own.begin(), own.end(), [&](const CacheUse& u) { return u.path == more.path; })) continue;
          own.push_back(more);
          uses.push_back(more);
        }
      }
    }
    return true;
  }

  /// Whether a mount there can be written by us at all.
  bool suits(const CacheUse& use) {
    const CacheDir& directory = *use.directory;
    // Every project has its own, at the same path: only its author can name it.
    if (directory.at.starts_with("$PWD") || directory.platform == PlatformAdvice::required) return false;
    const auto is_another = [&](const CacheDir* other) {
      return other->tool != directory.tool && other->tool->ecosystem == "os-packages";
    };
    const auto& filled = p_.filled(*use.command->run);
    if (std::any_of(filled.begin(), filled.end(),
                    [&](const CacheUse& other) { return other.command == use.command && is_another(other.directory); }))
      return refuse("which directory it is depends on the version in the image");
    // Which one an image has is hearsay.
    const auto fills = use.use.command->fills;
    if (std::any_of(fills.begin(), fills.end(), is_another)) lower();
    if (directory.evidence == Evidence::recalled || directory.concurrency == Concurrency::unknown) lower();
    return true;
  }

  /// The other RUNs of the stages that work with what is in the directory.
  bool gather(const CacheUse& use) {
    bool product = has_product(*use.use.command);
    for (const Stage& stage : p_.model_.stages()) {
      if (!is_family(stage, *run_.stage)) continue;
      for (const RunStep& run : stage.runs) {
        if (run.on_build) continue;
        for (const RunCommand& command : run.commands)
          if (command.conditional && uses(command, *use.directory))
            return refuse(fmt::format("line {} may or may not use it", line_of(*run.instruction)));
        for (const CacheUse& other : p_.filled(run)) {
          if (other.directory != use.directory) continue;
          if (other.path != use.path) return false;
          product = product || has_product(*other.use.command);
          if (&run == &run_ || other.mount != nullptr) continue;
          auto& uses = members_[&run];
          if (std::none_of(uses.begin(), uses.end(), [&](const CacheUse& u) { return u.path == other.path; }))
            uses.push_back(other);
        }
      }
    }
    // Who fetches without building does so for somebody who comes later, and finds nothing then.
    if (!product) return refuse(fmt::format("nothing here is seen to build with what is in {}", use.path));
    for (const RunStep* start : p_.effects_.starts())
      if (is_family(*start->stage, *run_.stage))
        for (const RunCommand& command : start->commands)
          if (uses(command, *use.directory))
            return refuse(
                fmt::format("containers need {} when they start: line {}", use.path, line_of(*start->instruction)));
    if (is_toolbox()) lower();
    for (const PathWrite* write : p_.effects_.writes())
      if (write->kind == WriteKind::may && write->run != nullptr && !members_.contains(write->run) &&
          is_family(*write->stage, *run_.stage) &&
          write->range.begin > members_.begin()->first->instruction->range.begin)
        lower();  // a program that nobody knows
    return true;
  }

  /// Whether the file's image is one to work in: it has the tool, and starts a shell, or what the base image starts.
  bool is_toolbox() const {
    const Stage& last = p_.model_.stages().back();
    if (!is_family(last, *run_.stage)) return false;
    if (last.cmd == nullptr && last.entrypoint == nullptr) return true;
    for (const RunStep* start : p_.effects_.starts())
      for (const RunCommand& command : start->commands)
        for (const std::string_view shell : {"sh", "bash", "zsh", "ash", "make", "tail", "sleep"})
          if (start->stage == &last && command.program() == shell) return true;
    return false;
  }

  bool uses(const RunCommand& command, const CacheDir& directory) const {
    const auto has = [&](std::span<const CacheDir* const> all) {
      return std::find(all.begin(), all.end(), &directory) != all.end();
    };
    const auto uses = p_.catalog_.uses(command);
    return std::any_of(uses.begin(), uses.end(),
                       [&](const ToolUse& use) { return has(use.command->fills) || has(use.command->needs); });
  }

  // --- the mounts of one RUN ---

  bool mount(const RunStep& run, const std::vector<CacheUse>& uses) {
    std::vector<NewMount> mounts;
    for (const CacheUse& use : uses) {
      auto made = new_mount(use);
      if (!made) return false;
      const bool said =
          std::any_of(mounts.begin(), mounts.end(), [&](const NewMount& m) { return m.path == made->path; });
      if (!said) mounts.push_back(*std::move(made));
    }
    std::vector<std::string> values;
    for (const NewMount& mount : mounts) {
      values.push_back(mount.value);
      if (!is_free(run, mount) || !is_only_cached(run, mount) || !has_no_other_reader(run, mount)) return false;
      if (!enable(run, mount)) return false;
      if (!add_options(run, mount)) return false;
    }
    std::vector<std::string> paths;
    for (const NewMount& mount : mounts) paths.push_back(mount.path);
    const auto tree = with_trees_ ? edit::mount_build_tree(p_.model_, p_.catalog_, p_.effects_, run) : std::nullopt;
    const auto lines = tree ? edit::Lines::each : edit::Lines::as_written;
    if (tree) {
      values.push_back(tree->mount);
      paths.push_back(tree->path);
    }
    // The mounts first: what comes to stand at the same place comes behind them.
    if (!take(edit::add_mounts(document(), run, values))) return false;
    if (!keep_what_is_there(run, paths) || !link_lock(run, mounts, lines)) return false;
    if (plan_.title.empty()) plan_.title = fmt::format("mount {}", list_of(paths));
    if (tree && !tree->copy_out.empty()) {
      if (&run == &run_) plan_.title += fmt::format(", and copy what is built to {}", tree->destination);
      if (!take(tree->copy_out)) return false;
    }
    return remove_hook(run, mounts);
  }

  std::optional<NewMount> new_mount(const CacheUse& use) {
    NewMount made{&use, use.path, {}};
    if (const Mount* other = p_.mounted_elsewhere(use)) {
      const bool fits = !other->uid || (*other->uid == 0 && use.command->user->is_root() == true);
      const bool plain = other->flag->value.text().find('$') == std::string_view::npos;
      if (plain && fits && use.command->user->is_root() != false) {
        made.path = std::string(*other->target);
        made.value = copy_of(*other);
        return made.value.empty() ? std::nullopt : std::optional(std::move(made));
      }
      // The same id with another owner is another cache.
      const bool owned = other->option(MountKey::uid) != nullptr || other->option(MountKey::gid) != nullptr;
      if (owned && *other->target == use.path && other->option(MountKey::id) == nullptr) return std::nullopt;
    }
    made.value = fmt::format("type=cache,target={}", use.path);
    if (use.directory->concurrency == Concurrency::serialised) made.value += ",sharing=shared";  // see link_lock()
    else if (use.directory->sharing() == Sharing::locked) made.value += ",sharing=locked";
    else if (sibling_ != nullptr && sibling_->sharing == Sharing::shared) made.value += ",sharing=shared";
    return owned(use, made) ? std::optional(std::move(made)) : std::nullopt;
  }

  /// What a mount of another RUN says, without what is to be found fault with there: each option once, and how builds
  /// share the cache. Not that it is read-only: this RUN fills it. Nothing where it cannot be said again.
  std::string copy_of(const Mount& mount) const {
    if (mount.flag->value.text().find_first_of("\"'\\") != std::string_view::npos) return {};
    const MountOption* const target = mount.option(MountKey::target);
    if (target == nullptr || !is_absolute(target->value)) return {};  // this RUN may be in another directory
    const CacheDir& directory = *p_.catalog_.directory_at(*mount.target);
    // A lock for nothing is put right, or wanted, where it stands.
    if (mount.sharing == Sharing::locked && directory.concurrency == Concurrency::safe) return {};
    const bool free = directory.sharing() == Sharing::shared || directory.concurrency == Concurrency::serialised;
    std::string value;
    for (const MountOption& option : mount.options) {
      if (option.key == MountKey::readonly || option.key == MountKey::readwrite) continue;
      if (mount.option(option.key) != &option) continue;
      if (option.key == MountKey::sharing && mount.sharing == Sharing::shared && !free) continue;
      if (!value.empty()) value += ',';
      value += option.name;
      if (option.has_value) value.append("=").append(option.value);
    }
    if (!free && mount.sharing.value_or(Sharing::shared) == Sharing::shared) value += ",sharing=locked";
    else if (mount.option(MountKey::sharing) == nullptr && directory.concurrency != Concurrency::serialised)
      value += ",sharing=shared";
    return value;
  }

  /// Adds who owns the directory. A path that needs quotes is not written.
  bool owned(const CacheUse& use, NewMount& made) {
    if (made.path.find_first_of(", \t\"'\\$`") != std::string::npos) return false;
    const bool in_home = is_in_home(*use.directory, use.path);
    // Of another user: the directories above the mount point are made by root, and stay in the image.
    if (in_home && use.command->user->is_root() != true) lower();
    if (sibling_ != nullptr) {
      for (const MountOption& option : sibling_->options) {
        if (option.key == MountKey::id || option.key == MountKey::from || option.key == MountKey::source) return false;
        if (option.key != MountKey::uid && option.key != MountKey::gid && option.key != MountKey::mode) continue;
        made.value += fmt::format(",{}={}", option.name, option.value);
      }
      return true;
    }
    if (!in_home) {
      const bool as_root = use.command->user->is_root() != false || !use.command->wrappers.empty();
      return as_root;
    }
    const auto is_root = use.command->user->is_root();
    if (is_root == true) return true;
    const User& user = *use.command->user;
    if (!is_root || !user.uid || !user.gid) return false;
    made.value += fmt::format(",uid={},gid={}", *user.uid, *user.gid);
    return true;
  }

  /// A lock would hold up whole compilations: cargo's own, linked into the mount of its registry, does not.
  bool link_lock(const RunStep& run, const std::vector<NewMount>& mounts, edit::Lines lines) {
    const NewMount* registry = nullptr;
    bool wanted = false;
    for (const NewMount& mount : mounts) {
      const CacheDir& directory = *mount.use->directory;
      if (directory.concurrency != Concurrency::serialised) continue;
      wanted = true;
      if (mount.value.find("sharing=shared") == mount.value.npos) return false;  // as another RUN has it, locked
      if (directory.tool->name == "cargo" && directory.name == "registry") registry = &mount;
    }
    if (!wanted || p_.model_.scripts_have(run, ".package-cache")) return true;
    if (registry == nullptr || !registry->path.ends_with("/registry"))
      return refuse("the mounts need a lock that holds up whole compilations, unless cargo's is linked into them");
    std::string home = registry->path.substr(0, registry->path.rfind('/'));
    // The link stays in the layer, for all that is built on it.
    for (const auto& [earlier, where] : linked_)
      if (where == home && builds_on(*run.stage, *earlier->stage)) return true;
    linked_.emplace_back(&run, home);
    return take(edit::prepend_command(document(), run,
                                      fmt::format("ln -sf registry/.package-cache {}/.package-cache", home), lines));
  }

  /// Whether the mount hides nothing that somebody has put there.
  bool is_free(const RunStep& run, const NewMount& mount) {
    const Content content = p_.effects_.content(*run.stage, mount.path, run.instruction->range.begin);
    using Where = Content::Where;
    if (content.where != Where::layer && content.where != Where::context) return true;
    const PathWrite* const write = content.write;
    if (write == nullptr || write->tool != nullptr || write->instruction == run.instruction) return true;
    // `COPY . /root` is not expected to bring a cache; a copy from a stage may bring what the stage has.
    if (!lies_in(write->path, mount.path) && !brings_along(*write, mount.path)) return true;
    return refuse(
        fmt::format("a mount would hide what line {} puts into {}", line_of(*write->instruction), mount.path));
  }

  /// Whether the RUN itself puts no file there, beside what its tools do: settings, a credential. It would go from the
  /// image into the cache.
  bool is_only_cached(const RunStep& run, const NewMount& mount) {
    for (const PathWrite* write : p_.effects_.writes()) {
      if (write->run != &run || write->tool != nullptr || write->path == mount.path) continue;
      if (write->kind != WriteKind::file && write->kind != WriteKind::tree) continue;
      if (!lies_in(write->path, mount.path) || write->command == nullptr || write->command->program() == "mkdir")
        continue;
      return refuse(
          fmt::format("`{}` puts {} there, which is not for the cache", write->command->program(), write->path));
    }
    return true;
  }

  /// Whether a tree that is copied from another stage has something at the path.
  bool brings_along(const PathWrite& write, std::string_view path) const {
    if (write.from == nullptr) return false;
    std::string there(write.from_path == "/" ? "" : write.from_path);
    there += path.substr(write.path == "/" ? 0 : write.path.size());
    const Content content = p_.effects_.content(*write.from, there);
    return content.where == Content::Where::layer || content.where == Content::Where::context;
  }

  /// Whether the RUN's own commands have filled the directory before this one reads it: a cache may be empty.
  bool fills_before(const PathRead& read, const CacheDir& directory) {
    const auto& filled = p_.filled(*read.run);
    return std::any_of(filled.begin(), filled.end(),
                       [&](const CacheUse& use) { return use.directory == &directory && use.command < read.command; });
  }

  bool has_no_other_reader(const RunStep& run, const NewMount& mount) {
    for (const PathRead* read : p_.effects_.reads()) {
      if (read->from == nullptr || !builds_on(*read->from, *run.stage)) continue;
      const bool inside = lies_in(read->path, mount.path);
      if (!inside && !(read->tree && lies_in(mount.path, read->path))) continue;
      if (read->directory != nullptr && read->run != nullptr) {
        if (read->run != &run && read->range.begin < run.instruction->range.begin) continue;
        if (fills_before(*read, *read->directory)) continue;
        if (inside)
          return refuse(fmt::format("line {} needs what is in {}, and a cache may be empty at any time",
                                    line_of(*read->instruction), mount.path));
        continue;
      }
      if (read->run == &run || read->tolerant) continue;
      if (read->kind == ReadKind::run && read->range.begin < run.instruction->range.begin) continue;
      if (read->kind == ReadKind::run && !inside) continue;
      return refuse(fmt::format("line {} reads {}", line_of(*read->instruction), read->path));
    }
    return true;
  }

  /// Takes out the options that turn the cache off.
  bool enable(const RunStep& run, const NewMount& mount) {
    for (const CacheUse& use : p_.filled(run)) {
      if (use.directory != mount.use->directory && !lies_in(use.path, mount.path)) continue;
      const auto defeated = p_.catalog_.defeated(*use.directory, *use.command);
      if (!defeated) continue;
      if (const auto name = variable_against(*defeated->defeat, *use.command); !name.empty())
        return refuse(fmt::format("`{}` turns the cache off", name));
      const CommandWord& flag = *defeated->flag;
      if (!defeated->defeat->fix || flag.value() != flag.text() || use.command->around != nullptr) return false;
      plan_.applicability = std::min(plan_.applicability, *defeated->defeat->fix);
      // What apk is told instead of --no-cache: to fetch a new index, and to keep what it fetches.
      const Companion* const option = option_with(*use.directory);
      if (option != nullptr && use.directory->tool->name == "apk" && !is_told(*use.command, *option)) {
        plan_.edits.push_back({flag.range(), std::string(option->flag)});
        told_.insert(use.command);
      } else if (!take(edit::remove_word(document(), *use.command->syntax, flag.range()))) {
        return false;
      }
    }
    return true;
  }

  /// An option that goes with the mounted directory.
  static const Companion* option_with(const CacheDir& directory) {
    for (const Companion& companion : directory.tool->companions)
      for (const CacheDir* of : companion.directories)
        if (of == &directory && !companion.flag.empty()) return &companion;
    return nullptr;
  }

  /// Whether the command has the option, or something that does the same.
  bool is_told(const RunCommand& command, const Companion& option) const {
    constexpr std::string_view kSetting = "--setopt=";
    if (option.flag.starts_with(kSetting)) {
      const std::string_view setting = option.flag.substr(kSetting.size());
      return p_.model_.scripts_have(*command.run, setting.substr(0, setting.find('=')));  // in a configuration, too
    }
    if (script_has(document(), *command.run, "apk update")) return true;
    return std::any_of(command.words.begin(), command.words.end(), [&](const CommandWord& word) {
      return word.value() == option.flag || word.value() == "-U" || word.value() == "--update";
    });
  }

  /// Gives the commands the options without which little is kept: `--setopt=keepcache=1`.
  bool add_options(const RunStep& run, const NewMount& mount) {
    const CacheDir& directory = *mount.use->directory;
    if (directory.tool->ecosystem != "os-packages") return true;
    const Companion* const option = option_with(directory);
    // The mount point stays in the image, and there apk goes on keeping packages.
    if (directory.tool->name == "apk") lower();
    if (option == nullptr) return true;
    for (const CacheUse& use : p_.filled(run)) {
      if (use.directory != &directory || is_told(*use.command, *option) || !told_.insert(use.command).second) continue;
      const auto words = use.command->words;
      const std::size_t last = std::min(use.use.first_argument, words.size()) - 1;
      if (use.command->around != nullptr || !use.command->syntax->range.contains(words[last].range())) return false;
      if (!take({{TextRange::at(words[last].range().end), fmt::format(" {}", option->flag)}})) return false;
    }
    return true;
  }

  // --- what would empty the mounts ---

  /// Whether the deletion concerns the new mount, and so must go; nothing when it cannot stay and cannot go.
  std::optional<bool> concerns(const Deletion& deletion, std::string_view mount) const {
    if (lies_in(deletion.path, mount)) {
      if (deletion.directory != nullptr || deletion.path == mount) return true;
      const CacheDir* const known = p_.catalog_.directory_at(deletion.path);
      return known != nullptr && is_disposable(*known);
    }
    if (!lies_in(mount, deletion.path)) return false;
    if (deletion.directory != nullptr) return true;
    if (!may_match(deletion.pattern, next_name(deletion.path, mount))) return false;
    return std::nullopt;
  }

  bool keep_what_is_there(const RunStep& run, const std::vector<std::string>& mounts) {
    std::map<const RunCommand*, std::vector<const CommandWord*>> going;
    for (const Deletion& deletion : deletions(run, p_.catalog_)) {
      for (const std::string& mount : mounts) {
        const auto concerned = concerns(deletion, mount);
        if (!concerned)
          return refuse(fmt::format("the RUN deletes {}, which a mount in it does not allow", name_of(deletion)));
        if (!*concerned) continue;
        if (deletion.command->conditional || deletion.command->around != nullptr) return false;
        auto& words = going[deletion.command];
        if (std::find(words.begin(), words.end(), deletion.word) == words.end()) words.push_back(deletion.word);
      }
    }
    return std::all_of(going.begin(), going.end(), [&](const auto& g) { return remove(*g.first, g.second); });
  }

  bool remove(const RunCommand& command, const std::vector<const CommandWord*>& words) {
    std::size_t operands = 0;
    for (const CommandWord& word : command.words.subspan(1))
      if (!word.text().starts_with('-')) ++operands;
    if (words.front() == nullptr || words.size() == operands)
      return take(edit::remove_command(*command.run, *command.syntax));
    return std::all_of(words.begin(), words.end(), [&](const CommandWord* word) {
      if (command.is_one_of_several(*word)) return refuse(fmt::format("`{}` is more than one path", word->text()));
      return take(edit::remove_word(document(), *command.syntax, word->range()));
    });
  }

  bool remove_hook(const RunStep& run, const std::vector<NewMount>& mounts) {
    const auto apt = std::find_if(mounts.begin(), mounts.end(), [](const NewMount& mount) {
      return mount.use->directory->tool->name == "apt" && mount.use->directory->kind == DirectoryKind::download;
    });
    if (apt == mounts.end() || !docker_clean_deletes(p_.model_, run)) return true;
    for (const RunStep* earlier : p_.without_hook_)
      if (builds_on(*run.stage, *earlier->stage) && earlier->instruction->range.begin < run.instruction->range.begin)
        return true;
    const RunCommand& command = *apt->use->command;
    if (command.user->is_root() == false || !command.wrappers.empty()) return true;
    hooks_.push_back(&run);
    return take(edit::prepend_commands(document(), run, edit::remove_docker_clean(command.program() == "apt")));
  }

  // --- edits ---

  const Document& document() const { return p_.model_.document(); }

  bool take(std::vector<TextEdit> edits) {
    if (edits.empty()) return false;
    for (TextEdit& edit : edits) {
      if (!edit.range.empty() && document().has_comment(edit.range)) return false;
      plan_.edits.push_back(std::move(edit));
    }
    return true;
  }

  /// Puts the edits in order; what comes at one place into one. False when two want the same bytes.
  bool merge() {
    auto& edits = plan_.edits;
    // What is put somewhere comes in front of what stands there, and may go.
    std::stable_sort(edits.begin(), edits.end(), [](const TextEdit& a, const TextEdit& b) {
      return std::pair(a.range.begin, a.range.end) < std::pair(b.range.begin, b.range.end);
    });
    std::vector<TextEdit> merged;
    for (TextEdit& edit : edits) {
      if (!merged.empty() && merged.back() == edit) continue;
      if (!merged.empty() && merged.back().range == TextRange::at(edit.range.begin)) {
        merged.back().range = edit.range;
        merged.back().text += edit.text;
      } else if (!merged.empty() && edit.range.begin < merged.back().range.end) {
        return false;
      } else {
        merged.push_back(std::move(edit));
      }
    }
    edits = std::move(merged);
    return !edits.empty();
  }

  MountPlanner& p_;
  const RunStep& run_;
  const Mount* sibling_;
  bool with_trees_;
  std::map<const RunStep*, std::vector<CacheUse>, ByPlace> members_;
  std::set<const RunStep*> completed_;
  std::set<const RunCommand*> told_;  // commands that have the option of their directory
  std::vector<const RunStep*> hooks_;
  std::vector<std::pair<const RunStep*, std::string>> linked_;  // cargo's lock, in which home
  MountPlan plan_;
};

const std::vector<CacheUse>& MountPlanner::filled(const RunStep& run) {
  const auto [it, is_new] = filled_.try_emplace(&run);
  if (is_new) it->second = filled_caches(run, catalog_);
  return it->second;
}

const Mount* MountPlanner::mounted_elsewhere(const CacheUse& use) {
  if (!std::exchange(targets_known_, true))
    for (const Stage& stage : model_.stages())
      for (const RunStep& run : stage.runs)
        for (const Mount& mount : run.mounts)
          if (mount.is(MountType::cache) && mount.target) {
            // Where the file gives it several ids, each for something else, nobody knows which one is meant.
            const auto [it, is_new] = targets_.emplace(*mount.target, &mount);
            if (!is_new && it->second != nullptr && id_of(*it->second) != id_of(mount)) it->second = nullptr;
          }
  std::string_view path = use.path;
  while (path.size() > 1) {
    const auto found = targets_.find(path);
    if (found != targets_.end()) {
      const CacheDir* const known = catalog_.directory_at(path);
      const bool fits = known != nullptr && known->tool == use.directory->tool && known->mount != MountAdvice::no;
      return fits ? found->second : nullptr;
    }
    path = path.substr(0, path.rfind('/'));
  }
  return nullptr;
}

bool MountPlanner::is_too_large() {
  // Each plan looks at all that the file does. What decides must not change with the fixes.
  constexpr std::size_t kMostCommands = 1000;
  if (commands_ == 0)
    for (const Stage& stage : model_.stages())
      for (const RunStep& run : stage.runs) commands_ += run.commands.size() + 1;
  return commands_ > kMostCommands;
}

MountPlan MountPlanner::plan(const RunStep& run, std::span<const CacheUse> uses, const Mount* sibling) {
  if (is_too_large()) return {};
  const bool builds = sibling == nullptr && std::any_of(uses.begin(), uses.end(), [](const CacheUse& use) {
                        return use.directory->tool->name == "cargo";
                      });
  MountPlan plan = Work(*this, run, uses, sibling, builds).make();
  // What is built may stay where it is, and the downloads be kept all the same.
  if (builds && plan.edits.empty()) return Work(*this, run, uses, sibling, false).make();
  return plan;
}

}  // namespace dockerlint
