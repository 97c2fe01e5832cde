// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {

extern constinit const Rule syntax_overlong_line{
    .name = "syntax/overlong-line",
    .summary = "lines of more than 65,535 bytes",
    .severity = Severity::error,
    .fix = FixKind::none,
    .since = "0.1.0",
    .check = each_syntax_error<SyntaxErrorKind::line_too_long>,
};

}  // namespace dockerlint::rules
