// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a project may choose: of itself, for every rule, and of each rule that declares an option. The
// declaration is all there is: the configuration file, its schema and its documentation are made from it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace dockerlint {

/// Where the files of package managers belong: in cache mounts, or nowhere.
enum class CachePolicy : std::uint8_t { automatic, mounts, clean };
std::string_view to_string(CachePolicy);

/// What becomes of the builder's caches between two builds in CI.
enum class Ci : std::uint8_t { unknown, ephemeral, persistent };
std::string_view to_string(Ci);

/// What a project says of itself, so that rules need not guess.
struct ProjectChoices {
  CachePolicy cache_policy = CachePolicy::automatic;
  Ci ci = Ci::unknown;
};

using OptionWords = std::span<const std::string_view>;
/// The type of the default is the type of the option.
using OptionDefault = std::variant<bool, std::int64_t, std::string_view, OptionWords>;
using OptionValue = std::variant<bool, std::int64_t, std::string, std::vector<std::string>>;
/// What a project has chosen, by the option's place in Rule::options. Shorter where the rest is as declared.
using OptionValues = std::vector<std::optional<OptionValue>>;

/// An option of a rule, whatever its type. Rules declare an Option<T>.
struct RuleOption {
  std::string_view name;     // as in the configuration file: small words and hyphens
  std::string_view summary;  // one line, completes "NAME: …"
  OptionDefault fallback;
  std::span<const std::string_view> choices;  // of words; empty: any
  std::int64_t least = 0;                     // of numbers
};

/// A constant of a rule's file, listed in Rule::options and asked for by RuleContext::option():
///   constexpr Option<std::int64_t> kMaxSteps{"max-steps", "how many RUNs are too many", 20};
///   constexpr const RuleOption* kOptions[] = {&kMaxSteps};
template <typename T>
struct Option : RuleOption {
  static_assert(std::is_same_v<T, bool> || std::is_same_v<T, std::int64_t> || std::is_same_v<T, std::string_view> ||
                std::is_same_v<T, OptionWords>);
  constexpr Option(std::string_view option_name, std::string_view about, T otherwise = {})
      : RuleOption{option_name, about, OptionDefault(std::in_place_type<T>, otherwise), {}} {}
  /// One of a few words.
  constexpr Option(std::string_view option_name, std::string_view about, T otherwise,
                   std::span<const std::string_view> words) requires std::is_same_v<T, std::string_view>
      : RuleOption{option_name, about, OptionDefault(std::in_place_type<T>, otherwise), words} {}
};

}  // namespace dockerlint
