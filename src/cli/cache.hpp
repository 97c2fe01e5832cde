// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/options.hpp"

namespace dockerlint::cli {

/// `dockerlint cache`: the plan of all caches. Returns the exit status.
int cache(const Options& options);

}  // namespace dockerlint::cli
