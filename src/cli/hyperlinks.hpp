// SPDX-License-Identifier: Apache-2.0
#pragma once
// Hyperlinks in the terminal (OSC 8): where they lead, and which terminals have them.

#include "cli/output.hpp"

#include <string>

namespace dockerlint::cli {

/// What stands before `cache/lost-output.md` in the URL of that rule's page, for what is written to `fd`: the pages
/// that were installed with the program, or those at DOCKERLINT_DOCS_URL. Empty where there are no pages, or no links
/// are wanted: by default they are on a terminal that is known to have them.
std::string rule_pages(Choice choice, int fd);

}  // namespace dockerlint::cli
