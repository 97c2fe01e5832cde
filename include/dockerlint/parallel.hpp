// SPDX-License-Identifier: Apache-2.0
#pragma once
// How builds that must take turns are let run side by side.

#include "dockerlint/catalog.hpp"
#include "dockerlint/diagnostic.hpp"
#include "dockerlint/model.hpp"

#include <optional>

namespace dockerlint::edit {

/// Links cargo's lock, which lies beside the registry, into the mount of the registry, in each RUN that has this
/// cache, and lets them share it and cargo's git checkouts. Safe where every later cargo of the same stages has the
/// mount: the link points into it. Absent where it cannot be done, or where another lock in such a RUN makes the
/// builds wait all the same.
std::optional<Fix> share_cargo_lock(const Model& model, const Catalog& catalog, const Mount& registry);

}  // namespace dockerlint::edit
