// SPDX-License-Identifier: Apache-2.0
#pragma once
// How compose and bake put one file on top of another.

#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace dockerlint::project {

template <typename T>
void override_with(std::optional<T>& base, std::optional<T>&& over) {
  if (over) base = std::move(over);
}

/// Things with a name: those of the same name are replaced in their place, others come behind.
template <typename T>
void merge_named(std::vector<T>& base, std::vector<T>&& over) {
  std::map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < base.size(); ++i) places.emplace(base[i].name, i);
  std::vector<T> more;
  for (T& one : over) {
    const auto same = places.find(one.name);
    if (same == places.end()) more.push_back(std::move(one));
    else base[same->second].value = std::move(one.value);
  }
  std::move(more.begin(), more.end(), std::back_inserter(base));
}

}  // namespace dockerlint::project
