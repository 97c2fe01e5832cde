// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {

extern constinit const Rule syntax_invalid_substitution{
    .name = "syntax/invalid-substitution",
    .summary = "variables in a form that BuildKit cannot expand",
    .severity = Severity::error,
    .fix = FixKind::none,
    .since = "0.1.0",
    .check = each_build_error<BuildErrorKind::variable>,
};

}  // namespace dockerlint::rules
