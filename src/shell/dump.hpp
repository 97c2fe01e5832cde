// SPDX-License-Identifier: Apache-2.0
#pragma once
// The scripts of a Dockerfile, for people and for tests.

#include "dockerlint/syntax.hpp"

#include <string>

namespace dockerlint {

/// Each RUN with its script: a command a line, indented by nesting, its words below it with their places.
std::string dump_shell(const Document& document);

}  // namespace dockerlint
