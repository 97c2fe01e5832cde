// SPDX-License-Identifier: Apache-2.0
#pragma once
// The files of a run as one project. What lies between them is read before any of them is linted, and the fixes that
// belong together are tried before one of them is written.

#include "cli/configurations.hpp"
#include "cli/discover.hpp"
#include "cli/embedded.hpp"
#include "cli/files.hpp"
#include "dockerlint/lint.hpp"
#include "dockerlint/project_caches.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace dockerlint::cli {

/// What a project is read for.
enum class Purpose : std::uint8_t { lint, fix, plan };

class Together {
 public:
  using Settings = std::vector<const FileSettings*>;
  /// Called now and then with what is done.
  using Progress = std::function<void(std::string_view what, std::size_t done)>;

  /// All must outlive it. But for a plan, a single file that nobody names is not read before it is linted.
  Together(const Project& project, const std::vector<Input>& inputs, const Settings& settings, std::size_t threads,
           Progress progress, Purpose purpose);
  ~Together();

  /// Null where there is nothing between the files.
  const ProjectCaches* caches() const { return before_.get(); }
  /// The input as it stands among the others; alone where there are no others. A compose or bake file has several
  /// Dockerfiles, each with a view of its own.
  ProjectView before(std::size_t input, std::size_t embedded = 0) const;
  ProjectViews all_before(std::size_t input) const;
  /// An input that is only linted, as it was read; absent where that was not kept, and when it has been taken. May be
  /// called by several threads, for different inputs.
  std::optional<FileContent> take_content(std::size_t input);
  /// The same, with all fixes made.
  ProjectView after(std::size_t input) const;
  ProjectViews all_after(std::size_t input) const;

  /// Tries all fixes, until none is left that would go into some of its files and not into others. `past` is what
  /// is known of an input from before; nothing where it is not given.
  void rehearse_fixes(Applicability at_least, std::function<const Past&(std::size_t input)> past = {});
  /// Groups of fixes that cannot go in whole.
  const std::set<std::string, std::less<>>& left_out() const { return left_out_; }

  /// A file whose fixes go in together with those of other files.
  struct Member {
    FileContent content;
    std::variant<FixResult, EmbeddedFixes> result;
    std::string trouble;  // why none of them was written; empty when they were

    std::string_view bytes() const;
  };
  /// Writes the files that belong together: all, or none of them.
  void write_groups();
  /// Null for a file that stands alone.
  Member* member(std::size_t input);

 private:
  struct Tried;

  ProjectView view(const ProjectCaches* caches, std::size_t input, std::size_t embedded) const;
  ProjectViews views(const ProjectCaches* caches, std::size_t input) const;
  std::vector<FileCaches> read_caches();
  FileCaches read_caches(std::size_t input, FileContent content);
  FileCaches caches_of_file(std::size_t input, const Document& document) const;
  std::span<const std::size_t> builds_of(std::size_t input) const;
  std::vector<FileCaches> embedded_caches(std::size_t input, std::string bytes,
                                          const std::vector<InlineDockerfile>& texts) const;
  bool has_caches(std::size_t input) const;
  FixResult fixed(std::size_t input, std::string bytes, Applicability at_least) const;
  EmbeddedFixes fixed_embedded(std::size_t input, const std::string& bytes, Applicability at_least) const;
  Tried try_fixes(std::size_t input, Applicability at_least) const;
  std::set<std::string, std::less<>> incomplete() const;
  void write(const std::vector<std::size_t>& inputs);
  void take_back(std::size_t input, std::string_view failed);

  const Project& project_;
  const std::vector<Input>& inputs_;
  const Settings& settings_;
  std::size_t threads_;
  Progress progress_;
  std::function<const Past&(std::size_t)> past_;
  std::vector<std::uint32_t> first_file_;                   // by input: the first of its Dockerfiles among all
  std::map<std::string, std::vector<std::size_t>> builds_;  // by the path of their Dockerfile
  std::vector<std::optional<FileContent>> contents_;        // by input; empty, or absent, where none is kept
  std::atomic<std::size_t> kept_ = 0;                       // their bytes
  std::map<std::pair<std::string, TextSize>, std::vector<std::size_t>> embedded_builds_;  // by where it stands
  std::unique_ptr<ProjectCaches> before_;  // null: there is nothing between the files
  std::unique_ptr<ProjectCaches> after_;   // null: as before
  std::set<std::string, std::less<>> left_out_;
  std::map<std::size_t, Tried> tried_;  // of the inputs with caches
  std::map<std::size_t, Member> members_;
};

}  // namespace dockerlint::cli
