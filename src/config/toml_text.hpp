// SPDX-License-Identifier: Apache-2.0
#pragma once
// Values as TOML, and JSON too, write them.

#include "dockerlint/option.hpp"

#include <string>
#include <string_view>

namespace dockerlint::config {

/// In quotes. Control characters are escaped.
std::string toml_string(std::string_view text);
std::string toml_value(const OptionValue& value);
std::string toml_value(const OptionDefault& value);

}  // namespace dockerlint::config
