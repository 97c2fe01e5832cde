// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a catalog was asked of the commands of one file: many rules ask the same.

#include "dockerlint/catalog.hpp"

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

namespace dockerlint {

/// The answers for all commands of a RUN, one after the other. All are asked for when the first is.
template <typename T>
class AnswersOfRun {
 public:
  bool known() const { return !begins_.empty(); }

  /// `add` puts the answers for one command behind those that are there.
  template <typename Add>
  void ask(const RunStep& run, Add add) {
    std::vector<T> items;
    std::vector<std::uint32_t> begins;
    begins.reserve(run.commands.size() + 1);
    for (const RunCommand& command : run.commands) {
      begins.push_back(static_cast<std::uint32_t>(items.size()));
      add(command, items);
    }
    begins.push_back(static_cast<std::uint32_t>(items.size()));
    items_ = std::move(items);
    begins_ = std::move(begins);
  }

  std::span<const T> all() const { return items_; }
  /// Of the command with this index.
  std::span<const T> of(std::size_t command) const {
    return all().subspan(begins_[command], begins_[command + 1] - begins_[command]);
  }

 private:
  std::vector<T> items_;
  std::vector<std::uint32_t> begins_;  // one more than there are commands; empty until somebody asks
};

struct Catalog::Memory {
  struct OfRun {
    AnswersOfRun<ToolUse> uses;
    AnswersOfRun<DirectoryUse> directories;
  };
  std::unordered_map<const RunStep*, OfRun> runs;
};

}  // namespace dockerlint
