// SPDX-License-Identifier: Apache-2.0
#pragma once
// "Did you mean": the one place that every name a person can mistype goes through.

#include <span>
#include <string_view>

namespace dockerlint {

/// The candidate nearest to `name` by edits (a swap of neighbours is one), in any case. Empty when none is
/// near enough: one edit for three letters, two at most, or an ending of two letters left out.
std::string_view near_name(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace dockerlint
