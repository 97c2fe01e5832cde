// SPDX-License-Identifier: Apache-2.0
#pragma once
// Dockerfiles that stand in bake files.

#include "dockerlint/project.hpp"
#include "project/hcl/syntax.hpp"

#include <string>
#include <string_view>

namespace dockerlint::project {

/// `text` is what the expression gives, `file` the bytes that it stands in.
InlineDockerfile read_bake_inline(const hcl::Expr& expr, std::string text, std::string_view file, FilePlace where);

}  // namespace dockerlint::project
