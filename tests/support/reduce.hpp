// SPDX-License-Identifier: Apache-2.0
#pragma once
// Delta debugging: what is left of a Dockerfile when all is gone that a fault does not need.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace dockerlint::test {

/// Takes away instructions, then lines, then tokens and words for as long as `shows` still says true of the rest, which
/// it must say of `bytes`. Asks at most `tries` times.
std::string reduced(std::string bytes, const std::function<bool(std::string_view)>& shows, std::size_t tries = 2000);

}  // namespace dockerlint::test
