// SPDX-License-Identifier: Apache-2.0
#pragma once
// Memory for one file's tree: taken piece by piece, given back at once.

#include "dockerlint/kept_list.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace dockerlint {

/// Only for what needs no destructor: nothing is ever destroyed, the memory just goes.
class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  template <typename T>
  T* make(const T& value) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (take(sizeof(T), alignof(T))) T(value);
  }

  /// A list of one.
  template <typename T>
  std::span<const T> keep_one(const T& value) {
    return {make(value), 1};
  }

  /// A copy of a scratch list that lives as long as the arena.
  template <typename T>
  std::span<const T> keep(const std::vector<T>& scratch) {
    return keep_mutable(std::span<const T>(scratch));
  }
  template <typename T>
  std::span<const T> keep(std::span<const T> scratch) {
    return keep_mutable(scratch);
  }

  /// The same, for what is completed later.
  template <typename T>
  std::span<T> keep_mutable(const std::vector<T>& scratch) {
    return keep_mutable(std::span<const T>(scratch));
  }
  template <typename T>
  std::span<T> keep_mutable(std::span<const T> scratch) {
    static_assert(std::is_trivially_destructible_v<T> && std::is_trivially_copyable_v<T>);
    if (scratch.empty()) return {};
    T* kept = static_cast<T*>(take(scratch.size_bytes(), alignof(T)));
    std::uninitialized_copy(scratch.begin(), scratch.end(), kept);
    return {kept, scratch.size()};
  }

  /// The same, for a list of a tree.
  template <typename T>
  KeptList<T> keep_list(std::span<const T> scratch) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= alignof(std::size_t));
    if (scratch.empty()) return {};
    auto* const length =
        static_cast<std::size_t*>(take(sizeof(std::size_t) + scratch.size_bytes(), alignof(std::size_t)));
    *length = scratch.size();
    std::uninitialized_copy(scratch.begin(), scratch.end(), reinterpret_cast<T*>(length + 1));
    return KeptList<T>(length);
  }
  template <typename T>
  KeptList<T> keep_list(const std::vector<T>& scratch) {
    return keep_list(std::span<const T>(scratch));
  }
  template <typename T>
  KeptList<T> keep_list_of(const T& only) {
    return keep_list(std::span<const T>(&only, 1));
  }

  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    char* kept = static_cast<char*>(take(text.size(), 1));
    std::memcpy(kept, text.data(), text.size());
    return {kept, text.size()};
  }

 private:
  // Chunks grow with what is kept, so that a small file needs few and a large one wastes little.
  static constexpr std::size_t kSmallest = 4096;
  static constexpr std::size_t kLargest = 64 * 1024;

  void* take(std::size_t size, std::size_t alignment) {
    const std::size_t padding = -reinterpret_cast<std::uintptr_t>(next_) & (alignment - 1);
    if (size + padding > left_) return take_from_new_chunk(size);
    void* const taken = next_ + padding;
    next_ += size + padding;
    left_ -= size + padding;
    return taken;
  }

  void* take_from_new_chunk(std::size_t size) {
    const std::size_t chunk = std::clamp(total_ / 2, kSmallest, kLargest);
    const bool alone = size > chunk / 4;  // the chunk that is in use is not full yet
    chunks_.emplace_back(new std::byte[alone ? size : chunk]);
    total_ += alone ? size : chunk;
    std::byte* const taken = chunks_.back().get();
    if (!alone) {
      next_ = taken + size;
      left_ = chunk - size;
    }
    return taken;
  }

  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t total_ = 0;
};

}  // namespace dockerlint
