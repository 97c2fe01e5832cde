// SPDX-License-Identifier: Apache-2.0
#pragma once
// The difference of two texts, line by line, as `git apply` and `patch` take it. Any bytes will do.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint {

/// A unified diff with three lines of context that turns `before` into `after`; empty when they are equal.
/// `path` is named as a/path and b/path, in quotes as git does where it must.
std::string unified_diff(std::string_view path, std::string_view before, std::string_view after);

/// Lines [before, before + removed) became [after, after + added); both count from 0.
struct LineChange {
  std::size_t before;
  std::size_t removed;
  std::size_t after;
  std::size_t added;
};

/// What changed from one text to another, in order. How lines end does not count.
std::vector<LineChange> line_changes(std::string_view before, std::string_view after);

}  // namespace dockerlint
