// SPDX-License-Identifier: Apache-2.0
#pragma once
// What EXPOSE, STOPSIGNAL and FROM --platform take.

#include <string>
#include <string_view>

namespace dockerlint {

/// Why BuildKit refuses a word of EXPOSE, after expansion; empty when it takes it.
std::string port_error(std::string_view word);
/// A signal of Linux by name, with or without SIG, or by number.
bool is_signal(std::string_view word);
/// os/arch or os/arch/variant of any name; an os or arch alone must be a known one (containerd/platforms).
bool is_platform(std::string_view word);

}  // namespace dockerlint
