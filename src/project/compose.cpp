// SPDX-License-Identifier: Apache-2.0
#include "project/compose.hpp"

#include "project/assemble.hpp"
#include "project/compose_files.hpp"
#include "project/compose_model.hpp"
#include "project/paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace dockerlint::project {
namespace {

constexpr std::size_t kMaxTogether = 50'000;  // services of all profiles

/// Makes builds of services.
class ComposeBuilder {
 public:
  /// `folder` is that of the project, `active` the profiles that are on.
  ComposeBuilder(const Files& files, std::string folder, std::set<std::string> active, Project& project)
      : files_(files),
        folder_(std::move(folder)),
        active_(std::move(active)),
        project_(project),
        troubles_(project.troubles) {}

  /// The builds, and a word on services that cannot run. `whole`: nothing that belongs on top of or below these files
  /// is missing here; else nobody can tell what is wrong with them.
  void build(ComposeModel model, const std::string& definition, bool whole) {
    const std::size_t first = project_.builds.size();
    const std::size_t said = project_.troubles.size();
    for (Service& service : model.services()) {
      if (service.build) add_build(std::move(service), definition);
      else if (!service.has_image)
        troubles_.error(service.where, fmt::format("service '{}' has neither an image nor a build", service.name));
    }
    link_contexts(project_, first, "service:");
    add_groups(definition, first);
    if (whole) return;
    for (std::size_t i = said; i < project_.troubles.size(); ++i) project_.troubles[i].severity = Severity::hint;
  }

 private:
  void add_build(Service service, const std::string& definition) {
    BuildSection& section = *service.build;
    Build build;
    build.name = std::move(service.name);
    build.defined_by = DefinedBy::compose;
    build.definition = definition;
    build.where = std::move(service.where);
    build.remote = section.remote;
    build.context =
        section.context ? std::move(*section.context) : Given{folder_, section.where};  // compose's default is `.`
    build.inline_dockerfile = std::move(section.inline_dockerfile);
    if (section.has_inline() && section.dockerfile)
      troubles_.error(section.dockerfile->where,
                      "build has both dockerfile and dockerfile_inline: compose refuses that");
    if (section.inline_unknown) build.dockerfile = std::move(section.inline_unknown);
    build.target = std::move(section.target);
    if (build.target && build.target->text && build.target->text->empty()) build.target.reset();
    build.args = std::move(section.args);
    build.platforms = std::move(section.platforms);
    if (build.platforms.empty() && service.platform) build.platforms.push_back(std::move(*service.platform));
    build.contexts = std::move(section.contexts);
    build.profiles = std::move(service.profiles);
    build.complete = section.complete;
    if (!section.has_inline()) find_dockerfile(build, section.dockerfile, section.where, files_, troubles_);
    project_.builds.push_back(std::move(build));
  }

  void add_groups(const std::string& definition, std::size_t first) {
    std::map<std::string, std::vector<std::size_t>> by_profile;
    std::vector<std::size_t> always;
    for (std::size_t i = first; i < project_.builds.size(); ++i) {
      const std::vector<std::string>& profiles = project_.builds[i].profiles;
      const auto is_active = [&](const std::string& profile) { return active_.contains(profile); };
      if (profiles.empty() || std::any_of(profiles.begin(), profiles.end(), is_active)) always.push_back(i);
      for (const std::string& profile : profiles) by_profile[profile].push_back(i);
    }
    if (!always.empty()) project_.groups.push_back({"", DefinedBy::compose, definition, {}, always});
    std::size_t room = kMaxTogether;  // profiles times services
    for (auto& [profile, builds] : by_profile) {
      if (always.size() + builds.size() > room) break;
      room -= always.size() + builds.size();
      std::vector<std::size_t> all;
      std::merge(always.begin(), always.end(), builds.begin(), builds.end(), std::back_inserter(all));
      all.erase(std::unique(all.begin(), all.end()), all.end());
      const FilePlace where = project_.builds[builds.front()].where;
      project_.groups.push_back({profile, DefinedBy::compose, definition, where, std::move(all)});
    }
  }

  const Files& files_;
  std::string folder_;
  std::set<std::string> active_;
  Project& project_;
  Troubles troubles_;
};

template <std::size_t N>
bool is_one_of(std::string_view name, const std::string_view (&names)[N]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

/// The first of the names that is there, in a folder.
template <std::size_t N>
std::optional<std::string> first_of(const std::string& folder, const std::string_view (&names)[N], const Files& files) {
  for (const std::string_view name : names)
    if (std::string path = join_path(folder, name); files.kind(path) == FileKind::file) return path;
  return std::nullopt;
}

/// What compose reads when it finds the file: with its override file, or with what it overrides.
std::vector<std::string> files_with(const std::string& path, const Files& files) {
  const std::string folder = folder_of(path);
  std::vector<std::string> paths{path};
  if (is_one_of(name_of(path), kComposeNames)) {
    if (auto more = first_of(folder, kComposeOverrideNames, files)) paths.push_back(std::move(*more));
  } else if (is_one_of(name_of(path), kComposeOverrideNames)) {
    if (auto base = first_of(folder, kComposeNames, files)) paths.insert(paths.begin(), std::move(*base));
  }
  return paths;
}

/// Whether compose would run each service of the file as it is.
bool stands_alone(const ComposeFile& file) {
  return std::all_of(file.services.begin(), file.services.end(), [](const auto& service) {
    const data::Value& value = service.second->value;
    const auto says = [&](std::string_view key) { return value.find(key) != nullptr; };
    return says("image") || says("build") || says("extends") || says("provider");
  });
}

std::set<std::string> active_profiles(const std::string& folder, const ComposeFiles& yaml) {
  const Variables variables = yaml.environment_of(folder);
  const std::vector<std::string> names = split(variables.look_up("COMPOSE_PROFILES").text, ",");
  return {names.begin(), names.end()};
}

}  // namespace

Project read_compose(const std::string& path, bool searched, const Files& files, std::set<std::string>& included) {
  const std::string folder = folder_of(path);
  const bool usual_name = is_one_of(name_of(path), kComposeNames);
  Project project;
  Troubles troubles(project.troubles);
  ComposeFiles yaml(files, project);
  if (searched && yaml.is_template(path)) return {};
  if (searched && !usual_name && !yaml.is_compose(path))
    return yaml.is_broken_compose(path) ? std::move(project) : Project();

  std::vector<std::string> paths = files_with(path, files);
  if (searched && usual_name) {  // whoever names no file gets those that .env chooses
    if (std::vector<std::string> chosen = yaml.chosen_in(folder); !chosen.empty()) {
      paths = std::move(chosen);
      included.insert(paths.begin(), paths.end());
      included.erase(path);
    }
  }
  bool whole = true;
  const bool overrides = is_one_of(name_of(path), kComposeOverrideNames);
  if (!usual_name && paths.size() == 1 && (overrides || !stands_alone(yaml.open(path, {})))) {
    // On top of what lies beside it; without that, paths count from nobody knows where.
    if (auto base = first_of(folder, kComposeNames, files)) paths.insert(paths.begin(), std::move(*base));
    else whole = !overrides && !searched;
  }
  ComposeModel model = read_compose_model(paths, yaml, troubles, included);
  ComposeBuilder(files, folder_of(paths.front()), active_profiles(folder, yaml), project)
      .build(std::move(model), path, whole);
  return project;
}

}  // namespace dockerlint::project
