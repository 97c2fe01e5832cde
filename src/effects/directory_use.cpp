// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/directory_use.hpp"

#include "catalog/options.hpp"
#include "dockerlint/declarations.hpp"
#include "dockerlint/effects.hpp"
#include "effects/programs.hpp"

#include <algorithm>

namespace dockerlint {
namespace {

/// The home that a path lies in: /root or /home/somebody. Empty when it lies in none.
std::string_view home_around(std::string_view path) {
  constexpr std::string_view kRoot = "/root/";
  constexpr std::string_view kHome = "/home/";
  if (path.starts_with(kRoot)) return path.substr(0, kRoot.size() - 1);
  const std::size_t end = path.starts_with(kHome) ? path.find('/', kHome.size()) : path.npos;
  return end == path.npos || end == kHome.size() ? std::string_view() : path.substr(0, end);
}

/// Directories that are nobody's alone, and much more than a cache.
bool is_crowded(std::string_view path) {
  constexpr std::string_view kCrowded[] = {
      "/", "/usr/local", "/usr/local/cargo", "/usr/local/share", "/var/cache", "/var/lib", "/go", "/root", "/root/go"};
  return std::find(std::begin(kCrowded), std::end(kCrowded), path) != std::end(kCrowded);
}

}  // namespace

bool is_known(const RunCommand& command, const Catalog& catalog) {
  if (command.words.empty()) return true;
  if (command.program() == "eval") return false;
  if (effects_of(command).known) return true;
  const auto uses = catalog.uses(command);
  return std::any_of(uses.begin(), uses.end(), [](const ToolUse& use) { return !use.command->runs_scripts(); });
}

bool meet(std::string_view a, std::string_view b) { return lies_in(a, b) || lies_in(b, a); }

std::string target_for(const CacheDir& directory, std::string_view place, std::string_view target) {
  const std::string_view home = home_around(target);
  for (const std::string_view path : directory.paths) {
    std::string usual(path);
    if (path.starts_with("~/")) {
      if (home.empty()) continue;
      usual = std::string(home) + std::string(path.substr(1));
    }
    if (lies_in(target, usual)) return std::string(place) + std::string(target.substr(usual.size()));
    if (!lies_in(usual, target) || is_crowded(target)) continue;
    // As far above the place as it is above the usual one; where the ways part, the directory alone.
    const std::string_view below = std::string_view(usual).substr(target.size());
    std::string_view above = place;
    if (above.ends_with(below)) above.remove_suffix(below.size());
    return std::string(is_crowded(above) || home_around(above).empty() ? place : above);
  }
  return {};
}

std::string_view deciding_variable(const CacheDir& directory, const RunCommand& command) {
  for (const NamedVariable& named : variables_in(directory.at)) {
    if (named.name == "HOME" || named.name == "PWD") continue;
    const Variable variable = command.variable(named.name);
    if (variable.known && !variable.value.empty()) return named.name;
  }
  return {};
}

bool is_placed_by_command(const CacheDir& directory, const RunCommand& command) {
  if (command.syntax != nullptr && !command.syntax->assignments.empty()) return true;
  for (const CommandWord& word : command.words) {
    const Value value = word.value();
    if (!value) continue;
    for (const std::string_view flag : directory.flags)
      if (value->starts_with(directory_option(flag))) return true;
  }
  return false;
}

}  // namespace dockerlint
