// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a catalog was asked of the commands of one file.

#include "dockerlint/catalog.hpp"

#include <functional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace dockerlint {

struct Catalog::Memory {
  using Question = std::pair<const CacheDir*, const RunCommand*>;
  struct Hash {
    std::size_t operator()(const Question& q) const {
      return std::hash<const void*>()(q.first) * 31 + std::hash<const void*>()(q.second);
    }
  };

  std::unordered_map<const RunCommand*, std::vector<ToolUse>> uses;  // of programs that a tool knows
  std::unordered_map<Question, DirectoryPlace, Hash> places;
};

}  // namespace dockerlint
