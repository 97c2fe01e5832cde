// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `dockerlint [PATH…]` does: every file is read, linted or fixed, and shown.

#include "cli/options.hpp"

namespace dockerlint::cli {

/// Returns the exit status.
int run(const Options& options);

}  // namespace dockerlint::cli
