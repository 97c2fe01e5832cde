// SPDX-License-Identifier: Apache-2.0
#pragma once
// The tokens of a document, which few ask for: they are made of its tree and of its lines.

#include "dockerlint/syntax.hpp"

#include <vector>

namespace dockerlint {

std::vector<Token> make_tokens(const Document& document);

}  // namespace dockerlint
