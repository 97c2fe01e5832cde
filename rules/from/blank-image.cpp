// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {

extern constinit const Rule from_blank_image{
    .name = "from/blank-image",
    .summary = "base images that have no name unless --build-arg gives one",
    .severity = Severity::info,
    .fix = FixKind::none,
    .since = "0.1.0",
    .aliases = "InvalidDefaultArgInFrom",
    .check = each_build_error<BuildErrorKind::blank_image>,
};

}  // namespace dockerlint::rules
