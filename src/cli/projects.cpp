// SPDX-License-Identifier: Apache-2.0
#include "cli/projects.hpp"

#include "cli/files.hpp"
#include "project/paths.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <map>
#include <set>
#include <utility>

namespace dockerlint::cli {
namespace {

using project::FileKind;

class Disk : public project::Files {
 public:
  data::FileText read(const std::string& path) const override {
    FileContent content = read_file(path);
    return {std::move(content.bytes), path, std::move(content.trouble)};
  }

  FileKind kind(const std::string& path) const override {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
      return errno == ENOENT || errno == ENOTDIR ? FileKind::absent : FileKind::unreadable;
    if (S_ISDIR(status.st_mode)) return FileKind::folder;
    return S_ISREG(status.st_mode) && ::access(path.c_str(), R_OK) == 0 ? FileKind::file : FileKind::unreadable;
  }
};

std::string resolved(const std::string& path) {
  std::array<char, PATH_MAX> buffer{};
  return ::realpath(path.c_str(), buffer.data()) == nullptr ? std::string() : buffer.data();
}

class Inputs {
 public:
  explicit Inputs(Discovery& discovery) : discovery_(discovery) {
    for (const Input& input : discovery.inputs) seen_.insert(resolved(input.path));
    for (const FoundDefinition& definition : discovery.definitions) definitions_.emplace(definition.path, &definition);
  }

  /// Null for what no compose or bake file defines.
  const FoundDefinition* definition_of(const Build& build) const {
    const auto found = definitions_.find(build.definition);
    return found == definitions_.end() ? nullptr : found->second;
  }

  std::string add_dockerfile(const Build& build, const FoundDefinition& definition) {
    const std::string& path = *build.dockerfile->text;
    const std::string real = resolved(path);
    if (real.empty() || seen_.contains(real)) return {};
    if (!real.starts_with(definition.root)) {
      if (definition.searched) return {};  // whoever searches one folder wants no other
      return fmt::format("{}: {} is not linted: it lies outside of the project's repository", to_string(build.where),
                         path);
    }
    // A search would have found it, if git did not ignore it.
    if (definition.searched && is_dockerfile_name(project::name_of(path))) return {};
    seen_.insert(real);
    discovery_.inputs.push_back({.path = path, .searched = definition.searched});
    return {};
  }

  void add_embedded(const Build& build, const FoundDefinition& definition) {
    const InlineDockerfile& text = *build.inline_dockerfile;
    const std::string& path = text.where.path;
    if (!resolved(path).starts_with(definition.root)) return;
    const auto [place, is_new] = holders_.emplace(path, discovery_.inputs.size());
    if (is_new) discovery_.inputs.push_back({.path = path, .searched = definition.searched});
    std::vector<InlineDockerfile>& embedded = discovery_.inputs[place->second].embedded;
    const auto same = [&](const InlineDockerfile& other) { return other.where.range == text.where.range; };
    if (std::any_of(embedded.begin(), embedded.end(), same)) return;
    embedded.push_back(text);
    embedded.back().build = build.name;
  }

  void sort_embedded() {
    for (const auto& [path, index] : holders_) {
      std::vector<InlineDockerfile>& embedded = discovery_.inputs[index].embedded;
      std::sort(embedded.begin(), embedded.end(), [](const InlineDockerfile& a, const InlineDockerfile& b) {
        return a.where.range.begin < b.where.range.begin;
      });
    }
  }

 private:
  Discovery& discovery_;
  std::set<std::string> seen_;  // real paths
  std::map<std::string, const FoundDefinition*> definitions_;
  std::map<std::string, std::size_t> holders_;  // of embedded Dockerfiles: their input
};

}  // namespace

Project find_project(const Discovery& discovery) {
  project::Sources sources;
  for (const FoundDefinition& definition : discovery.definitions) sources.definitions.push_back(definition);
  for (const Input& input : discovery.inputs)
    if (!input.standard_input) sources.dockerfiles.push_back(input.path);
  return read_project(sources, Disk());
}

ProjectMessages add_inputs(const Project& project, Discovery& discovery) {
  ProjectMessages out;
  if (discovery.definitions.empty()) return out;
  std::set<std::string, std::less<>> searched;
  for (const FoundDefinition& definition : discovery.definitions)
    if (definition.searched) searched.insert(definition.path);
  std::set<std::string> places;  // what several builds share is said of the first
  for (const ProjectTrouble& trouble : project.troubles) {
    if (trouble.severity < Severity::warning || !places.insert(to_string(trouble.where)).second) continue;
    out.messages.push_back(fmt::format("{}: {}", to_string(trouble.where), trouble.message));
    out.trouble |= trouble.severity == Severity::error && searched.size() < discovery.definitions.size() &&
                   !searched.contains(trouble.where.path);
  }
  for (const FoundDefinition& definition : discovery.definitions)
    out.trouble |= Disk().kind(definition.path) == FileKind::unreadable;
  Inputs inputs(discovery);
  for (const Build& build : project.builds) {
    const FoundDefinition* const definition = inputs.definition_of(build);
    if (definition == nullptr) continue;
    if (build.inline_dockerfile) inputs.add_embedded(build, *definition);
    else if (build.dockerfile_found)
      if (std::string message = inputs.add_dockerfile(build, *definition); !message.empty())
        out.messages.push_back(std::move(message));
  }
  inputs.sort_embedded();
  return out;
}

}  // namespace dockerlint::cli
