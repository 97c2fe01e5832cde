// SPDX-License-Identifier: Apache-2.0
#pragma once
// The commands beside linting. Each returns the exit status.

#include "cli/options.hpp"

namespace dockerlint::cli {

int explain(const Options& options);
int list_rules(const Options& options);
int configuration(const Options& options);
int dump(const Options& options);
int print(std::string_view text);

}  // namespace dockerlint::cli
