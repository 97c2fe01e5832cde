// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace dockerlint::cli {

/// Ends the reading of a command line. For the user.
struct Refusal {
  std::string message;
};

inline constexpr std::string_view kSeeHelp = " (see dockerlint --help)";

}  // namespace dockerlint::cli
