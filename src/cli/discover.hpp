// SPDX-License-Identifier: Apache-2.0
#pragma once
// From the paths that a user gives to the files that are linted.

#include "dockerlint/project.hpp"
#include "project/read.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::cli {

struct Input {
  std::string path;  // as it is shown
  bool standard_input = false;
  bool excluded = false;  // standard input that is not to be linted, but is still passed through
  bool searched = false;  // found in a folder, not named by the user
  /// The Dockerfiles that stand in this file, which is a compose or bake file then; empty: it is a Dockerfile.
  std::vector<InlineDockerfile> embedded = {};
};

/// A compose or bake file.
struct FoundDefinition : project::Definition {
  std::string root;  // absolute, ends in a slash: Dockerfiles that lie elsewhere are none of our business
};

struct Discovery {
  std::vector<Input> inputs;  // in the order given, a folder's files sorted, each file once
  std::vector<FoundDefinition> definitions;
  std::vector<std::string> troubles;
  std::size_t left_out = 0;  // by --force-exclude
  std::size_t excluded = 0;  // by the configuration
};

struct DiscoverOptions {
  std::vector<std::string> paths;  // empty: the current directory
  std::string stdin_name;
  bool force_exclude = false;
};

/// Folders are searched for Dockerfiles, compose and bake files, without what git ignores, `.git` and `node_modules`. A symbolic link to a
/// folder is not followed; one to a file is when the file lies in the searched folder, so that a checkout from a
/// stranger cannot make --fix write elsewhere.
Discovery discover(const DiscoverOptions& options);

/// Whether a file of that name in a folder is taken for a Dockerfile.
bool is_dockerfile_name(std::string_view name);
/// Whether a file of that name is plainly something else: documentation, a template, a .dockerignore.
bool is_other_name(std::string_view name);

}  // namespace dockerlint::cli
