// SPDX-License-Identifier: Apache-2.0
#pragma once
// Diffs as people look at them.

#include <string>
#include <string_view>

namespace dockerlint::cli {

/// Coloured as git does, and harmless where it goes to a terminal.
std::string painted(std::string_view diff, bool color, bool terminal);

/// What names a hunk of a Dockerfile: the stage that it is in.
bool begins_stage(std::string_view line);

/// The difference that makes a new file, or an old one longer.
std::string diff_of_file(std::string_view path, bool is_new, std::string_view before, std::string_view after);

}  // namespace dockerlint::cli
