// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {

extern constinit const Rule from_invalid_image{
    .name = "from/invalid-image",
    .summary = "names that can name no image",
    .severity = Severity::error,
    .fix = FixKind::none,
    .since = "0.1.0",
    .check = each_build_error<BuildErrorKind::image>,
};

}  // namespace dockerlint::rules
