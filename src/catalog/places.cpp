// SPDX-License-Identifier: Apache-2.0
// Where a directory lies for a command, and whether the command uses it at all.

#include "catalog/options.hpp"
#include "dockerlint/catalog.hpp"
#include "model/expand.hpp"
#include "model/paths.hpp"

#include <algorithm>
#include <utility>

namespace dockerlint {
namespace {

/// What Java runs asks the system for the user's home, whatever HOME is (java_props_md.c of the JDK).
bool asks_the_system(const CacheDir& directory) { return directory.tool->ecosystem == "jvm"; }

Variable home_of(const CacheDir& directory, const RunCommand& command) {
  const Variable home = command.variable("HOME");
  if (home.known && home.set && !asks_the_system(directory)) return home;
  if (command.user->home) return {.set = true, .value = *command.user->home};
  return {.known = false};
}

Variable variable_of(const CacheDir& directory, const RunCommand& command, std::string_view name) {
  if (name == "HOME") return home_of(directory, command);
  if (name == "PWD") return {.known = command.workdir.has_value(), .set = true, .value = command.workdir.value_or("")};
  return command.variable(name);
}

/// `path` as the command sees it.
DirectoryPlace seen_by(const RunCommand& command, std::string path, bool known) {
  // A list of directories, such as a GOPATH: which of them it is, the tool decides.
  if (path.empty() || path.find(':') != path.npos) return {.known = false};
  if (!is_absolute(path)) {
    if (!command.workdir) return {.known = false};
    path = join_path(*command.workdir, path);
  }
  return {clean_path(path), known};
}

/// By one of its options. Nothing when none is given.
std::optional<DirectoryPlace> by_option(const CacheDir& directory, const RunCommand& command) {
  for (const std::string_view flag : directory.flags) {
    const std::string_view name = directory_option(flag);
    const OptionValue option = option_value(command, name);
    if (!option.given) continue;
    if (!option.known || option.value.empty()) return DirectoryPlace{.known = false};
    return seen_by(command, std::string(option.value) + std::string(flag.substr(name.size())), true);
  }
  return std::nullopt;
}

/// Where it usually is; unsure when there are several such places.
DirectoryPlace usual(const CacheDir& directory, const RunCommand& command) {
  if (directory.paths.empty()) return {.known = false};
  const std::string_view path = directory.paths.front();
  const bool known = directory.paths.size() == 1;
  if (!path.starts_with("~/")) return {std::string(path), known};
  const Variable home = home_of(directory, command);
  if (home.value.empty()) return {.known = false};
  return {clean_path(std::string(home.value) + std::string(path.substr(1))), known && home.known};
}

bool has(std::span<const CacheDir* const> directories, const CacheDir& directory) {
  return std::find(directories.begin(), directories.end(), &directory) != directories.end();
}

/// The option as given: with a value where the fact names one.
const CommandWord* given(std::string_view flag, const RunCommand& command) {
  const std::size_t equals = flag.find('=');
  if (equals == std::string_view::npos) return find_option(command, flag);
  const std::string_view option = flag.substr(0, equals);
  const OptionValue value = option_value(command, option);
  return value.given && value.known && value.value == flag.substr(equals + 1) ? find_option(command, option) : nullptr;
}

/// Where `at` is while nothing moves it, as nearly always: what expand() would say, without reading `at`. Nothing where
/// something may have moved it.
std::optional<DirectoryPlace> unmoved(const CacheDir& directory, const RunCommand& command) {
  if (directory.unmoved.empty()) return std::nullopt;
  bool known = true;
  for (const std::string_view name : directory.variables) {
    const Variable variable = command.variable(name);
    if (variable.set || !variable.value.empty()) return std::nullopt;
    known = known && variable.known;
  }
  if (!directory.unmoved.starts_with("~/")) return DirectoryPlace{std::string(directory.unmoved), known};
  const Variable home = home_of(directory, command);
  std::string path(home.value);
  path += directory.unmoved.substr(1);
  return seen_by(command, std::move(path), known && home.known);
}

DirectoryPlace place_of(const CacheDir& directory, const RunCommand& command) {
  if (auto place = by_option(directory, command)) return *std::move(place);
  DirectoryPlace place;
  if (directory.at.empty()) {
    place = usual(directory, command);
  } else if (auto there = unmoved(directory, command)) {
    place = *std::move(there);
  } else {
    Expansion expansion =
        expand(directory.at, '\\', [&](std::string_view name) { return variable_of(directory, command, name); });
    if (!expansion.error.empty()) return {.known = false};  // what a ${…?…} asks for is not there
    place = seen_by(command, std::move(expansion.text), expansion.known);
  }
  if (!directory.flags.empty() && may_have_more_options(command)) place.known = false;
  return place;
}

}  // namespace

void Catalog::add_directory_uses(const RunCommand& command, std::vector<DirectoryUse>& uses) const {
  for (const ToolUse& use : this->uses(command)) {
    const auto add = [&](std::span<const CacheDir* const> directories, DirectoryAction action) {
      for (const CacheDir* directory : directories)
        uses.push_back({&command, use, directory, action, place_of(*directory, command)});
    };
    add(use.command->fills, DirectoryAction::fills);
    add(use.command->writes, DirectoryAction::writes);
    add(use.command->needs, DirectoryAction::needs);
    add(use.command->empties, DirectoryAction::empties);
  }
}

DirectoryPlace Catalog::place(const CacheDir& directory, const RunCommand& command) const {
  for (const DirectoryUse& use : remembered_directory_uses(command))
    if (use.directory == &directory) return use.place;
  return place_of(directory, command);
}

std::string_view variable_against(const Defeat& defeat, const RunCommand& command) {
  for (const std::string_view setting : defeat.variables) {
    const std::string_view name = setting.substr(0, setting.find('='));
    const Variable variable = command.variable(name);
    if (!variable.known || !variable.set || variable.value.empty()) continue;
    const bool harmless = name.size() < setting.size() ? variable.value != setting.substr(name.size() + 1)
                                                       : std::find(defeat.except.begin(), defeat.except.end(),
                                                                   variable.value) != defeat.except.end();
    if (!harmless) return name;
  }
  return {};
}

std::optional<Defeated> Catalog::defeated(const CacheDir& directory, const RunCommand& command) const {
  std::vector<const Tool*> tools;
  for (const ToolUse& use : uses(command)) tools.push_back(use.tool);
  const bool foreign = std::find(tools.begin(), tools.end(), directory.tool) == tools.end();
  if (foreign) tools.push_back(directory.tool);
  for (const Tool* tool : tools) {
    for (const Defeat& defeat : tool->defeats) {
      if (!has(defeat.directories, directory)) continue;
      if (!foreign || tool != directory.tool)  // an option is for the tool that is called
        for (const std::string_view flag : defeat.flags)
          if (const CommandWord* word = given(flag, command)) return Defeated{&defeat, word, {}};
      if (const std::string_view variable = variable_against(defeat, command); !variable.empty())
        return Defeated{&defeat, nullptr, variable};
    }
  }
  return std::nullopt;
}

}  // namespace dockerlint
