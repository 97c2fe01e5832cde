// SPDX-License-Identifier: Apache-2.0
// What the builds of one Dockerfile do with caches.

#include "dockerlint/builds.hpp"
#include "dockerlint/cache_use.hpp"
#include "dockerlint/declarations.hpp"
#include "dockerlint/directory_use.hpp"
#include "dockerlint/effects.hpp"
#include "dockerlint/project_caches.hpp"
#include "effects/build_sources.hpp"
#include "model/paths.hpp"

#include <algorithm>
#include <functional>

namespace dockerlint {
namespace {

constexpr std::size_t kMostVariants = 64;  // of one Dockerfile: each is a model of its own

/// By index: the stages that a build of `target` needs, through what they are built on and what they copy.
std::vector<bool> reached_stages(const Model& model, const Stage& target) {
  std::vector<bool> reached(model.stages().size());
  std::vector<const Stage*> waiting{&target};
  const auto visit = [&](const Stage* stage) {
    if (stage == nullptr || reached[stage->index]) return;
    reached[stage->index] = true;
    waiting.push_back(stage);
  };
  reached[target.index] = true;
  while (!waiting.empty()) {
    const Stage& stage = *waiting.back();
    waiting.pop_back();
    visit(stage.parent);
    for (const CopyStep& copy : stage.copies) visit(copy.from);
    for (const RunStep& run : stage.runs)
      for (const Mount& mount : run.mounts)
        if (mount.valid && mount.from && !mount.from->empty()) {
          const Stage* const from = model.stage(*mount.from);
          if (from != nullptr && from->index < stage.index) visit(from);
        }
  }
  return reached;
}

/// All stages where the target is not known, or where somebody may ask for any: nobody says how it is built.
std::vector<bool> reached_by(const Build* build, const Model& model) {
  const std::vector<bool> all(model.stages().size(), true);
  if (build == nullptr || build->defined_by == DefinedBy::dockerfile || model.stages().empty()) return all;
  if (!build->target) return reached_stages(model, model.stages().back());
  if (!build->target->known()) return all;
  const Stage* const target = model.stage(*build->target->text);
  return target == nullptr ? all : reached_stages(model, *target);
}

bool has_cache_mounts(const Document& document) {
  for (const Instruction& in : document.instructions())
    if (in.kind == InstructionKind::run && in.flag("mount") != nullptr) return true;
  return false;
}

/// The stage's image and the facts on it, through the stages that it is built on.
std::string base_of(const Stage& stage) {
  const Stage* below = &stage;
  for (int count = 0; below->parent != nullptr && count < 100; ++count) below = below->parent;
  return std::string(below->base.value_or(""));
}

std::string shown_command(const RunCommand& command, std::string_view run = {}) {
  std::string name(command.program());
  if (!run.empty() && run != "*") (name += ' ') += run;
  return name;
}

void add_new(std::vector<std::string>& names, std::string name) {
  constexpr std::size_t kMost = 8;
  if (!name.empty() && names.size() < kMost && std::find(names.begin(), names.end(), name) == names.end())
    names.push_back(std::move(name));
}

/// Whether a word of the command names something in the mount.
bool names_something_in(const RunCommand& command, std::string_view target) {
  return std::any_of(command.words.begin(), command.words.end(), [&](const CommandWord& word) {
    const Value value = word.value();
    if (!value || value->empty() || &word == command.words.data()) return false;
    if (is_absolute(*value)) return lies_in(clean_path(*value), target);
    return command.workdir && value->find('/') != value->npos && lies_in(join_path(*command.workdir, *value), target);
  });
}

class Summary {
 public:
  Summary(const Model& model, const Catalog& catalog, std::string_view context)
      : model_(model), catalog_(catalog), context_(context), native_(native_stages(model)), emptying_(catalog) {
    for (const MountedBuild& build : mounted_builds(model, catalog)) builds_.try_emplace(build.mount, build);
  }

  std::vector<CacheUser> users() {
    std::vector<CacheUser> users;
    for (const Stage& stage : model_.stages())
      for (const RunStep& run : stage.runs) {
        if (run.on_build) continue;
        for (const Mount& mount : run.mounts)
          if (mount.is(MountType::cache)) users.push_back(user(mount));
      }
    return users;
  }

 private:
  CacheUser user(const Mount& mount) {
    const RunStep& run = *mount.run;
    CacheUser user;
    user.mount = mount.flag->range.begin;
    user.run = run.instruction->range.begin;
    user.at = model_.document().source().line_column(user.mount);
    identify(mount, user);
    if (mount.target) user.target = *mount.target;
    user.says_mode = mount.option(MountKey::sharing) != nullptr;
    user.mode = user.says_mode ? mount.sharing : Sharing::shared;
    user.uid = mount.uid;
    user.gid = mount.gid;
    user.owner_mode = mount.mode;
    user.based = mount.option(MountKey::from) != nullptr || mount.option(MountKey::source) != nullptr;
    user.empties = emptying_.contains(run);
    user.stage = run.stage->index;
    const Stage* below = run.stage->parent;
    for (int count = 0; below != nullptr && count < 100; ++count, below = below->parent)
      user.below.push_back(below->index);
    user.stage_name = run.stage->name;
    user.base = base_of(*run.stage);
    user.image = run.stage->image_facts;
    user.user = run.before.user.uid;
    user.native = native_[run.stage->index];
    user.cache = catalog_.cache_of(mount);
    if (mount.target) user.directory = catalog_.directory_at(*mount.target);
    if (const auto build = builds_.find(&mount); build != builds_.end()) add_build(build->second, user);
    add_commands(mount, user);
    return user;
  }

  static void identify(const Mount& mount, CacheUser& user) {
    const MountOption* const id = mount.option(MountKey::id);
    user.named = id != nullptr && !id->value.empty();
    user.id_known = mount.id.has_value();
    if (mount.id) user.id = *mount.id;
    else if (id != nullptr) user.id = id->value;
    user.plain = true;
    for (const MountKey key : {MountKey::id, MountKey::target, MountKey::sharing, MountKey::uid, MountKey::gid,
                               MountKey::mode, MountKey::from, MountKey::source}) {
      const MountOption* const option = mount.option(key);
      if (option == nullptr) continue;
      if (option->value.find('$') != std::string_view::npos) user.plain = false;
      if (!option->expanded) user.owned_by_variable = true;
    }
  }

  void add_build(const MountedBuild& build, CacheUser& user) {
    user.builds = true;
    if (user.directory == nullptr) user.directory = build.output;
    Sources sources = sources_of(build);
    user.sources_known = sources.known;
    for (std::string& root : sources.roots) {
      const bool of_context = root.find(':') == std::string::npos;
      if (of_context && !context_.empty()) root = root.empty() ? context_ : join_path(context_, root);
      user.sources.push_back(std::move(root));
    }
  }

  void add_commands(const Mount& mount, CacheUser& user) {
    const RunStep& run = *mount.run;
    std::vector<const RunCommand*> known;
    for (const DirectoryUse& use : catalog_.directory_uses(run)) {
      if (use.place.path.empty() || covering_mount(run, use.place.path) != &mount) continue;
      known.push_back(use.command);
      if (use.is_written()) add_new(user.fills, shown_command(*use.command, use.use.run));
      else if (use.action == DirectoryAction::needs) add_new(user.reads, shown_command(*use.command, use.use.run));
    }
    if (!mount.target) return;
    for (const RunCommand& command : run.commands) {
      if (command.words.empty() || std::find(known.begin(), known.end(), &command) != known.end()) continue;
      if (names_something_in(command, *mount.target)) add_new(user.reads, shown_command(command));
    }
  }

  const Model& model_;
  const Catalog& catalog_;
  std::string context_;
  std::vector<bool> native_;
  EmptyingRuns emptying_;
  std::map<const Mount*, MountedBuild> builds_;
};

/// What makes two builds of a Dockerfile one variant.
struct Input {
  std::vector<std::pair<std::string, std::optional<std::string>>> arguments;
  std::string context;
  bool operator==(const Input&) const = default;
};

Input input_of(const Build& build) {
  Input input;
  for (const BuildArg& argument : build.args) input.arguments.emplace_back(argument.name, argument.value.text);
  const bool says_context = build.defined_by != DefinedBy::dockerfile && !build.remote && build.context.known();
  if (says_context) input.context = clean_path(*build.context.text);
  return input;
}

std::vector<CacheUser> users_of(const Document& document, const Input& input, const Catalog& catalog,
                                CacheVariant& variant, const Project& project, std::span<const std::size_t> builds,
                                const Model* as_it_stands) {
  variant.context = input.context;
  const auto users = [&](const Model& model, const Catalog& remembering) {
    for (const std::size_t build : builds) variant.builds.push_back({build, reached_by(&project.builds[build], model)});
    return Summary(model, remembering, input.context).users();
  };
  if (as_it_stands != nullptr && input.arguments.empty() && !as_it_stands->reads_platform())
    return users(*as_it_stands, catalog);
  std::vector<BuildInput::Argument> arguments;
  for (const auto& [name, value] : input.arguments) arguments.push_back({name, value ? Value(*value) : std::nullopt});
  return users(Model(document, image_named, {arguments, true}), catalog.remembering());
}

}  // namespace

bool CacheVariant::reaches(const CacheUser& user) const {
  return builds.empty() || std::any_of(builds.begin(), builds.end(), [&](const Member& member) {
           return user.stage >= member.reached.size() || member.reached[user.stage];
         });
}

FileCaches caches_of(const Document& document, const Project& project, std::span<const std::size_t> builds,
                     const Catalog& catalog, const Model* as_it_stands) {
  FileCaches caches;
  caches.path = document.source().path();
  caches.size = document.source().bytes().size();
  caches.hash = std::hash<std::string_view>{}(document.source().bytes());
  std::vector<Input> inputs;
  std::vector<std::vector<std::size_t>> members;
  for (const std::size_t build : builds) {
    Input input = input_of(project.builds[build]);
    const auto known = std::find(inputs.begin(), inputs.end(), input);
    const auto at = static_cast<std::size_t>(known - inputs.begin());
    if (known == inputs.end() && inputs.size() == kMostVariants) continue;
    if (known == inputs.end()) {
      inputs.push_back(std::move(input));
      members.emplace_back();
    }
    members[at].push_back(build);
  }
  if (inputs.empty()) {
    inputs.emplace_back();
    members.emplace_back();
  }
  const bool cached = has_cache_mounts(document);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    CacheVariant& variant = caches.variants.emplace_back();
    if (cached) variant.users = users_of(document, inputs[i], catalog, variant, project, members[i], as_it_stands);
    else
      for (const std::size_t build : members[i]) variant.builds.push_back({build, {}});
  }
  return caches;
}

bool is_of(const FileCaches& caches, std::string_view bytes) {
  return caches.size == bytes.size() && caches.hash == std::hash<std::string_view>{}(bytes);
}

}  // namespace dockerlint
