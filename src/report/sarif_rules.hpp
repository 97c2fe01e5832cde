// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rules as SARIF describes them, with their pages as help.

#include "dockerlint/report.hpp"
#include "report/json_text.hpp"

#include <string>
#include <string_view>

namespace dockerlint {

/// SARIF's level: it knows no hints.
std::string_view sarif_level(Severity severity);

void write_sarif_rule(JsonWriter& json, const Rule& rule);

}  // namespace dockerlint
