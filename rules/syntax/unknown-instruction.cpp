// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {

extern constinit const Rule syntax_unknown_instruction{
    .name = "syntax/unknown-instruction",
    .summary = "lines that begin with a word that is no instruction",
    .severity = Severity::error,
    .fix = FixKind::none,
    .since = "0.1.0",
    .check = each_syntax_error<SyntaxErrorKind::instruction>,
};

}  // namespace dockerlint::rules
