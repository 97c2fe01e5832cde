// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the RUNs of a Dockerfile run, for people and for tests.

#include "dockerlint/model.hpp"

#include <string>

namespace dockerlint {

/// A line a command: where it stands, its words by their values (`?` is unknown, `{a|b}` one of these,
/// `<*>` what the shell may put file names in place of, `…` perhaps more). Below it, what is not as the RUN
/// has it: directory, user, variables, wrappers, and whether it may not run or not count.
std::string dump_commands(const Model& model);

}  // namespace dockerlint
