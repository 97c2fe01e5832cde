// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/commands.hpp"
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace dockerlint::rules {
namespace {

/// Programs that an official image keeps in a directory that people like to mount.
struct Kept {
  std::string_view image;
  std::string_view directory;
  std::array<std::string_view, 3> programs;
};
// https://github.com/rust-lang/docker-rust/blob/HEAD/Dockerfile-debian.template. Not RUSTUP_HOME: with a
// rust-toolchain.toml rustup fetches the toolchain that is missing there.
constexpr std::array kKept = std::to_array<Kept>({
    {"rust", "/usr/local/cargo/bin", {"cargo", "rustc", "rustup"}},
    {"lukemathwalker/cargo-chef", "/usr/local/cargo/bin", {"cargo", "rustc", "rustup"}},
});

/// Without what lies there, no command runs.
constexpr std::array kSystem =
    std::to_array<std::string_view>({"/", "/bin", "/etc", "/lib", "/sbin", "/usr", "/usr/bin", "/usr/lib"});

/// The command that needs a program of the image below the target.
const RunCommand* needs_program(const Mount& mount) {
  const RunStep& run = *mount.run;
  if (run.stage->image_facts == nullptr) return nullptr;
  for (const Kept& kept : kKept) {
    if (kept.image != run.stage->image_facts->name || !lies_in(kept.directory, *mount.target)) continue;
    for (const RunCommand& command : run.commands)
      if (std::find(kept.programs.begin(), kept.programs.end(), command.program()) != kept.programs.end())
        return &command;
  }
  return nullptr;
}

/// Something that a step before the RUN has put at or below the target, and not just somewhere above it.
const PathWrite* put_before(const PathRead& read, const Mount& mount, const Effects& effects) {
  const Content before = effects.content(*read.stage, read.path, read.run->instruction->range.begin);
  if (before.where != Content::Where::layer && before.where != Content::Where::context) return nullptr;
  if (before.write == nullptr || before.write->stage != read.stage || before.write->conditional) return nullptr;
  // A step above the target that brings who knows what: COPY . . brings no node_modules.
  if (before.where == Content::Where::context && !lies_in(before.write->path, *mount.target)) return nullptr;
  // That a directory is there is no loss: the mount is one too.
  if (before.write->kind == WriteKind::file && before.write->command == nullptr && read.path == *mount.target)
    return nullptr;
  return before.write;
}

bool must_be_there(const PathRead& read) {
  if (read.directory == nullptr) return true;
  return read.directory->kind == DirectoryKind::installed || read.directory->kind == DirectoryKind::metadata ||
         read.directory->kind == DirectoryKind::in_place;
}

/// `/usr/local/cargo` becomes its `registry` and `git`, which hold no programs.
void narrow(const Mount& mount, Diagnostic& found, const RuleContext& cx) {
  const CacheDir* const registry = cx.catalog().directory("cargo/registry");
  const CacheDir* const git = cx.catalog().directory("cargo/git");
  const MountOption* const target = mount.option(MountKey::target);
  if (registry == nullptr || git == nullptr || *mount.target != "/usr/local/cargo") return;
  found.note("mount /usr/local/cargo/registry and /usr/local/cargo/git: what cargo downloads lies there");
  // An id would be one for two things.
  if (mount.option(MountKey::id) != nullptr || target->value.find('$') != std::string_view::npos) return;
  const MountOption* const sharing = mount.option(MountKey::sharing);
  if (sharing != nullptr && !mount.sharing) return;
  const SourceText& source = cx.document().source();
  if (source.slice(mount.flag->range).find('"') != std::string_view::npos) return;

  std::string second, comma;
  for (const MountOption& option : mount.options) {
    second += comma;
    if (&option == target) second += fmt::format("{}=/usr/local/cargo/git", option.name);
    else if (&option == sharing) second += fmt::format("sharing={}", to_string(git->sharing()));
    else second += source.slice(option.range);
    comma = ",";
  }
  std::string first = "/usr/local/cargo/registry";
  std::vector<TextEdit> edits;
  if (sharing == nullptr) {
    first += fmt::format(",sharing={}", to_string(registry->sharing()));
    second += fmt::format(",sharing={}", to_string(git->sharing()));
  } else if (sharing->value != to_string(registry->sharing())) {
    edits.push_back({sharing->value_range, std::string(to_string(registry->sharing()))});
  }
  edits.push_back({target->value_range, first});
  auto added = edit::add_mounts(cx.document(), *mount.run, {&second, 1});
  if (added.empty()) return;
  edits.insert(edits.end(), added.begin(), added.end());
  found.suggest(Applicability::safe, "mount what cargo downloads, not where it lives", std::move(edits));
}

/// A mount on far more than a cache, such as a whole home: the caches in it that the RUN fills are what is meant.
void narrow_to_caches(const Mount& mount, Diagnostic& found, RuleContext& cx) {
  const MountOption* const target = mount.option(MountKey::target);
  if (target == nullptr || target->value.find('$') != std::string_view::npos) return;
  // An id would be one for several things.
  if (mount.option(MountKey::id) != nullptr) return;
  std::vector<std::string> paths;
  for (const DirectoryUse& use : cx.catalog().directory_uses(*mount.run)) {
    if (use.place.path.empty() || covering_mount(*mount.run, use.place.path) != &mount) continue;
    if (!use.is_written() || use.directory->kind == DirectoryKind::installed) continue;  // that is to be in the image
    if (!use.place.known || !should_be_mounted(*use.directory) || use.place.path == *mount.target) return;
    if (use.place.path.find_first_of(", \t\"'\\$`") != std::string::npos) return;
    if (std::find(paths.begin(), paths.end(), use.place.path) == paths.end()) paths.push_back(use.place.path);
  }
  if (paths.size() != 1) return;
  found.suggest(Applicability::safe, fmt::format("mount {}, which is a cache", paths.front()),
                {{target->value_range, paths.front()}});
}

void check_programs(const Mount& mount, RuleContext& cx) {
  if (std::find(kSystem.begin(), kSystem.end(), *mount.target) != kSystem.end()) {
    cx.report(mount.flag->range, "this hides all that the image has in {}: the RUN finds no program", *mount.target)
        .note("a cache mount begins empty, and covers what lies at its target");
    return;
  }
  if (const RunCommand* const command = needs_program(mount)) {
    Diagnostic& found =
        cx.report(mount.flag->range, "this hides {} from the RUN, which runs it", command->words.front().text());
    found.label(command->words.front().range(), fmt::format("the image has it in {}", *mount.target));
    found.note("a cache mount begins empty, and covers what lies at its target");
    narrow(mount, found, cx);
    return;
  }
  const Value& home = mount.run->before.user.home;
  if (home && *home == *mount.target && (*home == "/root" || home->starts_with("/home/"))) {
    cx.report(mount.flag->range,
              "this hides the whole home directory: programs and settings in it are gone for the RUN")
        .at(Severity::warning)
        .note("mount the directories in it that are caches");
  }
}

/// `unzip protoc.zip -d /go` before a mount on /go/bin: the archive has most likely brought programs there.
void check_unpacked(const Mount& mount, const PathWrite& write, RuleContext& cx) {
  const std::string_view rest = mount.target->substr(std::min(write.path.size() + 1, mount.target->size()));
  constexpr std::string_view kUsual[] = {"bin", "include", "lib"};
  if (std::find(std::begin(kUsual), std::end(kUsual), rest) == std::end(kUsual)) return;
  const bool runs_unknown = std::any_of(mount.run->commands.begin(), mount.run->commands.end(),
                                        [&](const RunCommand& command) { return !is_known(command, cx.catalog()); });
  if (!runs_unknown) return;
  cx.report(mount.flag->range, "this hides what was unpacked into {}", write.path)
      .at(Severity::warning)
      .label(write.range, fmt::format("what this has in `{}` comes to lie in {}", rest, *mount.target))
      .note("a cache mount begins empty, and covers what lies at its target");
}

/// Whether no other RUN of the file has it: its mounts are in the order of the file.
bool is_own_cache(const Mount& mount) {
  if (mount.cache == nullptr) return false;
  const auto& mounts = mount.cache->mounts;
  return mounts.front()->run == mount.run && mounts.back()->run == mount.run;
}

/// The command that installs what the files in its working directory say: `npm ci`. Null where the RUN has put
/// something there itself before.
const RunCommand* needs_project(const Mount& mount, const RuleContext& cx) {
  for (const DirectoryUse& use : cx.catalog().directory_uses(*mount.run)) {
    const Value& workdir = use.command->workdir;
    if (use.action != DirectoryAction::writes || use.directory->kind != DirectoryKind::installed) continue;
    if (!use.directory->at.starts_with("$PWD") || use.command->conditional) continue;
    if (!workdir || covering_mount(*mount.run, *workdir) != &mount) continue;
    return use.command == &mount.run->commands.front() ? use.command : nullptr;
  }
  return nullptr;
}

/// A mount that covers the project: what COPY has brought is not there for the RUN.
bool check_project(const Mount& mount, RuleContext& cx) {
  const RunStep& run = *mount.run;
  if (!is_own_cache(mount) || run.stage->copies.empty() || run.commands.empty()) return false;
  const RunCommand* const command = needs_project(mount, cx);
  if (command == nullptr) return false;
  for (const CopyStep& copy : run.stage->copies) {
    if (copy.on_build || !copy.destination || copy.instruction->range.begin > run.instruction->range.begin) continue;
    std::string_view into = *copy.destination;
    if (into.size() > 1 && into.ends_with('/')) into.remove_suffix(1);
    if (!lies_in(into, *command->workdir)) continue;
    Diagnostic& found = cx.report(
        mount.flag->range, "this hides what is copied to {} from the RUN, which works with it", *command->workdir);
    found.label(copy.instruction->range, "put there here");
    found.label(command->words.front().range(), "looked for here");
    found.note("a cache mount begins empty, and covers what lies at its target");
    narrow_to_caches(mount, found, cx);
    return true;
  }
  return false;
}

void check(RuleContext& cx) {
  if (cx.model().caches().empty()) return;  // the effects of such a file need not be known
  std::vector<const Mount*> reported;
  for (const PathRead* const read : cx.effects().reads()) {
    const Content& content = read->content;
    if (read->kind != ReadKind::run || read->tolerant || !read->certain || !must_be_there(*read)) continue;
    if (content.where != Content::Where::mount || content.write != nullptr || content.mount->run != read->run) continue;
    const Mount& mount = *content.mount;
    // Another RUN may have filled it, or the image that it starts from.
    if (!mount.is(MountType::cache) || !is_own_cache(mount) || (mount.from && !mount.from->empty())) continue;
    if (std::find(reported.begin(), reported.end(), &mount) != reported.end()) continue;
    const PathWrite* const write = put_before(*read, mount, cx.effects());
    if (write == nullptr) continue;
    reported.push_back(&mount);
    Diagnostic& found = cx.report(mount.flag->range, "this hides {} from the RUN, which reads it", read->path);
    if (read->tool != nullptr && read->tool->is_recalled()) found.at(Severity::info);
    found.label(write->range, "put there here");
    found.label(read->range, "looked for here");
    found.note("a cache mount begins empty, and covers what lies at its target");
    narrow_to_caches(mount, found, cx);
  }
  std::map<std::pair<const Stage*, std::string_view>, const PathWrite*> unpacked;
  for (const PathWrite* const write : cx.effects().writes())
    if (write->kind == WriteKind::context && write->command != nullptr && !write->conditional &&
        write->mount == nullptr && (write->command->program() == "tar" || write->command->program() == "unzip"))
      unpacked.emplace(std::pair{write->stage, write->path}, write);
  for (const Stage& stage : cx.model().stages())
    for (const RunStep& run : stage.runs)
      for (const Mount& mount : run.mounts) {
        if (!mount.is(MountType::cache) || !mount.target || run.on_build || (mount.from && !mount.from->empty()))
          continue;
        if (std::find(reported.begin(), reported.end(), &mount) != reported.end()) continue;
        if (check_project(mount, cx)) continue;
        check_programs(mount, cx);
        const std::string_view above = mount.target->substr(0, mount.target->rfind('/'));
        if (const auto found = unpacked.find({&stage, above});
            found != unpacked.end() && found->second->range.begin < run.instruction->range.begin)
          check_unpacked(mount, *found->second, cx);
      }
}

}  // namespace

extern constinit const Rule cache_hidden_content{
    .name = "cache/hidden-content",
    .summary = "cache mounts that cover what their RUN needs",
    .severity = Severity::error,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = check,
};

}  // namespace dockerlint::rules
