// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/declarations.hpp"
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

namespace dockerlint::rules {
namespace {

constexpr std::string_view kArgument = "TARGETARCH";
constexpr std::size_t kMostMounts = 200;  // of a RUN, or of a cache

constexpr std::string_view kPlatformNames[] = {"TARGETARCH", "TARGETPLATFORM", "BUILDPLATFORM"};

/// Whether the place is in what an ARG gives one of its names.
bool is_in_value(const Instruction& argument, TextSize place) {
  return std::any_of(argument.assignments.begin(), argument.assignments.end(), [&](const Assignment& assignment) {
    return assignment.has_value && assignment.value.range.contains(TextRange::at(place));
  });
}

/// Whether the file shows that it is built for several platforms: it does something with which one it is built for. To
/// declare the argument does nothing: `ARG TARGETARCH` also stands where every target is written out.
bool asks_for_platform(const Document& document) {
  const std::string_view bytes = document.source().bytes();
  const auto instructions = document.instructions();
  for (const std::string_view name : kPlatformNames) {
    for (std::size_t at = bytes.find(name); at != bytes.npos; at = bytes.find(name, at + 1)) {
      const auto begin = static_cast<TextSize>(at);
      if (!document.comments_in({begin, begin + static_cast<TextSize>(name.size())}).empty()) continue;
      const auto in = std::partition_point(instructions.begin(), instructions.end(),
                                           [&](const Instruction& one) { return one.range.end <= begin; });
      if (in == instructions.end() || in->kind != InstructionKind::arg || is_in_value(*in, begin)) return true;
    }
  }
  return false;
}

bool names_platform(const Mount& mount) {
  const MountOption* const id = mount.option(MountKey::id);
  const MountOption* const names = id != nullptr ? id : mount.option(MountKey::target);
  if (names == nullptr) return true;
  if (id != nullptr && id->value.find('$') != std::string_view::npos) return true;
  for (const std::string_view sign : {"TARGET", "PLATFORM", "ARCH", "arch", "amd64", "arm64", "x86_64", "aarch64"})
    if (names->value.find(sign) != std::string_view::npos) return true;
  return false;
}

/// What in the mount differs from platform to platform: what a command keeps there, or what usually lies there.
const CacheDir* native_directory(const Mount& mount, std::span<const DirectoryUse> uses, const Catalog& catalog) {
  for (const DirectoryUse& use : uses)
    if (use.is_written() && use.place.known && use.directory->platform != PlatformAdvice::no &&
        !use.place.path.empty() && covering_mount(*mount.run, use.place.path) == &mount)
      return use.directory;
  const CacheDir* const usual = catalog.directory_at(*mount.target);
  return usual != nullptr && usual->platform != PlatformAdvice::no ? usual : nullptr;
}

/// Gives the id the platform. Nothing where the value is not written plainly.
std::vector<TextEdit> part_id(const Mount& mount, const Document& document) {
  const MountOption* const id = mount.option(MountKey::id);
  if (id != nullptr) {
    if (document.source().slice(id->value_range) != id->value) return {};
    return {{TextRange::at(id->value_range.end), fmt::format("-${{{}}}", kArgument)}};
  }
  const MountOption* const target = mount.option(MountKey::target);
  if (target == nullptr || !mount.target || target->value.find('$') != std::string_view::npos) return {};
  if (mount.target->find_first_of(" ,\"'\\`") != std::string_view::npos) return {};
  return edit::set_mount_option(mount, MountKey::id, fmt::format("{}-${{{}}}", *mount.target, kArgument));
}

/// Another file that has the cache, and is built for another platform than this one.
struct OtherPlatform {
  const CacheUserPlace* user = nullptr;  // null: none
  std::string_view platform;
};

struct Found {
  const Mount* mount;
  const CacheDir* directory;
  OtherPlatform other;  // none: this file alone is for several
};

/// "arm64" of "linux/arm64/v8": what ${TARGETARCH} is.
std::string_view architecture_of(std::string_view platform) {
  platform.remove_prefix(std::min(platform.size(), platform.find('/') + 1));
  return platform.substr(0, platform.find('/'));
}

/// None where builds of this file say no platform: it is that of the builder, which may be the same.
OtherPlatform other_platform(const ProjectCache& cache, const Neighbours& neighbours) {
  const auto is_ours = [&](std::string_view platform) {
    const auto variants = neighbours.variants();
    return std::any_of(variants.begin(), variants.end(), [&](const CacheVariant& variant) {
      return std::any_of(variant.builds.begin(), variant.builds.end(), [&](const CacheVariant::Member& member) {
        const auto& platforms = neighbours.all().project().builds[member.build].platforms;
        return std::any_of(platforms.begin(), platforms.end(), [&](const Given& given) {
          return given.known() && architecture_of(*given.text) == platform;
        });
      });
    });
  };
  OtherPlatform other;
  bool ours = false;
  for (const auto& [platform, users] : cache.platforms)
    if (is_ours(architecture_of(platform))) ours = true;
    else if (other.user == nullptr) other = {users.besides(neighbours.file()), platform};
  return ours ? other : OtherPlatform();
}

class Check {
 public:
  /// `alone`: the file by itself is built for several platforms; else only with others.
  Check(RuleContext& cx, bool alone) : cx_(cx), alone_(alone), native_(native_stages(cx.model())) {}

  void run() {
    for (const Stage& stage : cx_.model().stages())
      for (const RunStep& run : stage.runs)
        if (native_[stage.index] && !run.on_build && run.mounts.size() <= kMostMounts) find(run);
    for (const Found& found : found_)
      if (found.mount->cache != nullptr && found.mount->cache->mounts.size() <= kMostMounts)
        for (const Mount* mount : found.mount->cache->mounts) note_first(*mount->run);
    for (const Found& found : found_) report(found);
  }

 private:
  void find(const RunStep& run) {
    for (const Mount& mount : run.mounts) {
      if (!mount.is(MountType::cache) || !mount.target || names_platform(mount)) continue;
      OtherPlatform other;
      if (!alone_) {
        const ProjectCache* const shared = mount.cache == nullptr ? nullptr : cx_.neighbours().shared(*mount.cache);
        if (shared != nullptr) other = other_platform(*shared, cx_.neighbours());
        if (other.user == nullptr) continue;
      }
      if (const CacheDir* directory = native_directory(mount, cx_.catalog().directory_uses(run), cx_.catalog()))
        found_.push_back({&mount, directory, other});
    }
  }

  void note_first(const RunStep& run) {
    const RunStep*& first = first_[run.stage];
    if (first == nullptr || run.instruction->range.begin < first->instruction->range.begin) first = &run;
  }

  /// Where the argument is to be declared for a RUN: in its stage, or in the first below it that needs it too.
  const RunStep& declared_for(const RunStep& run) const {
    const RunStep* place = &run;
    int count = 0;
    for (const Stage* stage = run.stage; stage != nullptr && count < 100; stage = stage->parent, ++count)
      if (const auto first = first_.find(stage); first != first_.end()) place = first->second;
    return *place;
  }

  std::vector<TextEdit> edits(const Mount& mount) const {
    if (mount.cache == nullptr || mount.cache->mounts.size() > kMostMounts) return {};
    std::vector<TextEdit> edits;
    for (const Mount* user : mount.cache->mounts) {
      if (!native_[user->run->stage->index] || user->run->on_build) return {};
      const auto parted = part_id(*user, cx_.document());
      if (parted.empty()) return {};
      edits.insert(edits.end(), parted.begin(), parted.end());
      const RunStep& place = declared_for(*user->run);
      if (is_declared(place, kArgument)) continue;
      const auto declared = edit::declare_argument(cx_.document(), *place.instruction, kArgument);
      if (std::find(edits.begin(), edits.end(), declared.front()) == edits.end()) edits.push_back(declared.front());
    }
    return edits;
  }

  void report(const Found& found) {
    const Mount& mount = *found.mount;
    const MountOption* const id = mount.option(MountKey::id);
    const TextRange where = id != nullptr ? id->range : mount.flag->range;
    const OtherPlatform& other = found.other;
    Diagnostic& said =
        other.user == nullptr
            ? cx_.report(where, "{} is one for all platforms that this file is built for", found.directory->what)
            : cx_.report(where, "{} is one with that of {}, which is built for another platform", found.directory->what,
                         cx_.neighbours().name(*other.user));
    if (other.user != nullptr) said.label(cx_.neighbours().place(*other.user, fmt::format("{} here", other.platform)));
    const bool sure =
        found.directory->platform == PlatformAdvice::required && found.directory->evidence > Evidence::recalled;
    if (!sure) said.at(Severity::info);
    if (!found.directory->platform_why.empty()) said.note(std::string(found.directory->platform_why));
    if (auto all = edits(mount); !all.empty())
      said.suggest(Applicability::safe, fmt::format("put ${{{}}} into the id", kArgument), std::move(all));
  }

  RuleContext& cx_;
  bool alone_;
  std::vector<bool> native_;
  std::vector<Found> found_;
  std::map<const Stage*, const RunStep*> first_;  // RUN that uses one of the caches
};

void check(RuleContext& cx) {
  if (cx.model().caches().empty()) return;
  const bool alone = asks_for_platform(cx.document()) || cx.neighbours().has_several_platforms();
  if (alone || !cx.neighbours().users().empty()) Check(cx, alone).run();
}

}  // namespace

extern constinit const Rule cache_platform_blind_id{
    .name = "cache/platform-blind-id",
    .summary = "native build results under one id for all platforms",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .of_projects = true,
    .check = check,
};

}  // namespace dockerlint::rules
