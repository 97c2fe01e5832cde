// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {

extern constinit const Rule syntax_missing_stage{
    .name = "syntax/missing-stage",
    .summary = "files without a FROM, and instructions before it",
    .severity = Severity::error,
    .fix = FixKind::none,
    .since = "0.1.0",
    .aliases = "DL3061",
    .check = each_syntax_error<SyntaxErrorKind::stage>,
};

}  // namespace dockerlint::rules
