// SPDX-License-Identifier: Apache-2.0
#pragma once
// What was read, for people and for tests.

#include "dockerlint/syntax.hpp"

#include <string>

namespace dockerlint {

/// A token a line: `2:1 keyword "RUN"`. The text is quoted as in C, so that nothing in it can hide.
std::string dump_tokens(const Document& document);
/// An instruction a block, its parts indented below it.
std::string dump_tree(const Document& document);

}  // namespace dockerlint
