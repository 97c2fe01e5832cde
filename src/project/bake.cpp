// SPDX-License-Identifier: Apache-2.0
#include "project/bake.hpp"

#include "project/assemble.hpp"
#include "project/bake_files.hpp"
#include "project/bake_targets.hpp"
#include "project/paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace dockerlint::project {
namespace {

constexpr std::size_t kMaxInherits = 64;       // one behind the other
constexpr std::size_t kMaxInherited = 50'000;  // arguments, in all
constexpr std::size_t kMaxGroups = 64;         // in one another
constexpr std::size_t kMaxTogether = 100'000;  // targets of all groups
constexpr std::size_t kMaxSteps = 1'000'000;   // to find them
constexpr int kMaxFolders = 8;                 // upwards, to where bake may be started

class BakeReader {
 public:
  BakeReader(BakeModel model, std::string definition, const Files& files, Project& project)
      : model_(std::move(model)),
        definition_(std::move(definition)),
        files_(files),
        project_(project),
        troubles_(project.troubles) {
    for (std::size_t i = 0; i < model_.targets.size(); ++i) places_.emplace(model_.targets[i].name, i);
    for (std::size_t i = 0; i < model_.groups.size(); ++i) group_places_.emplace(model_.groups[i].first, i);
  }

  void run() {
    std::vector<BakeTarget> resolved;
    resolved.reserve(model_.targets.size());
    for (std::size_t i = 0; i < model_.targets.size(); ++i) resolved.push_back(resolve(i));
    collect_groups();
    const std::string base = starting_folder(resolved);
    const std::size_t first = project_.builds.size();
    for (std::size_t i = 0; i < resolved.size(); ++i) add_build(std::move(resolved[i]), i, base);
    link_contexts(project_, first, "target:");
    for (auto& [name, group] : together_) {
      for (std::size_t& index : group.builds) index += first;
      if (!group.builds.empty()) project_.groups.push_back(std::move(group));
    }
  }

 private:
  // --- inherits ---

  BakeTarget resolve(std::size_t index) {
    if (const auto known = resolved_.find(index); known != resolved_.end()) return known->second;
    const BakeTarget& own = model_.targets[index];
    BakeTarget base;
    open_.push_back(index);
    for (const Given& name : own.inherits) inherit(own, name, base);
    open_.pop_back();
    base = merged(std::move(base), own);
    resolved_.emplace(index, base);
    return base;
  }

  void inherit(const BakeTarget& own, const Given& name, BakeTarget& base) {
    if (!name.text) {
      base.complete = false;
      return;
    }
    const std::vector<std::size_t> targets = named(*name.text);
    if (targets.empty())
      return troubles_.error(name.where, fmt::format("there is no target '{}' to inherit from", *name.text));
    for (const std::size_t other : targets) {
      inherited_from_.insert(other);
      if (std::find(open_.begin(), open_.end(), other) != open_.end()) {
        troubles_.error(name.where, other == open_.back()
                                        ? fmt::format("target '{}' inherits from itself", own.name)
                                        : fmt::format("target '{}' leads back to this one", *name.text));
        continue;
      }
      if (open_.size() > kMaxInherits) {
        troubles_.error(name.where, fmt::format("more than {} targets inherit from one another", kMaxInherits));
        continue;
      }
      BakeTarget from = resolve(other);
      inherited_ += 1 + from.args.size() + from.contexts.size();
      if (from.inline_dockerfile) inherited_ += from.inline_dockerfile->text.size() / 1024;
      if (inherited_ > kMaxInherited) {
        troubles_.unknown(name.where, "too much is inherited: what comes from there is left out");
        base.complete = false;
        continue;
      }
      base = merged(std::move(base), std::move(from));
    }
  }

  /// A target, or all that a matrix makes of one.
  std::vector<std::size_t> named(const std::string& name) const {
    if (const auto found = places_.find(name); found != places_.end()) return {found->second};
    std::vector<std::size_t> all;
    const auto group = group_places_.find(name);
    if (group == group_places_.end() || !model_.groups[group->second].second.of_matrix) return all;
    for (const Given& one : model_.groups[group->second].second.targets) {
      if (!one.text) continue;
      if (const auto found = places_.find(*one.text); found != places_.end()) all.push_back(found->second);
    }
    return all;
  }

  // --- groups ---

  void collect_groups() {
    std::size_t room = kMaxTogether;
    for (const auto& [name, group] : model_.groups) {
      std::set<std::size_t> builds;
      std::vector<std::string> open;
      std::set<std::string> done;
      members(name, group, builds, open, done);
      if (builds.size() > room || steps_ > kMaxSteps) {
        troubles_.unknown(group.where, "the groups are too large: this one and those behind it are left out");
        break;
      }
      room -= builds.size();
      if (!group.of_matrix) in_group_.insert(builds.begin(), builds.end());
      BuildGroup made{name, DefinedBy::bake, definition_, group.where, {builds.begin(), builds.end()}};
      together_.emplace_back(name, std::move(made));
    }
  }

  void members(const std::string& name, const BakeGroup& group, std::set<std::size_t>& builds,
               std::vector<std::string>& open, std::set<std::string>& done) {
    open.push_back(name);
    for (const Given& member : group.targets) {
      if (!member.text || ++steps_ > kMaxSteps) continue;
      const auto inner = group_places_.find(*member.text);
      const auto target = places_.find(*member.text);
      if (inner != group_places_.end() && *member.text != name) {  // a group goes before a target of its name
        if (std::find(open.begin(), open.end(), *member.text) != open.end())
          troubles_.error(member.where, fmt::format("group '{}' leads back to this one", *member.text));
        else if (open.size() > kMaxGroups) troubles_.error(member.where, "groups are nested too deeply");
        else if (done.insert(*member.text).second)
          members(*member.text, model_.groups[inner->second].second, builds, open, done);
      } else if (target != places_.end()) {
        builds.insert(target->second);
      } else if (inner != group_places_.end()) {
        troubles_.error(member.where, fmt::format("group '{}' contains itself", name));
      } else {
        troubles_.error(member.where, fmt::format("there is no target or group '{}'", *member.text));
      }
    }
    open.pop_back();
  }

  // --- paths ---

  static bool is_here(const std::optional<Given>& context) {
    if (!context) return true;
    return context->text && !is_remote(*context->text) && !context->text->starts_with("target:") &&
           !context->text->starts_with("docker-image://");
  }

  static std::string local_path(std::string_view path) {
    constexpr std::string_view kCwd = "cwd://";  // of a bake file from elsewhere: where bake is started
    return std::string(path.starts_with(kCwd) ? path.substr(kCwd.size()) : path);
  }

  /// As far as it can be told: the path of the Dockerfile, with bake started in `folder`.
  static std::optional<std::string> path_in(const BakeTarget& target, const std::string& folder) {
    if (target.inline_dockerfile || target.inline_unknown || !is_here(target.context)) return std::nullopt;
    if (target.dockerfile && !target.dockerfile->text) return std::nullopt;
    const std::string context = target.context ? local_path(*target.context->text) : ".";
    return join_path(join_path(folder, context),
                     target.dockerfile ? local_path(*target.dockerfile->text) : "Dockerfile");
  }

  std::string starting_folder(const std::vector<BakeTarget>& targets) const {
    const std::string own = folder_of(definition_);
    std::string best = own;
    std::size_t most = 0;
    std::string folder = own;
    for (int up = 0; up < kMaxFolders; ++up) {
      std::set<std::string> found;
      for (const BakeTarget& target : targets) {
        const std::optional<std::string> path = path_in(target, folder);
        if (path && !found.contains(*path) && files_.kind(*path) == FileKind::file) found.insert(*path);
      }
      if (found.size() > most) {
        most = found.size();
        best = folder;
      }
      if (up == 0 && most > 0) break;  // whatever lies above it may have such names too
      if (folder == "." || folder == "/" || name_of(folder) == "..") break;
      folder = folder_of(folder);
    }
    return best;
  }

  // --- builds ---

  void add_build(BakeTarget target, std::size_t index, const std::string& base) {
    Build build;
    build.name = std::move(target.name);
    build.defined_by = DefinedBy::bake;
    build.definition = definition_;
    build.where = std::move(target.where);
    build.context = target.context ? std::move(*target.context) : Given{".", {}};
    if (build.context.text) {
      build.remote = !is_here(build.context);
      if (!build.remote) build.context.text = join_path(base, local_path(*build.context.text));
    }
    build.inline_dockerfile = std::move(target.inline_dockerfile);
    if (target.inline_unknown) build.dockerfile = std::move(target.inline_unknown);
    build.target = std::move(target.target);
    if (build.target && build.target->text && build.target->text->empty()) build.target.reset();
    build.args = std::move(target.args);
    if (target.platforms) build.platforms = std::move(*target.platforms);
    build.contexts = std::move(target.contexts);
    for (NamedContext& context : build.contexts) {
      std::optional<std::string>& text = context.value.text;
      const bool path = text && text->find(':') == std::string::npos && !is_remote(*text);
      if (path) text = join_path(base, *text);
    }
    build.complete = target.complete;
    build.only_inherited = inherited_from_.contains(index) && !in_group_.contains(index);
    if (!build.inline_dockerfile && !build.dockerfile) {
      std::vector<ProjectTrouble> unsaid;  // what only lends its keys to others needs no Dockerfile
      Troubles nowhere(unsaid);
      if (target.dockerfile && target.dockerfile->text) target.dockerfile->text = local_path(*target.dockerfile->text);
      const FilePlace where = build.where;
      find_dockerfile(build, std::move(target.dockerfile), where, files_, build.only_inherited ? nowhere : troubles_);
    }
    project_.builds.push_back(std::move(build));
  }

  BakeModel model_;
  std::string definition_;
  const Files& files_;
  Project& project_;
  Troubles troubles_;
  std::map<std::string, std::size_t> places_;
  std::map<std::string, std::size_t> group_places_;
  std::map<std::size_t, BakeTarget> resolved_;
  std::set<std::size_t> inherited_from_;
  std::set<std::size_t> in_group_;
  std::vector<std::pair<std::string, BuildGroup>> together_;
  std::vector<std::size_t> open_;
  std::size_t inherited_ = 0;
  std::size_t steps_ = 0;
};

bool is_bake_name(std::string_view name) {
  return std::find(std::begin(kBakeNames), std::end(kBakeNames), name) != std::end(kBakeNames);
}

}  // namespace

Project read_bake(const std::string& path, bool searched, const Files& files) {
  std::vector<std::string> paths{path};
  const std::string folder = folder_of(path);
  if (is_bake_name(name_of(path)))
    for (const std::string_view name : kBakeOverrideNames)
      if (std::string more = join_path(folder, name); files.kind(more) == FileKind::file)
        paths.push_back(std::move(more));

  Project project;
  Troubles troubles(project.troubles);
  BakeFiles read;
  for (const std::string& one : paths) {
    project.definitions.push_back(one);
    data::FileText text = files.read(one);
    if (text.trouble.empty() && text.bytes.size() > data::kMaxDataSize) text.trouble = "it is larger than 1 MiB";
    if (!text.trouble.empty()) {
      troubles.error({one, {}, {}}, fmt::format("cannot be read: {}", text.trouble));
      continue;
    }
    read.add(one, std::move(text.bytes), troubles);
  }
  BakeModel model = read_bake_model(read, troubles);
  // A file that is only called so has nothing of bake in it.
  const bool is_unread = read.all().empty();
  if (searched && !is_unread && !is_bake_name(name_of(path)) && model.targets.empty() && model.groups.empty())
    return {};
  BakeReader(std::move(model), path, files, project).run();
  return project;
}

}  // namespace dockerlint::project
