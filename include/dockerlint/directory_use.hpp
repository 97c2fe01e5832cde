// SPDX-License-Identifier: Apache-2.0
#pragma once
// What it means that a command uses a directory that the catalog knows.

#include "dockerlint/catalog.hpp"
#include "dockerlint/commands.hpp"
#include "dockerlint/model.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace dockerlint {

/// Whether all that the command does to files is known. What runs scripts that somebody else has written is not.
bool is_known(const RunCommand& command, const Catalog& catalog);

/// Whether one of the paths lies in the other, or they are the same.
bool meet(std::string_view a, std::string_view b);

/// What a mount on `target` would have to name for a directory that lies at `place`: the same, as seen from one of
/// the directory's usual places. Empty where `target` is at, above or below none of these.
std::string target_for(const CacheDir& directory, std::string_view place, std::string_view target);

/// The variable that decides where the directory lies for the command; empty when none is set that does.
std::string_view deciding_variable(const CacheDir& directory, const RunCommand& command);

/// Whether the command itself says where the directory lies: by an option, or by variables that stand before it.
bool is_placed_by_command(const CacheDir& directory, const RunCommand& command);

}  // namespace dockerlint
