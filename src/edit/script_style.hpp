// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a script says of itself at its beginning.

#include "dockerlint/shell.hpp"

namespace dockerlint::edit {

/// `set`, which says how the rest of a script runs.
bool is_set(const shell::Pipeline& pipeline);

/// Whether the script begins by saying that a failed command ends it.
bool stops_at_failures(const shell::List& script);

}  // namespace dockerlint::edit
