// SPDX-License-Identifier: Apache-2.0
#pragma once
// From the files that were found to the project that they make, and to the Dockerfiles that only it knows of.

#include "cli/discover.hpp"
#include "dockerlint/project.hpp"

namespace dockerlint::cli {

/// Reads the compose and bake files.
Project find_project(const Discovery& discovery);

/// Adds to the inputs the Dockerfiles that builds name, and the files that Dockerfiles stand in. What lies outside of
/// what was searched, or of the repository of a file that the user names, is left alone: no file of a stranger may
/// choose what --fix writes to. What is to be said of the project comes as messages.
struct ProjectMessages {
  std::vector<std::string> messages;
  bool trouble = false;  // one is about a file that the user names
};
ProjectMessages add_inputs(const Project& project, Discovery& discovery);

}  // namespace dockerlint::cli
