// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/commands.hpp"
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <unordered_map>

namespace dockerlint::rules {
namespace {

/// A mount, and what a command of its RUN installs there.
struct Installed {
  const Mount* mount = nullptr;
  const CacheDir* directory = nullptr;
  const RunCommand* command = nullptr;
  bool placed = true;  // the catalog says that it lies there; else the script or the usual place does
};

bool is_product(const CacheDir& directory) {
  return directory.kind == DirectoryKind::installed || directory.kind == DirectoryKind::in_place;
}

/// What the RUN's commands are known to put at the mount's target.
Installed installed_at(const Mount& mount, std::span<const PathWrite* const> writes, const RuleContext& cx) {
  for (const PathWrite* const write : writes) {
    if (write->directory == nullptr || write->path != *mount.target || !is_product(*write->directory)) continue;
    const auto& wanted = write->tool->writes;
    if (std::find(wanted.begin(), wanted.end(), write->directory) != wanted.end())
      return {&mount, write->directory, write->command};
  }
  for (const RunCommand& command : mount.run->commands)
    for (const ToolUse& use : cx.catalog().uses(command))
      for (const CacheDir* const directory : use.command->writes)
        if (is_product(*directory) && !cx.catalog().place(*directory, command).known &&
            cx.catalog().directory_at(*mount.target) == directory)
          return {&mount, directory, &command, false};
  return {};
}

/// `python -c "….from_pretrained(…)"` and the like: what a RUN is for that only fetches models.
Installed fetched_models(const Mount& mount, const RuleContext& cx) {
  const CacheDir* const directory = cx.catalog().directory_at(*mount.target);
  if (directory == nullptr || directory->kind != DirectoryKind::in_place || mount.run->commands.size() != 1) return {};
  const RunCommand& command = mount.run->commands.front();
  if (directory->tool->name != "huggingface" || command.word(1) != "-c") return {};
  for (const std::string_view call :
       {"from_pretrained(", "snapshot_download(", "hf_hub_download(", "SentenceTransformer("})
    if (script_has(cx.document(), *mount.run, call)) return {&mount, directory, &command, false};
  return {};
}

/// Whether the RUN goes on to use what it has installed: then nobody need have it later.
bool is_used_there(const Installed& found, const Catalog& catalog) {
  constexpr std::string_view kHarmless[] = {"rm", "echo", "true", "ls", "mkdir", "chown", "chmod", "touch"};
  const auto commands = found.mount->run->commands;
  const auto first = static_cast<std::size_t>(found.command - commands.data()) + 1;
  return std::any_of(commands.begin() + static_cast<std::ptrdiff_t>(first), commands.end(), [&](const RunCommand& c) {
    if (std::find(std::begin(kHarmless), std::end(kHarmless), c.program()) != std::end(kHarmless)) return false;
    if (c.program() != found.command->program()) return true;
    for (const ToolUse& use : catalog.uses(c))
      for (const CacheDir* const needed : use.command->needs)
        if (needed == found.directory) return true;
    return false;
  });
}

/// With a rust-toolchain.toml rustup fetches what is missing, in each RUN that has the mount.
bool fetches_itself(const Installed& found) {
  return found.directory->tool->name == "rustup" && found.mount->cache != nullptr &&
         found.mount->cache->mounts.size() > 1;
}

/// The first that looks for the files and does not have the mount.
const PathRead* first_need(const Installed& found, std::span<const PathRead* const> reads) {
  for (const PathRead* const read : reads) {
    if (read->tolerant || !read->certain) continue;
    if (read->content.mount == found.mount && read->run != found.mount->run) return read;
    if (found.placed || read->directory != found.directory || read->stage != found.mount->run->stage) continue;
    const bool later = read->range.begin > found.mount->run->instruction->range.end;
    const bool mounted =
        read->run != nullptr && std::any_of(read->run->mounts.begin(), read->run->mounts.end(),
                                            [&](const Mount& m) { return m.target == found.mount->target; });
    if (later && !mounted) return read;
  }
  return nullptr;
}

/// Whether a command of the RUN takes the files out of the mount.
bool is_copied_out(const Installed& found, std::span<const PathRead* const> reads_of_run) {
  for (const PathRead* const read : reads_of_run) {
    if (read->directory != nullptr || read->command == nullptr) continue;
    const std::string_view program = read->command->program();
    const bool copies = program == "cp" || program == "mv" || program == "tar" || program == "rsync" ||
                        program == "ln" || program == "install";
    if (copies && lies_in(read->path, *found.mount->target)) return true;
  }
  return false;
}

/// What of the same tool is a cache that may be mounted; null where more than one tool could be meant.
const CacheDir* download_cache(const Installed& found, const Catalog& catalog) {
  const auto uses = catalog.uses(*found.command);
  if (uses.size() != 1) return nullptr;
  for (const CacheDir* const filled : uses.front().command->fills)
    if (filled->kind == DirectoryKind::download && filled->mount != MountAdvice::no) return filled;
  return nullptr;
}

/// The mount of the download cache in place of this one, where the command's result is then the same.
void suggest_cache(const Installed& found, Diagnostic& finding, const RuleContext& cx) {
  const CacheDir* const cache = download_cache(found, cx.catalog());
  if (cache == nullptr) return;
  const DirectoryPlace place = cx.catalog().place(*cache, *found.command);
  const Mount& mount = *found.mount;
  bool others_known = true;
  for (const Mount& other : mount.run->mounts) {
    if (&other == &mount || !other.is(MountType::cache) || !other.target) continue;
    const CacheDir* const known = cx.catalog().directory_at(*other.target);
    if (known == cache || (!place.path.empty() && lies_in(place.path, *other.target))) {
      finding.note(fmt::format("take the mount away: {} is mounted already", cache->what));
      return;
    }
    others_known = others_known && known != nullptr;
  }
  if (place.path.empty() || !place.known) {
    finding.note(fmt::format("mount {} instead", cache->what));
    return;
  }
  finding.note(fmt::format("mount {} instead: {}", cache->what, place.path));
  // An id or an owner was chosen for what lies there now; and so was the cache, where others use it.
  const std::size_t plain = 2U + (mount.option(MountKey::sharing) != nullptr ? 1U : 0U);
  const bool alone = mount.cache != nullptr && mount.cache->mounts.size() == 1;
  if (!others_known || !alone || mount.options.size() != plain || mount.option(MountKey::target) == nullptr) return;
  finding.suggest(Applicability::safe, fmt::format("mount {}", cache->what),
                  edit::set_mount_option(mount, MountKey::target, place.path));
}

/// Who reads and writes, by the RUN and by the mount that it is in.
struct Uses {
  explicit Uses(const Effects& effects) : all(effects.reads()) {
    for (const PathRead* const read : all) {
      if (read->run != nullptr) of_run[read->run].push_back(read);
      if (read->content.mount != nullptr) of_mount[read->content.mount].push_back(read);
    }
    for (const PathWrite* const write : effects.writes())
      if (write->mount != nullptr) into_mount[write->mount].push_back(write);
  }

  std::span<const PathRead* const> all;
  std::unordered_map<const RunStep*, std::vector<const PathRead*>> of_run;
  std::unordered_map<const Mount*, std::vector<const PathRead*>> of_mount;
  std::unordered_map<const Mount*, std::vector<const PathWrite*>> into_mount;
};

void check(const Mount& mount, Uses& uses, RuleContext& cx) {
  if (!mount.is(MountType::cache) || !mount.target || mount.run->on_build || (mount.from && !mount.from->empty()))
    return;
  Installed found = installed_at(mount, uses.into_mount[&mount], cx);
  if (found.mount == nullptr) found = fetched_models(mount, cx);
  if (found.mount == nullptr || is_copied_out(found, uses.of_run[mount.run])) return;
  const PathRead* const need =
      first_need(found, found.placed ? std::span<const PathRead* const>(uses.of_mount[&mount]) : uses.all);
  if (need == nullptr && (is_used_there(found, cx.catalog()) || fetches_itself(found))) return;

  Diagnostic& finding = cx.report(mount.flag->range, "what `{}` puts into {} is in no layer: a cache mount is there",
                                  found.command->words.front().text(), *mount.target);
  finding.at(need != nullptr ? Severity::error : Severity::warning);
  if (need != nullptr && need->tool != nullptr && need->tool->is_recalled()) finding.at(Severity::warning);
  finding.label(found.command->words.front().range(), "installed by this");
  if (need != nullptr) finding.label(need->range, "and is needed here, where it is not");
  if (need == nullptr && mount.cache != nullptr && mount.cache->mounts.size() > 1)
    finding.note(
        "RUNs that mount it again find nothing when this one comes from the build cache and the mount was pruned");
  suggest_cache(found, finding, cx);
}

void check_all(RuleContext& cx) {
  if (cx.model().caches().empty()) return;  // the effects of such a file need not be known
  Uses uses(cx.effects());
  for (const Stage& stage : cx.model().stages())
    for (const RunStep& run : stage.runs)
      for (const Mount& mount : run.mounts) check(mount, uses, cx);
}

}  // namespace

extern constinit const Rule cache_installed_files_in_cache{
    .name = "cache/installed-files-in-cache",
    .summary = "cache mounts over what is installed for the image",
    .severity = Severity::error,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = check_all,
};

}  // namespace dockerlint::rules
