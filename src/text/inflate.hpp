// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is built in and seldom asked for is kept small: the pages of the rules.

#include <cstddef>
#include <span>
#include <string>

namespace dockerlint {

/// The text of `size` bytes that `deflated`, as RFC 1951 has it, stands for. For data of our own: of any other, as much
/// as can be told.
std::string inflate(std::span<const unsigned char> deflated, std::size_t size);

}  // namespace dockerlint
