// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {

extern constinit const Rule syntax_invalid_flag{
    .name = "syntax/invalid-flag",
    .summary = "flags that an instruction does not have, or not with this value",
    .severity = Severity::error,
    .fix = FixKind::none,
    .since = "0.1.0",
    .check = each_syntax_error<SyntaxErrorKind::flag>,
};

}  // namespace dockerlint::rules
