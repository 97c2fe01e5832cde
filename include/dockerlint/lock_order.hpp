// SPDX-License-Identifier: Apache-2.0
#pragma once
// In which order the RUNs of a file take the locks of their caches. Two that take two of them in opposite order can
// wait for each other for good.

#include "dockerlint/model.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace dockerlint {

/// More than anyone writes in one RUN: where there are more, nothing is said of them, for all pairs would be too many.
constexpr std::size_t kMostLocks = 32;

/// The cache mounts that the RUN locks, in the order in which BuildKit takes them: by target (client/llb/exec.go sorts).
/// Nothing beyond kMostLocks.
std::vector<const Mount*> locks_of(const RunStep& run);

/// Whether RUNs would take locks in opposite order if these mounts of one cache had an id of their own.
bool would_cross_locks(std::span<const Mount* const> apart);

}  // namespace dockerlint
