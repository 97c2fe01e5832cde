// SPDX-License-Identifier: Apache-2.0
#pragma once
// The difference of two texts, line by line, as `git apply` and `patch` take it. Any bytes will do.

#include <string>
#include <string_view>

namespace dockerlint {

/// A unified diff with three lines of context that turns `before` into `after`; empty when they are equal.
/// `path` is named as a/path and b/path, in quotes as git does where it must. As git names the function that a hunk
/// is in, each names the last line before it for which `heads` says yes.
std::string unified_diff(std::string_view path, std::string_view before, std::string_view after,
                         bool (*heads)(std::string_view line) = nullptr);

}  // namespace dockerlint
