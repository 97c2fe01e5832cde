// SPDX-License-Identifier: Apache-2.0
#pragma once
// The value of a --mount: one CSV record of key=value fields (instructions/commands_runmount.go).

#include "dockerlint/model.hpp"
#include "model/function_ref.hpp"
#include "text/arena.hpp"

#include <optional>
#include <string_view>

namespace dockerlint {

/// What a mount is read in.
struct MountContext {
  Arena& arena;
  /// The word after expansion; nothing when it is unknown, or refused, which has been reported then.
  FunctionRef<Value(std::string_view word, TextRange range)> expand;
  FunctionRef<void(TextRange range, std::string_view message, std::string_view note, std::string_view meant)> error;
  Value workdir;     // absolute
  bool workdir_set;  // false: the file has no WORKDIR before, so that only the base image can tell
};

Mount read_mount(const Flag& flag, const MountContext& context);

}  // namespace dockerlint
