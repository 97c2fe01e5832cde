// SPDX-License-Identifier: Apache-2.0
#pragma once
// Memory for one file's tree: taken piece by piece, given back at once.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <memory_resource>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace dockerlint {

/// Only for what needs no destructor: nothing is ever destroyed, the memory just goes.
class Arena {
 public:
  template <typename T>
  T* make(const T& value) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (memory_.allocate(sizeof(T), alignof(T))) T(value);
  }

  /// A list of one.
  template <typename T>
  std::span<const T> keep_one(const T& value) {
    return {make(value), 1};
  }

  /// A copy of a scratch list that lives as long as the arena.
  template <typename T>
  std::span<const T> keep(const std::vector<T>& scratch) {
    return keep_mutable(scratch);
  }

  /// The same, for what is completed later.
  template <typename T>
  std::span<T> keep_mutable(const std::vector<T>& scratch) {
    static_assert(std::is_trivially_destructible_v<T> && std::is_trivially_copyable_v<T>);
    if (scratch.empty()) return {};
    T* kept = static_cast<T*>(memory_.allocate(scratch.size() * sizeof(T), alignof(T)));
    std::uninitialized_copy(scratch.begin(), scratch.end(), kept);
    return {kept, scratch.size()};
  }

  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    char* kept = static_cast<char*>(memory_.allocate(text.size(), 1));
    std::memcpy(kept, text.data(), text.size());
    return {kept, text.size()};
  }

 private:
  std::pmr::monotonic_buffer_resource memory_{4096};
};

}  // namespace dockerlint
