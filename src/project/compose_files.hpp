// SPDX-License-Identifier: Apache-2.0
#pragma once
// The files of one compose project, as YAML, each read once; and the .env files beside them.

#include "data/value.hpp"
#include "dockerlint/project.hpp"
#include "project/files.hpp"
#include "project/interpolate.hpp"
#include "project/source.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::project {

struct ComposeFile {
  ComposeFile(const std::string& path, std::string bytes) : source(path, std::move(bytes)) {}

  /// Null: there is no such service.
  const data::Entry* service(std::string_view name) const;

  Source source;
  data::Parsed parsed;
  std::map<std::string_view, const data::Entry*> services;
  bool usable = false;
  bool readable = true;
};

class ComposeFiles {
 public:
  /// What is wrong with the files, and their names, go into `project`.
  ComposeFiles(const Files& files, Project& project)
      : files_(files), definitions_(project.definitions), troubles_(project.troubles) {}

  /// `asked` is where another file asks for it. What comes is good as long as this object.
  const ComposeFile& open(const std::string& path, const FilePlace& asked);
  /// Whether there is anything of compose in the file.
  bool is_compose(const std::string& path);
  /// Whether it is the source of such a file: YAML does not read like that.
  bool is_template(const std::string& path);
  /// It may have been meant for one, but is not: it cannot be read, or is no YAML though it begins like that.
  bool is_broken_compose(const std::string& path);

  /// The .env file of a folder, if there is one.
  Variables environment_of(const std::string& folder) const;
  /// A file of variables that must be there; `asked` is what asks for it.
  void read_variables(const std::string& path, const FilePlace& asked, Variables& variables);
  /// The files that .env chooses instead of those that compose looks for; none when it does not.
  std::vector<std::string> chosen_in(const std::string& folder) const;

 private:
  void read(ComposeFile& file);
  void check_top_key(const Source& source, const data::Entry& entry);

  const Files& files_;
  std::vector<std::string>& definitions_;
  Troubles troubles_;
  std::map<std::string, std::unique_ptr<ComposeFile>> opened_;
};

/// The parts of a list, without empty ones.
std::vector<std::string> split(std::string_view text, std::string_view separator);

}  // namespace dockerlint::project
