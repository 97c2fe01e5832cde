// SPDX-License-Identifier: Apache-2.0
#include "text/near_name.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace dockerlint {
namespace {

constexpr std::size_t kLongest = 64;

/// Edits between two short words, a swap of neighbours counting as one (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::array<std::uint8_t, kLongest + 1>, 3> rows{};
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = static_cast<std::uint8_t>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i - 1) % 3];
    row[0] = static_cast<std::uint8_t>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = to_lower(a[i - 1]) == to_lower(b[j - 1]);
      int best = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && to_lower(a[i - 1]) == to_lower(b[j - 2]) && to_lower(a[i - 2]) == to_lower(b[j - 1]))
        best = std::min(best, rows[(i - 2) % 3][j - 2] + 1);
      row[j] = static_cast<std::uint8_t>(best);
    }
  }
  return rows[a.size() % 3][b.size()];
}

}  // namespace

std::string_view near_name(std::string_view name, std::span<const std::string_view> candidates) {
  std::string_view nearest;
  if (name.empty() || name.size() > kLongest) return nearest;
  std::size_t best = std::max<std::size_t>(1, std::min<std::size_t>(2, name.size() / 3)) + 1;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > kLongest || candidate.size() + 2 < name.size() || name.size() + 2 < candidate.size())
      continue;
    const bool cut_short = name.size() >= 3 && equal_ignoring_case(candidate.substr(0, name.size()), name);
    const std::size_t edits = cut_short ? 1 : distance(name, candidate);
    if (edits < best) {
      best = edits;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace dockerlint
