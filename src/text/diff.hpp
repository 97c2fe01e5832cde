// SPDX-License-Identifier: Apache-2.0
#pragma once
// The difference of two texts, line by line, as `git apply` and `patch` take it. Any bytes will do.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint {

/// Lines [before, before + removed) became [after, after + added); counted from 0.
struct LineChange {
  std::size_t before;
  std::size_t removed;
  std::size_t after;
  std::size_t added;
};

/// Lines with their line ends; the last may lack one.
std::vector<std::string_view> lines_of(std::string_view text);

/// In order, with equal lines between them.
std::vector<LineChange> changes_between(const std::vector<std::string_view>& before,
                                        const std::vector<std::string_view>& after);

/// A unified diff with three lines of context that turns `before` into `after`; empty when they are equal.
/// `path` is named as a/path and b/path, in quotes as git does where it must. As git names the function that a hunk
/// is in, each names the last line before it for which `heads` says yes.
std::string unified_diff(std::string_view path, std::string_view before, std::string_view after,
                         bool (*heads)(std::string_view line) = nullptr);

}  // namespace dockerlint
