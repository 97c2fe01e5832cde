// SPDX-License-Identifier: Apache-2.0
#pragma once
// docs/catalog.md, for people.

#include "dockerlint/catalog.hpp"

#include <span>
#include <string>

namespace dockerlint::catalog {

std::string reference(std::span<const Tool* const> tools);

}  // namespace dockerlint::catalog
