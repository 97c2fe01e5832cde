// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {

extern constinit const Rule syntax_invalid_directive{
    .name = "syntax/invalid-directive",
    .summary = "parser directives that BuildKit refuses",
    .severity = Severity::error,
    .fix = FixKind::none,
    .since = "0.1.0",
    .check = each_syntax_error<SyntaxErrorKind::directive>,
};

}  // namespace dockerlint::rules
