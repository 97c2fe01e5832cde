// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {

extern constinit const Rule syntax_invalid_arguments{
    .name = "syntax/invalid-arguments",
    .summary = "instructions whose arguments are missing, too many, or of the wrong form",
    .severity = Severity::error,
    .fix = FixKind::none,
    .since = "0.1.0",
    .check = each_syntax_error<SyntaxErrorKind::arguments>,
};

}  // namespace dockerlint::rules
