// SPDX-License-Identifier: Apache-2.0
#pragma once
// The keys of a configuration file. What is declared here is what is read, what the schema says and what
// docs/config.md lists; the options of rules come from the rules.

#include "dockerlint/config.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace dockerlint::config {

struct Key {
  enum class Type : std::uint8_t { flag, choice, string, strings, rules, overrides };

  std::string_view name;
  Type type;
  std::string_view summary;   // one line
  std::string_view fallback;  // as TOML writes it
  std::span<const std::string_view> choices = {};
};

std::span<const Key> file_keys();
/// Of each of the [[overrides]].
std::span<const Key> override_keys();

// In the order of the enumerations that they name.
inline constexpr std::string_view kCachePolicies[] = {"auto", "mounts", "clean"};
inline constexpr std::string_view kCi[] = {"unknown", "ephemeral", "persistent"};
inline constexpr std::string_view kSeverities[] = {"hint", "info", "warning", "error"};
inline constexpr std::string_view kFailOn[] = {"hint", "info", "warning", "error", "never"};
inline constexpr std::string_view kLevels[] = {"hint", "info", "warning", "error", "on", "off"};
inline constexpr std::string_view kFixPolicies[] = {"never", "safe", "unsafe"};

/// In the table of a rule, beside its options.
inline constexpr std::string_view kSeverityKey = "severity";
inline constexpr std::string_view kFixKey = "fix";

/// "unknown rule 'cache/mising-sharing': did you mean cache/missing-sharing?"
std::string unknown_rule(std::string_view name);

}  // namespace dockerlint::config
