// SPDX-License-Identifier: Apache-2.0
#pragma once
// A list of a tree, for trees that are mostly lists, and whose lists are mostly empty.

#include <cstddef>

namespace dockerlint {

/// What std::span<const T> is, in one pointer: the length stands before the items. They live in an arena, which alone
/// makes such lists that are not empty (Arena::keep_list).
template <typename T>
class KeptList {
 public:
  KeptList() = default;

  const T* data() const { return length_ == nullptr ? nullptr : reinterpret_cast<const T*>(length_ + 1); }
  std::size_t size() const { return length_ == nullptr ? 0 : *length_; }
  bool empty() const { return length_ == nullptr; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size(); }
  const T& operator[](std::size_t index) const { return data()[index]; }
  const T& front() const { return data()[0]; }
  const T& back() const { return data()[size() - 1]; }

 private:
  friend class Arena;
  explicit KeptList(const std::size_t* length) : length_(length) {}

  const std::size_t* length_ = nullptr;
};

}  // namespace dockerlint
