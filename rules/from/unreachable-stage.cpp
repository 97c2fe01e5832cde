// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {

extern constinit const Rule from_unreachable_stage{
    .name = "from/unreachable-stage",
    .summary = "COPY and mounts that read from a stage that is not there yet",
    .severity = Severity::error,
    .fix = FixKind::none,
    .since = "0.1.0",
    .check = each_build_error<BuildErrorKind::stage>,
};

}  // namespace dockerlint::rules
