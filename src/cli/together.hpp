// SPDX-License-Identifier: Apache-2.0
#pragma once
// The files of a run as one project. What lies between them is read before any of them is linted, and the fixes that
// belong together are tried before one of them is written.

#include "cli/configurations.hpp"
#include "cli/discover.hpp"
#include "cli/files.hpp"
#include "dockerlint/lint.hpp"
#include "dockerlint/project_caches.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::cli {

class Together {
 public:
  using Settings = std::vector<const FileSettings*>;
  /// Called now and then with what is done.
  using Progress = std::function<void(std::string_view what, std::size_t done)>;

  /// All must outlive it. Without a plan in view, a single file that nobody names is not read before it is linted, and
  /// Dockerfiles that stand in compose or bake files are left out: they are linted and fixed for themselves.
  Together(const Project& project, const std::vector<Input>& inputs, const Settings& settings, std::size_t threads,
           Progress progress, bool for_plan = false);
  ~Together();

  /// Null where there is nothing between the files.
  const ProjectCaches* caches() const { return before_.get(); }
  /// The input as it stands among the others; alone where there are no others.
  ProjectView before(std::size_t input) const;
  /// The same, with all fixes made.
  ProjectView after(std::size_t input) const;

  /// Tries all fixes, until none is left that would go into some of its files and not into others. `screens` makes
  /// what the run leaves alone in an input.
  void rehearse_fixes(Applicability at_least, std::function<Screen(std::size_t input)> screens = {});
  /// Groups of fixes that cannot go in whole.
  const std::set<std::string, std::less<>>& left_out() const { return left_out_; }

  /// A file whose fixes go in together with those of other files.
  struct Member {
    FileContent content;
    FixResult result;
    std::string trouble;  // why none of them was written; empty when they were
  };
  /// Writes the files that belong together: all, or none of them.
  void write_groups();
  /// Null for a file that stands alone.
  Member* member(std::size_t input);

 private:
  struct Tried;

  std::vector<FileCaches> read_caches();
  FileCaches embedded_caches(std::size_t input, std::string bytes) const;
  FixResult fixed(std::size_t input, std::string bytes, Applicability at_least) const;
  Tried try_fixes(std::size_t input, Applicability at_least) const;
  std::set<std::string, std::less<>> incomplete() const;
  void write(const std::vector<std::size_t>& inputs);
  void take_back(std::size_t input, std::string_view failed);

  const Project& project_;
  const std::vector<Input>& inputs_;
  const Settings& settings_;
  std::size_t threads_;
  Progress progress_;
  bool for_plan_;
  std::function<Screen(std::size_t)> screens_;
  std::map<std::string, std::vector<std::size_t>> builds_;  // by the path of their Dockerfile
  std::unique_ptr<ProjectCaches> before_;                   // null: there is nothing between the files
  std::unique_ptr<ProjectCaches> after_;                    // null: as before
  std::set<std::string, std::less<>> left_out_;
  std::map<std::size_t, Tried> tried_;  // of the inputs with caches
  std::map<std::size_t, Member> members_;
};

}  // namespace dockerlint::cli
