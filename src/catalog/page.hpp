// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is known of a tool, as text for people: Markdown that reads well in a terminal too.

#include "dockerlint/catalog.hpp"

#include <string>

namespace dockerlint {

/// Without a heading.
std::string tool_page(const Tool& tool);

}  // namespace dockerlint
