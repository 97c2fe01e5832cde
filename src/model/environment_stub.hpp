// SPDX-License-Identifier: Apache-2.0
#pragma once
// A stub, until the model keeps what variables are at each place of the file: the settings as a list, the
// last one first. It knows nothing of base images.

#include "dockerlint/model.hpp"

namespace dockerlint {

struct StageVariables {
  const StageVariables* before = nullptr;
  std::string_view name;
  Variable variable;
  bool is_env = false;
  bool base_unknown = true;
};

}  // namespace dockerlint
