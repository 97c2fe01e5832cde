// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {

extern constinit const Rule syntax_unterminated_heredoc{
    .name = "syntax/unterminated-heredoc",
    .summary = "heredocs that nothing ends",
    .severity = Severity::error,
    .fix = FixKind::none,
    .since = "0.1.0",
    .check = each_syntax_error<SyntaxErrorKind::heredoc>,
};

}  // namespace dockerlint::rules
