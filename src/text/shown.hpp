// SPDX-License-Identifier: Apache-2.0
#pragma once
// Pieces of a user's file in the middle of a message, and in what a dump prints.

#include "dockerlint/text.hpp"

#include <string>
#include <string_view>

namespace dockerlint {

/// The text, or as much of it as a message can bear, with `…` for the rest; line ends become blanks.
std::string shown(std::string_view text);

/// All of the text in double quotes, with escapes as in C for what could not be seen.
std::string quoted(std::string_view text);

/// `2:5-9`, or `2:5-3:1` over several lines: lines and columns from 1, the end exclusive.
std::string place(const SourceText& source, TextRange range);

}  // namespace dockerlint
