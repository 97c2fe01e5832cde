// SPDX-License-Identifier: Apache-2.0
#pragma once
// A project as text, for people and for tests.

#include "dockerlint/project.hpp"

#include <string>

namespace dockerlint {

std::string dump_project(const Project& project);

}  // namespace dockerlint
