// SPDX-License-Identifier: Apache-2.0
#pragma once
// Files as they were at a revision: what git knows of the repository that the current folder is in.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dockerlint::cli {

class Revision {
 public:
  /// Looks up these files as they were where the current branch and `name` parted: what others have done to `name`
  /// since then is no change of this branch.
  Revision(const std::string& name, std::span<const std::string> paths);

  /// Why git could not say; empty when it could.
  const std::string& trouble() const { return trouble_; }
  /// Null when there was no such file, under this name and in this repository.
  const std::string* text_of(const std::string& path) const;

 private:
  using Objects = std::map<std::string, std::string>;  // names of the repository's objects, by path in it

  std::optional<std::string> ask(std::span<const std::string_view> arguments, std::string_view input = {});
  std::string base_of(const std::string& name);
  Objects objects_of(const std::string& base, std::span<const std::string> paths);
  void read(const Objects& objects);

  std::string top_;  // ends in a slash
  std::string trouble_;
  std::map<std::string, std::string> texts_;  // by absolute path
};

}  // namespace dockerlint::cli
