// SPDX-License-Identifier: Apache-2.0
#pragma once
// The words that options take.

#include "cli/usage.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::cli {

inline constexpr std::string_view kSeverities[] = {"error", "warning", "info", "hint"};
inline constexpr std::string_view kFailOn[] = {"error", "warning", "info", "hint", "never"};
inline constexpr std::string_view kWhen[] = {"auto", "always", "never"};
inline constexpr std::string_view kListFormats[] = {"text", "json"};
inline constexpr std::string_view kActions[] = {"show", "check", "schema"};
inline constexpr std::string_view kEmitted[] = {"cache-map", "github-actions"};
inline constexpr std::string_view kShells[] = {"bash", "zsh", "fish"};

/// The index of `value` in `known`. Refuses what is not there, with a guess.
std::size_t choose(std::string_view what, std::string_view value, std::span<const std::string_view> known);

/// What can stand where the help says so. Anything else is text that nobody can guess.
struct ValueKind {
  std::string_view name;
  OptionUsage::Takes takes;
  std::vector<std::string> words = {};
};
const std::vector<ValueKind>& value_kinds();

}  // namespace dockerlint::cli
