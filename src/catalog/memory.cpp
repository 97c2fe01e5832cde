// SPDX-License-Identifier: Apache-2.0
#include "catalog/memory.hpp"

#include <functional>
#include <optional>

namespace dockerlint {
namespace {

/// Which of the commands of its RUN it is. Absent for one that stands nowhere, such as a fix would write.
std::optional<std::size_t> index_of(const RunCommand& command) {
  if (command.run == nullptr) return std::nullopt;
  const auto commands = command.run->commands;
  const std::less<> before;
  if (before(&command, commands.data()) || !before(&command, commands.data() + commands.size())) return std::nullopt;
  return static_cast<std::size_t>(&command - commands.data());
}

}  // namespace

Answer<ToolUse> Catalog::uses(const RunCommand& command) const {
  const auto index = memory_ == nullptr ? std::nullopt : index_of(command);
  if (!index) {
    std::vector<ToolUse> uses;
    add_uses(command, uses);
    return uses;
  }
  AnswersOfRun<ToolUse>& known = memory_->runs[command.run].uses;
  if (!known.known())
    known.ask(*command.run, [&](const RunCommand& one, std::vector<ToolUse>& uses) { add_uses(one, uses); });
  return known.of(*index);
}

Answer<DirectoryUse> Catalog::directory_uses(const RunStep& run) const {
  const auto add = [&](const RunCommand& one, std::vector<DirectoryUse>& uses) { add_directory_uses(one, uses); };
  if (memory_ == nullptr) {
    std::vector<DirectoryUse> uses;
    for (const RunCommand& command : run.commands) add(command, uses);
    return uses;
  }
  AnswersOfRun<DirectoryUse>& known = memory_->runs[&run].directories;
  if (!known.known()) known.ask(run, add);
  return known.all();
}

/// Empty where nothing is remembered of the command.
std::span<const DirectoryUse> Catalog::remembered_directory_uses(const RunCommand& command) const {
  const auto index = memory_ == nullptr ? std::nullopt : index_of(command);
  if (!index) return {};
  const auto run = memory_->runs.find(command.run);
  if (run == memory_->runs.end() || !run->second.directories.known()) return {};
  return run->second.directories.of(*index);
}

}  // namespace dockerlint
