// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a run is about: the files, how each of them is to be linted, and what of them is built together.

#include "cli/catalogs.hpp"
#include "cli/configurations.hpp"
#include "cli/discover.hpp"
#include "cli/options.hpp"
#include "dockerlint/project.hpp"

#include <vector>

namespace dockerlint::cli {

class Gathered {
 public:
  /// Complains of what is wrong, as it comes.
  explicit Gathered(const Options& options);

  /// False: nothing can be done.
  bool usable() const { return usable_; }
  const Discovery& discovery() const { return discovery_; }
  const std::vector<Input>& inputs() const { return discovery_.inputs; }
  /// One for each input.
  const std::vector<const FileSettings*>& settings() const { return settings_; }
  /// Whether something was wrong, besides what discovery() knows.
  bool trouble() const { return project_trouble_ || !configurations_.troubles().empty(); }
  const Project& project() const { return project_; }

 private:
  void take_in_project(const Options& options);
  void leave_out(bool force);
  void tell_of_settings(bool quiet) const;

  LoadedCatalog catalog_;
  bool usable_;
  Discovery discovery_;
  Configurations configurations_;
  std::vector<const FileSettings*> settings_;
  Project project_;
  bool project_trouble_ = false;
};

std::size_t thread_count(const Options& options, std::size_t files);

}  // namespace dockerlint::cli
