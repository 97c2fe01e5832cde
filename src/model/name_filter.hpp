// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace dockerlint {

/// Tells of most names that they are not in a table, from their first byte and their length alone.
class NameFilter {
 public:
  template <typename Names>
  explicit constexpr NameFilter(const Names& names) {
    for (const auto& entry : names) {
      const std::string_view name = name_of(entry);
      lengths_[first(name)] |= length(name);
    }
  }

  constexpr bool may_have(std::string_view name) const {
    return !name.empty() && (lengths_[first(name)] & length(name)) != 0;
  }

 private:
  static constexpr std::string_view name_of(std::string_view name) { return name; }
  template <typename Entry>
  requires requires(const Entry& entry) { entry.name; }
  static constexpr std::string_view name_of(const Entry& entry) { return entry.name; }
  static constexpr std::size_t first(std::string_view name) { return static_cast<unsigned char>(name.front()) % 128; }
  static constexpr std::uint32_t length(std::string_view name) { return 1U << std::min<std::size_t>(name.size(), 31); }

  std::array<std::uint32_t, 128> lengths_{};
};

}  // namespace dockerlint
