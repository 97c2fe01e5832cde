// SPDX-License-Identifier: Apache-2.0
#pragma once
// A stand-in for RunStep::commands until the model fills it: commands of literal words, without wrappers but a
// plain `sudo`. To be dropped with its source when it does.

#include "dockerlint/commands.hpp"
#include "text/arena.hpp"

#include <vector>

namespace dockerlint::stand_in {

/// run.commands, or what stands in for them.
std::vector<const RunCommand*> commands_of(const RunStep& run, Arena& arena);

}  // namespace dockerlint::stand_in
