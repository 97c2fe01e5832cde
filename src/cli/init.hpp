// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/options.hpp"

namespace dockerlint::cli {

/// Shows what a repository needs to use dockerlint, and writes it if the user agrees. Returns the exit status.
int init(const Options& options);

}  // namespace dockerlint::cli
