// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace dockerlint::plan {

/// How the page looks, by day and by night.
std::string_view html_style();

}  // namespace dockerlint::plan
