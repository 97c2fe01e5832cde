// SPDX-License-Identifier: Apache-2.0
#pragma once
// What each command takes.

#include "cli/options.hpp"

#include <span>

namespace dockerlint::cli {

using CommandArguments = std::span<const char* const>;

void parse_lint(CommandArguments arguments, Options& options);

void parse_cache(CommandArguments arguments, Options& options);
void parse_completion(CommandArguments arguments, Options& options);
void parse_config(CommandArguments arguments, Options& options);
void parse_dump(CommandArguments arguments, Options& options);
void parse_explain(CommandArguments arguments, Options& options);
void parse_init(CommandArguments arguments, Options& options);
void parse_man(CommandArguments arguments, Options& options);
void parse_rules(CommandArguments arguments, Options& options);

}  // namespace dockerlint::cli
