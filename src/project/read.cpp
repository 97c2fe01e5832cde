// SPDX-License-Identifier: Apache-2.0
#include "project/read.hpp"

#include "project/assemble.hpp"
#include "project/bake.hpp"
#include "project/compose.hpp"
#include "project/paths.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace dockerlint::project {
namespace {

bool has_extension(std::string_view name, std::string_view extension) {
  return name.size() > extension.size() && equal_ignoring_case(name.substr(name.size() - extension.size()), extension);
}

/// docker-compose.prod.yml, compose-dev.yaml, dev.compose.yaml: `word` at the beginning, or behind a dot or dash.
bool names(std::string_view stem, std::string_view word) {
  for (std::size_t at = stem.find(word); at != std::string_view::npos; at = stem.find(word, at + 1)) {
    const auto ends = [](char c) { return c == '.' || c == '-' || c == '_'; };
    const std::size_t end = at + word.size();
    if ((at == 0 || ends(stem[at - 1])) && (end == stem.size() || ends(stem[end]))) return true;
  }
  return false;
}

/// Override files are read with what they belong to.
template <std::size_t N, std::size_t M>
void leave_out_overrides(std::vector<Definition>& definitions, const std::string_view (&bases)[N],
                         const std::string_view (&overrides)[M]) {
  std::set<std::string> folders;
  for (const Definition& one : definitions)
    if (std::find(std::begin(bases), std::end(bases), name_of(one.path)) != std::end(bases))
      folders.insert(folder_of(one.path));
  std::erase_if(definitions, [&](const Definition& one) {
    return one.searched && folders.contains(folder_of(one.path)) &&
           std::find(std::begin(overrides), std::end(overrides), name_of(one.path)) != std::end(overrides);
  });
}

/// Stable, each once.
void make_unique(std::vector<std::string>& paths) {
  std::set<std::string_view> seen;
  std::vector<std::string> kept;
  for (const std::string& path : paths)
    if (seen.insert(path).second) kept.push_back(path);
  paths = std::move(kept);
}

/// Copies of other projects are not whole, as a rule: what is missing there is nobody's mistake here.
bool is_vendored(std::string_view path) { return path.starts_with("vendor/") || path.find("/vendor/") != path.npos; }

/// One project for each. A file that another one includes is a part of that, unless the user names it.
std::vector<Project> read_definitions(const std::vector<Definition>& definitions, const Files& files) {
  std::vector<Project> projects;
  std::vector<std::set<std::string>> included(definitions.size());
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    const auto& [path, searched] = definitions[i];
    if (definition_kind(name_of(path)) == DefinedBy::bake) projects.push_back(read_bake(path, searched, files));
    else projects.push_back(read_compose(path, searched, files, included[i]));
    included[i].erase(path);  // by way of another
    if (searched && is_vendored(path))
      for (ProjectTrouble& trouble : projects.back().troubles) trouble.severity = Severity::hint;
  }
  std::map<std::string_view, std::size_t> includers;  // how many there are
  for (const std::set<std::string>& paths : included)
    for (const std::string& path : paths) ++includers[path];
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    const auto found = includers.find(definitions[i].path);
    if (!definitions[i].searched || found == includers.end() || found->second == 0) continue;
    projects[i] = {};
    for (const std::string& path : included[i]) --includers[path];  // of two that include each other, one stays
  }
  return projects;
}

/// By file as they were read, then by place.
void sort_troubles(Project& project) {
  std::map<std::string_view, std::size_t> order;
  for (const std::string& path : project.definitions) order.emplace(path, order.size());
  const auto rank = [&](const ProjectTrouble& trouble) {
    const auto found = order.find(trouble.where.path);
    return std::pair(found == order.end() ? order.size() : found->second, trouble.where.range.begin);
  };
  std::stable_sort(project.troubles.begin(), project.troubles.end(),
                   [&](const ProjectTrouble& a, const ProjectTrouble& b) { return rank(a) < rank(b); });
}

}  // namespace

DefinedBy definition_kind(std::string_view name) {
  for (const std::string_view extension : {".yaml", ".yml"})
    if (has_extension(name, extension) && names(name.substr(0, name.size() - extension.size()), "compose"))
      return DefinedBy::compose;
  for (const std::string_view extension : {".hcl", ".json"})
    if (has_extension(name, extension) && names(name.substr(0, name.size() - extension.size()), "bake"))
      return DefinedBy::bake;
  return DefinedBy::dockerfile;
}

Project read_project(const Sources& sources, const Files& files) {
  Project project;
  std::vector<Definition> definitions = sources.definitions;
  leave_out_overrides(definitions, kComposeNames, kComposeOverrideNames);
  leave_out_overrides(definitions, kBakeNames, kBakeOverrideNames);
  for (Project& part : read_definitions(definitions, files)) append(std::move(part), project);
  make_unique(project.definitions);
  sort_troubles(project);

  std::set<std::string, std::less<>> named;
  for (const Build& build : project.builds)
    if (build.dockerfile && build.dockerfile->text) named.insert(clean_path(*build.dockerfile->text));
  for (const std::string& path : sources.dockerfiles) {
    if (named.contains(clean_path(path))) continue;
    Build build;
    build.name = path;
    build.context = {std::nullopt, {}};  // whoever builds it says so
    build.dockerfile = Given{path, {}};
    build.dockerfile_found = true;
    project.builds.push_back(std::move(build));
  }
  return project;
}

}  // namespace dockerlint::project
