// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/shell_state.hpp"

namespace dockerlint {

/// The variables as they stand before one command of a script.
struct CommandVariables {
  const script::Binding* bindings = nullptr;
};

}  // namespace dockerlint
