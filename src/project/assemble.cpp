// SPDX-License-Identifier: Apache-2.0
#include "project/assemble.hpp"

#include "project/paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace dockerlint::project {

void find_dockerfile(Build& build, std::optional<Given> written, const FilePlace& build_place, const Files& files,
                     Troubles& troubles) {
  if (build.remote) return;
  Given file = written ? std::move(*written) : Given{"Dockerfile", build.context.where};
  if (file.text && file.text->empty()) file.text = "Dockerfile";
  if (!file.where.known()) file.where = build_place;
  if (file.text && !file.text->starts_with('/') && !build.context.text) file.text.reset();
  if (file.text && build.context.text) file.text = join_path(*build.context.text, *file.text);
  if (file.text) {
    const FileKind kind = files.kind(*file.text);
    build.dockerfile_found = kind == FileKind::file;
    const std::string& path = *file.text;
    if (build.context.text && files.kind(*build.context.text) == FileKind::absent) {
      const FilePlace& where = build.context.where.known() ? build.context.where : build_place;
      troubles.error(where, fmt::format("there is no folder {} to build '{}' from", *build.context.text, build.name));
    } else if (kind == FileKind::absent) {
      troubles.error(file.where, fmt::format("there is no Dockerfile {} to build '{}' with", path, build.name));
    } else if (kind == FileKind::folder) {
      troubles.error(file.where, fmt::format("{} is a folder, not the Dockerfile of '{}'", path, build.name));
    } else if (kind == FileKind::unreadable) {
      troubles.error(file.where, fmt::format("the Dockerfile {} of '{}' cannot be read", path, build.name));
    }
  }
  build.dockerfile = std::move(file);
}

void link_contexts(Project& project, std::size_t first, std::string_view prefix) {
  std::map<std::string_view, std::size_t> names;
  for (std::size_t i = first; i < project.builds.size(); ++i) names.emplace(project.builds[i].name, i);
  for (std::size_t i = first; i < project.builds.size(); ++i) {
    for (NamedContext& context : project.builds[i].contexts) {
      if (!context.value.text || !context.value.text->starts_with(prefix)) continue;
      const auto found = names.find(std::string_view(*context.value.text).substr(prefix.size()));
      if (found != names.end()) context.build = found->second;
    }
  }
}

void append(Project more, Project& project) {
  const std::size_t before = project.builds.size();
  for (Build& build : more.builds) {
    for (NamedContext& context : build.contexts)
      if (context.build) *context.build += before;
    project.builds.push_back(std::move(build));
  }
  for (BuildGroup& group : more.groups) {
    for (std::size_t& index : group.builds) index += before;
    project.groups.push_back(std::move(group));
  }
  Troubles troubles(project.troubles);
  for (ProjectTrouble& trouble : more.troubles) troubles.add(std::move(trouble));
  std::move(more.definitions.begin(), more.definitions.end(), std::back_inserter(project.definitions));
}

}  // namespace dockerlint::project
