// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {

extern constinit const Rule syntax_invalid_value{
    .name = "syntax/invalid-value",
    .summary = "ports, signals, platforms and volumes that do not exist",
    .severity = Severity::error,
    .fix = FixKind::none,
    .since = "0.1.0",
    .check = each_build_error<BuildErrorKind::argument>,
};

}  // namespace dockerlint::rules
