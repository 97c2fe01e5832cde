// SPDX-License-Identifier: Apache-2.0
#pragma once
// Fixes of several files that are only right together: all users of an id get what one of them gets.

#include "dockerlint/diagnostic.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>

namespace dockerlint {

/// Makes the finding's fix one with those that the same rule has in other files, which go in together or not at all.
/// `what` is the same in all of them, and `files` is their number; of one, nothing changes.
inline void join_group(Diagnostic& found, std::string_view what, std::size_t files) {
  if (!found.fix || files < 2) return;
  found.fix->title += fmt::format(", in all {} files", files);
  found.fix->group = what;
  found.fix->group_files = files;
}

}  // namespace dockerlint
