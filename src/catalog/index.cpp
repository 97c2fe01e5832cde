// SPDX-License-Identifier: Apache-2.0
#include "catalog/reader.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <string_view>
#include <utility>

namespace dockerlint {
namespace {

std::vector<std::string_view> words_of(std::string_view form) {
  std::vector<std::string_view> words;
  while (!form.empty()) {
    const std::size_t end = std::min(form.find(' '), form.size());
    words.push_back(form.substr(0, end));
    form.remove_prefix(std::min(form.size(), end + 1));
  }
  return words;
}

using Callings = std::map<std::string_view, std::vector<Calling>>;

void add_name(Callings& callings, std::string_view name, const Tool* tool) {
  std::vector<Calling>& here = callings[name];
  const auto same = [&](const Calling& calling) { return calling.tool == tool && calling.more.empty(); };
  if (std::none_of(here.begin(), here.end(), same)) here.push_back({tool, {}});
}

std::span<const Program> programs_of(std::span<const Tool* const> tools, Arena& arena) {
  Callings callings;
  for (const Tool* tool : tools) {
    for (const std::string_view name : tool->programs) add_name(callings, name, tool);
    for (const ToolCommand& command : tool->commands)
      for (const std::string_view name : command.programs) add_name(callings, name, tool);
    for (const std::string_view form : tool->forms) {
      const std::vector<std::string_view> words = words_of(form);
      callings[words.front()].push_back({tool, arena.keep(words).subspan(1)});
    }
  }
  std::vector<Program> programs;
  for (auto& [name, here] : callings) {
    std::stable_sort(here.begin(), here.end(),
                     [](const Calling& a, const Calling& b) { return a.more.size() > b.more.size(); });
    programs.push_back({name, arena.keep(here)});
  }
  return arena.keep(programs);
}

std::span<const std::uint32_t> slots_of(std::span<const Program> programs, Arena& arena) {
  std::vector<std::uint32_t> slots(std::bit_ceil(programs.size() * 2 + 1), 0);
  for (std::size_t i = 0; i < programs.size(); ++i) {
    std::size_t slot = first_slot(programs[i].name, slots.size());
    while (slots[slot] != 0) slot = (slot + 1) & (slots.size() - 1);
    slots[slot] = static_cast<std::uint32_t>(i + 1);
  }
  return arena.keep(slots);
}

std::span<const KnownPath> paths_of(std::span<const Tool* const> tools, Arena& arena) {
  std::vector<KnownPath> paths;
  for (const Tool* tool : tools)
    for (const CacheDir& directory : tool->directories)
      for (const std::string_view path : directory.paths) paths.push_back({path, &directory});
  std::sort(paths.begin(), paths.end(), [](const KnownPath& a, const KnownPath& b) { return a.path < b.path; });
  return arena.keep(paths);
}

}  // namespace

CatalogTables make_tables(std::span<const Tool* const> tools, Arena& arena) {
  const std::span<const Program> programs = programs_of(tools, arena);
  return {arena.keep(std::vector<const Tool*>(tools.begin(), tools.end())), programs, slots_of(programs, arena),
          paths_of(tools, arena)};
}

}  // namespace dockerlint
