// SPDX-License-Identifier: Apache-2.0
#pragma once
// Pieces of a user's file in the middle of a message.

#include <string>
#include <string_view>

namespace dockerlint {

/// The text, or as much of it as a message can bear, with `…` for the rest; line ends become blanks.
std::string shown(std::string_view text);

}  // namespace dockerlint
