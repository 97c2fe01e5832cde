// SPDX-License-Identifier: Apache-2.0
#pragma once
// A project in memory: what the readers of compose and bake files ask of the disk, from a list of files.

#include "project/files.hpp"
#include "project/read.hpp"

#include <map>
#include <string>

namespace dockerlint::test {

class MemoryFiles : public project::Files {
 public:
  /// Paths are relative, or all below one folder.
  explicit MemoryFiles(std::map<std::string, std::string> files) : files_(std::move(files)) {}

  data::FileText read(const std::string& path) const override;
  project::FileKind kind(const std::string& path) const override;

  /// What a search through the folder would find.
  project::Sources search() const;

 private:
  std::map<std::string, std::string> files_;
};

/// The files below `folder`; `prefix` is put before their names.
std::map<std::string, std::string> files_below(const std::string& folder, const std::string& prefix = "");

}  // namespace dockerlint::test
