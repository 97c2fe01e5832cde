// SPDX-License-Identifier: Apache-2.0
#pragma once
// In which order the RUNs of a file take the locks of their caches. Two that take two of them in opposite order can
// wait for each other for good.

#include "dockerlint/model.hpp"

#include <span>
#include <vector>

namespace dockerlint {

/// The cache mounts that the RUN locks, in the order in which BuildKit takes them: by target (client/llb/exec.go sorts).
/// Nothing where they are more than anyone writes: all pairs of them would be too many.
std::vector<const Mount*> locks_of(const RunStep& run);

/// Whether RUNs would take locks in opposite order if these mounts of one cache had an id of their own.
bool would_cross_locks(std::span<const Mount* const> apart);

}  // namespace dockerlint
