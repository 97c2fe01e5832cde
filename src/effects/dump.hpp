// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dockerlint/effects.hpp"

#include <string>

namespace dockerlint {

/// What each step reads and writes, and where what it reads lives, for people and for tests.
std::string dump_effects(const Model& model, const Catalog& catalog);

}  // namespace dockerlint
