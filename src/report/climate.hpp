// SPDX-License-Identifier: Apache-2.0
#pragma once
// What Code Climate's format and GitLab's, which is a part of it, have in common.

#include "dockerlint/diagnostic.hpp"

namespace dockerlint {

constexpr std::string_view climate_severity(Severity severity) {
  switch (severity) {
    case Severity::error: return "critical";
    case Severity::warning: return "major";
    case Severity::info: return "minor";
    case Severity::hint: break;
  }
  return "info";
}

}  // namespace dockerlint
