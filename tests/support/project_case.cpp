// SPDX-License-Identifier: Apache-2.0
#include "support/project_case.hpp"

#include "project/paths.hpp"
#include "support/page.hpp"

#include <filesystem>

namespace dockerlint::test {

data::FileText MemoryFiles::read(const std::string& path) const {
  const auto found = files_.find(path);
  if (found == files_.end()) return {{}, path, "No such file or directory"};
  return {found->second, path, {}};
}

project::FileKind MemoryFiles::kind(const std::string& path) const {
  if (files_.contains(path)) return project::FileKind::file;
  if (path == ".") return project::FileKind::folder;
  const auto below = files_.lower_bound(path + '/');
  const bool folder = below != files_.end() && below->first.starts_with(path + '/');
  return folder ? project::FileKind::folder : project::FileKind::absent;
}

project::Sources MemoryFiles::search() const {
  project::Sources sources;
  for (const auto& [path, text] : files_) {
    const std::string_view name = project::name_of(path);
    if (project::definition_kind(name) != DefinedBy::dockerfile) sources.definitions.push_back({path, true});
    else if (name.find("Dockerfile") != std::string_view::npos && !name.ends_with("ignore"))
      sources.dockerfiles.push_back(path);
  }
  return sources;
}

std::map<std::string, std::string> files_below(const std::string& folder, const std::string& prefix) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string path = entry.path().string();
    files.emplace(prefix + path.substr(folder.size() + 1), read_file(path).value_or(""));
  }
  return files;
}

}  // namespace dockerlint::test
