// SPDX-License-Identifier: Apache-2.0
#pragma once
// Work that two stages do alike. BuildKit does a step once for all stages where everything before it is the same,
// to the letter; where something differs that the work does not depend on, it does it again.

#include "dockerlint/catalog.hpp"
#include "dockerlint/commands.hpp"
#include "dockerlint/model.hpp"

#include <vector>

namespace dockerlint {

enum class WorkKind : std::uint8_t {
  packages,  // of the system: needs no sources
  build,     // compiles or installs, from what lies in the stage
};

/// Two RUNs of stages that are not built on each other: the same commands, on the same base, of the same sources,
/// and yet two steps for BuildKit.
struct SameWork {
  WorkKind kind = WorkKind::build;
  const RunCommand* first = nullptr;
  const RunCommand* again = nullptr;
  const Instruction* apart = nullptr;  // the first instruction that stands before one of them only, or in another place
};

/// In the order of the second RUNs. What is not known is never the same.
std::vector<SameWork> same_works(const Model& model, const Catalog& catalog);

}  // namespace dockerlint
