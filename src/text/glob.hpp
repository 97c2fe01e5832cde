// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace dockerlint {

/// Whether all of `text` fits the pattern: `*` stands for any text, `?` for one byte. Goes back to the last star only,
/// so takes at most the product of both lengths.
bool glob_matches(std::string_view text, std::string_view pattern);

}  // namespace dockerlint
