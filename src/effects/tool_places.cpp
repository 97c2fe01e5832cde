// SPDX-License-Identifier: Apache-2.0
#include "effects/tool_places.hpp"

#include "model/paths.hpp"

namespace dockerlint {
namespace {

/// No file builds more stages one on the other.
constexpr int kMostStages = 64;

/// `cargo build` where nobody knows the working directory, with a mount on /src/target.
bool is_below_unknown(const RunCommand& command, const CacheDir& directory, const Mount& mount) {
  const std::size_t at = directory.at.rfind("$PWD/");
  if (directory.kind != DirectoryKind::build_output || command.workdir || at == std::string_view::npos) return false;
  std::string_view name = directory.at.substr(at + std::string_view("$PWD").size());
  while (name.ends_with('}')) name.remove_suffix(1);
  return mount.target->ends_with(name);
}

}  // namespace

std::string ToolPlaces::place(const RunCommand& command, const CacheDir& directory) {
  if (const std::string* path = configured(directory)) return *path;
  DirectoryPlace place = catalog_.place(directory, command);
  if (place.known) return std::move(place.path);
  // What a base image of somebody else may have moved is where a mount of the RUN is: it was mounted for that.
  if (mounted_.contains({&directory, place.path})) return std::move(place.path);
  for (const Mount& mount : command.run->mounts) {
    if (!mount.is(MountType::cache) || !mount.target) continue;
    if (*mount.target != place.path && !is_below_unknown(command, directory, mount)) continue;
    mounted_[{&directory, std::string(*mount.target)}] = true;
    return std::string(*mount.target);
  }
  return {};
}

const std::string* ToolPlaces::configured(const CacheDir& directory) const {
  if (configured_.empty()) return nullptr;
  int count = 0;
  for (const Stage* stage = stage_; stage != nullptr && count < kMostStages; stage = stage->parent, ++count)
    if (const auto found = configured_.find({stage, &directory}); found != configured_.end()) return &found->second;
  return nullptr;
}

void ToolPlaces::configure(const RunCommand& command) {
  const std::string_view program = command.program();
  if ((program != "bundle" && program != "bundler") || command.word(1) != "config" || command.conditional) return;
  const CacheDir* const bundle = catalog_.directory("bundler/bundle");
  if (bundle == nullptr || !command.workdir) return;
  for (std::size_t i = 2; i + 1 < command.words.size(); ++i) {
    if (command.word(i) != "path") continue;
    if (const Value path = command.words[i + 1].value())
      configured_[{stage_, bundle}] = join_path(*command.workdir, *path);
    return;
  }
}

}  // namespace dockerlint
