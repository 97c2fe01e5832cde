// SPDX-License-Identifier: Apache-2.0
#include "model/environment_stub.hpp"

namespace dockerlint {

Variable Environment::find(std::string_view name) const {
  if (stage_ == nullptr) return {false, false, {}};
  for (const bool env : {true, false})
    for (const StageVariables* cell = stage_; cell != nullptr; cell = cell->before)
      if (!cell->name.empty() && cell->is_env == env && cell->name == name) return cell->variable;
  return {!stage_->base_unknown && name != "PATH", false, {}};
}

}  // namespace dockerlint
