// SPDX-License-Identifier: Apache-2.0
#pragma once
// The trust gate: no fixed text leaves the engine that was not read again and compared with what it was.

#include "dockerlint/catalog.hpp"
#include "dockerlint/diagnostic.hpp"
#include "dockerlint/syntax.hpp"
#include "engine/apply.hpp"

#include <optional>
#include <span>
#include <string>

namespace dockerlint {

struct Reading {
  const Document& document;
  std::span<const Diagnostic> findings;
};

/// Why the fixes that made `after` out of `before` must not be taken; nothing when they may:
/// 1. BuildKit refuses nothing in it that it did not refuse before, save in an instruction that it did:
///    behind one mistake there may be another;
/// 2. instructions, flags, arguments and heredocs that no edit touches are there unchanged, and no
///    instruction is new or gone that no edit names;
/// 3. no comment is lost, save one that a fixed finding is about;
/// 4. what was fixed is no longer found there, and no error or warning as grave is new, save what
///    can be fixed safely in turn;
/// 5. whoever found a file where it looks for one still finds it (effects.hpp).
std::optional<std::string> gate(const Reading& before, const Reading& after, const Applied& applied,
                                const Catalog& catalog);

}  // namespace dockerlint
