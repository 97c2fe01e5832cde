// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a Dockerfile means, for people and for tests.

#include "dockerlint/model.hpp"

#include <string>

namespace dockerlint {

/// A stage a block: what it builds on, then a line for each step, by the line that it is on, with what is
/// known there. What nobody knows is `?`.
std::string dump_model(const Model& model);

}  // namespace dockerlint
