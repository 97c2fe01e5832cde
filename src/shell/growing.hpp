// SPDX-License-Identifier: Apache-2.0
#pragma once
// Lists that are put together while other lists are: those of a command, and those of the commands inside it.

#include <cstddef>
#include <span>
#include <vector>

namespace dockerlint::shell {

/// The top of a stack that holds the unfinished lists of one kind, the outer ones below the inner ones. So they need no
/// memory of their own.
template <typename T>
class Growing {
 public:
  explicit Growing(std::vector<T>& stack) : stack_(stack), first_(stack.size()) {}
  ~Growing() { stack_.erase(stack_.begin() + static_cast<std::ptrdiff_t>(first_), stack_.end()); }
  Growing(const Growing&) = delete;
  Growing& operator=(const Growing&) = delete;

  void push_back(const T& item) { stack_.push_back(item); }
  bool empty() const { return stack_.size() == first_; }
  std::size_t size() const { return stack_.size() - first_; }
  T& operator[](std::size_t index) { return stack_[first_ + index]; }
  T& front() { return stack_[first_]; }
  T& back() { return stack_.back(); }
  std::span<const T> items() const { return std::span<const T>(stack_).subspan(first_); }

 private:
  std::vector<T>& stack_;
  std::size_t first_;
};

}  // namespace dockerlint::shell
