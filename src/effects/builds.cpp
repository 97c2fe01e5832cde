// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/builds.hpp"

#include "dockerlint/directory_use.hpp"
#include "dockerlint/effects.hpp"
#include "effects/build_sources.hpp"
#include "effects/programs.hpp"
#include "model/paths.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

namespace dockerlint {
namespace {

/// `make build/app`: what is made lies where the command line says.
void add_made(const RunStep& run, const CacheDir& tree, std::vector<MountedBuild>& builds) {
  for (const RunCommand& command : run.commands) {
    const auto programs = tree.tool->programs;
    if (std::find(programs.begin(), programs.end(), command.program()) == programs.end()) continue;
    for (const UsedPath& made : effects_of(command).paths) {
      if (made.use != PathUse::write || !command.workdir) continue;
      const Mount* const mount = covering_mount(run, join_path(*command.workdir, made.path));
      if (mount == nullptr || !mount->is(MountType::cache) || mount->cache == nullptr) continue;
      builds.push_back({mount, &command, &tree});
      break;
    }
  }
}

void add_builds(const RunStep& run, const Catalog& catalog, std::vector<MountedBuild>& builds) {
  const bool cached = std::any_of(run.mounts.begin(), run.mounts.end(), [](const Mount& mount) {
    return mount.is(MountType::cache) && mount.target && mount.cache != nullptr;
  });
  if (!cached) return;
  for (const DirectoryUse& use : catalog.directory_uses(run)) {
    if (use.action != DirectoryAction::writes || use.directory->kind != DirectoryKind::build_output) continue;
    // Something may have moved the directory; but there is a mount where it would be otherwise.
    if (use.place.path.empty()) continue;
    const Mount* const mount = covering_mount(run, use.place.path);
    if (mount != nullptr && mount->is(MountType::cache) && mount->cache != nullptr)
      builds.push_back({mount, use.command, use.directory});
  }
  if (const CacheDir* const tree = catalog.directory("make/tree")) add_made(run, *tree, builds);
}

/// The options that say which part of a project is built.
constexpr auto kSelecting = std::to_array<std::string_view>(
    {"--bin", "-p", "--package", "--example", "-pl", "--projects", "--filter", "--scope", "--product"});

/// The variable of `--bin $NAME`, `-p "${NAME}"`: the first in the text.
std::string_view variable_in(std::string_view text) {
  const std::size_t dollar = text.find('$');
  if (dollar == std::string_view::npos) return {};
  text.remove_prefix(dollar + 1);
  if (text.starts_with('{')) text.remove_prefix(1);
  std::size_t end = 0;
  const auto in_name = [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  };
  while (end < text.size() && in_name(text[end])) ++end;
  return text.substr(0, end);
}

/// Whether a build argument of this name is the author's, and is seen at the build.
bool is_argument(std::string_view name, const MountedBuild& build) {
  constexpr auto kPlatform = std::to_array<std::string_view>(
      {"TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT", "BUILDPLATFORM", "BUILDOS", "BUILDARCH"});
  if (name.empty() || std::find(kPlatform.begin(), kPlatform.end(), name) != kPlatform.end()) return false;
  return declaration_of(name, build.stage(), build.command->run->instruction->range.begin) != nullptr;
}

/// Whether the id differs with the argument.
bool id_has(std::string_view name, const Mount* mount) {
  if (mount == nullptr) return false;
  const MountOption* option = mount->option(MountKey::id);
  if (option == nullptr || option->value.empty()) option = mount->option(MountKey::target);
  return option == nullptr || option->value.find(name) != std::string_view::npos;
}

/// Where an argument makes one Dockerfile build several things in one tree.
std::optional<SharedBuild> selected(const MountedBuild& build) {
  const auto words = build.command->words;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view text = words[i].text();
    const bool behind = std::find(kSelecting.begin(), kSelecting.end(), words[i - 1].text()) != kSelecting.end();
    const bool joined =
        std::find(kSelecting.begin(), kSelecting.end(), text.substr(0, text.find('='))) != kSelecting.end();
    if (!behind && !joined) continue;
    const std::string_view name = variable_in(text);
    if (is_argument(name, build) && !id_has(name, build.mount))
      return SharedBuild{build, {}, name, false, words[i].range()};
  }
  return std::nullopt;
}

/// Where an argument chooses the sources: `COPY $SERVICE/ .`, `WORKDIR /src/$SERVICE`.
std::optional<SharedBuild> selected_by_sources(const MountedBuild& build) {
  const TextSize place = build.command->run->instruction->range.begin;
  for (const Instruction& in : build.stage().instructions) {
    if (in.range.begin >= place) break;
    const bool copy = in.kind == InstructionKind::copy && in.flag("from") == nullptr && in.arguments.size() == 2;
    if (!copy && in.kind != InstructionKind::workdir) continue;
    if (in.arguments.empty()) continue;
    const Argument& argument = in.arguments.front();
    // WORKDIR $HOME, and COPY $CONTEXT with a default, say where one project lies.
    if (!copy && argument.text.starts_with('$')) continue;
    const std::string_view name = variable_in(argument.text);
    if (!is_argument(name, build) || id_has(name, build.mount)) continue;
    if (build.command->run->before.env.find(name).set) continue;
    // COPY ${DIR}/api .: what the directory holds is as fixed as its name.
    if (copy && !lays_sources(build, in)) continue;
    return SharedBuild{build, {}, name, true, argument.range};
  }
  return std::nullopt;
}

std::optional<SharedBuild> selected_somehow(const MountedBuild& build) {
  auto shared = selected_by_sources(build);
  return shared ? shared : selected(build);
}

}  // namespace

std::string_view selecting_argument(const MountedBuild& build) {
  const auto shared = selected_somehow(build);
  return shared ? shared->argument : std::string_view();
}

bool is_built_on(const Stage& stage, const Stage& base) {
  const Stage* below = &stage;
  while (below != nullptr && below->index > base.index) below = below->parent;
  return below == &base;
}

const Instruction* declaration_of(std::string_view argument, const Stage& stage, TextSize offset) {
  for (const Stage* in = &stage; in != nullptr; in = in->parent)
    for (const Instruction& instruction : in->instructions) {
      if (instruction.range.begin >= offset) break;
      if (instruction.kind != InstructionKind::arg) continue;
      for (const Assignment& declared : instruction.assignments)
        if (declared.name.text == argument) return &instruction;
    }
  return nullptr;
}

std::vector<MountedBuild> mounted_builds(const Model& model, const Catalog& catalog) {
  std::vector<MountedBuild> builds;
  for (const Stage& stage : model.stages())
    for (const RunStep& run : stage.runs)
      if (!run.on_build) add_builds(run, catalog, builds);
  return builds;
}

std::vector<SharedBuild> shared_builds(const Model& model, const Catalog& catalog) {
  struct Known {
    MountedBuild build;
    Sources sources;
  };
  std::unordered_map<const Cache*, std::vector<Known>> known;  // the first build of each stage
  std::vector<SharedBuild> found;
  constexpr std::size_t kMostStages = 32;  // that are compared with each other

  for (const MountedBuild& build : mounted_builds(model, catalog)) {
    std::vector<Known>& others = known[build.mount->cache];
    const bool seen = std::any_of(others.begin(), others.end(),
                                  [&](const Known& other) { return &other.build.stage() == &build.stage(); });
    if (seen || others.size() == kMostStages) continue;
    Known here{build, sources_of(build)};
    auto shared = selected_somehow(build);
    if (!shared)
      for (const Known& other : others)
        if (!shared && other.build.output == build.output && !is_built_on(build.stage(), other.build.stage()) &&
            are_different(here.sources, other.sources))
          shared = SharedBuild{build, other.build, {}, true, {}};
    if (shared) found.push_back(*shared);
    others.push_back(std::move(here));
  }
  return found;
}

}  // namespace dockerlint
