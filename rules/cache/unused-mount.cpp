// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace dockerlint::rules {
namespace {

constexpr std::size_t kMostMounts = 200;  // of a RUN that is looked at

template <std::size_t Size>
bool is_one_of(std::string_view text, const std::array<std::string_view, Size>& list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

/// A package manager of the system, or a download: it runs nothing of the project's.
bool is_plain(const Tool& tool) { return tool.ecosystem == "os-packages" || tool.ecosystem == "downloads"; }

/// Runs what somebody else has written, which may use anything.
bool runs_others(const ToolUse& use) {
  constexpr std::array kWords = std::to_array<std::string_view>(
      {"run", "r", "exec", "x", "dlx", "create", "generate", "test", "t", "tool run", "init", "start", "xtask"});
  constexpr std::array kPrograms = std::to_array<std::string_view>({"npx", "pnpx", "pnx", "bunx", "uvx"});
  if (!use.command->needs.empty() || use.run == "*" || is_one_of(use.run, kWords)) return true;
  const auto& programs = use.command->programs;
  return std::any_of(programs.begin(), programs.end(),
                     [&](std::string_view name) { return is_one_of(name, kPrograms); });
}

/// Who may use a directory without naming it: its own tool, and builds that call compilers and other tools.
bool may_use(const Tool& tool, const CacheDir& directory) {
  if (tool.ecosystem == directory.tool->ecosystem) return true;
  if (is_plain(tool)) return false;
  if (directory.kind == DirectoryKind::compile_cache) return true;
  if (is_plain(*directory.tool)) return false;
  return directory.tool->ecosystem != "python" || tool.ecosystem == "c-cpp" || tool.ecosystem == "jvm";
}

/// Where packages of the system put anything.
bool is_system(std::string_view path) {
  constexpr std::array kSystem = std::to_array<std::string_view>(
      {"/usr", "/var", "/etc", "/lib", "/opt", "/tmp", "/run", "/srv", "/bin", "/boot"});
  return std::any_of(kSystem.begin(), kSystem.end(), [&](std::string_view top) { return meet(path, top); });
}

/// What a RUN does, as far as all of its mounts are concerned.
class Work {
 public:
  Work(const RunStep& run, const Catalog& catalog) : run_(run), uses_(catalog.directory_uses(run)) {
    known_ = run.script != nullptr && run.script->understood && !run.commands.empty() && !run.on_build;
    for (const RunCommand& command : run.commands) {
      if (!known_ || !is_known(command, catalog) || !command.workdir) {
        known_ = false;
        return;
      }
      for (const ToolUse& use : catalog.uses(command)) {
        known_ = known_ && (is_plain(*use.tool) || !runs_others(use));
        tools_.push_back(use.tool);
      }
    }
  }

  bool is_understood() const { return known_; }

  /// Whether some command may use what is at `target`, whatever the effects say.
  bool may_use(std::string_view target, const CacheDir* directory) const {
    for (const DirectoryUse& use : uses_) {
      if (use.place.path.empty() || !use.place.known || meet(use.place.path, target)) return true;
      // A mount that is meant for it lies in a wrong place.
      if (!target_for(*use.directory, use.place.path, target).empty()) return true;
      if (use.place.path.substr(use.place.path.rfind('/')) == target.substr(target.rfind('/'))) return true;
    }
    for (const RunCommand& command : run_.commands)
      if (lies_in(*command.workdir, target)) return true;
    return std::any_of(tools_.begin(), tools_.end(), [&](const Tool* tool) {
      return directory != nullptr ? rules::may_use(*tool, *directory) : !is_plain(*tool) || is_system(target);
    });
  }

 private:
  const RunStep& run_;
  Answer<DirectoryUse> uses_;
  std::vector<const Tool*> tools_;
  bool known_ = false;
};

/// What the file's steps read and write.
struct Paths {
  std::map<const RunStep*, std::vector<std::string_view>> of_run;
  std::set<std::string_view> named;  // by commands, not by what the catalog knows of tools

  explicit Paths(const Effects& effects) {
    for (const PathRead* read : effects.reads()) add(read->run, read->path, read->tool);
    for (const PathWrite* write : effects.writes()) add(write->run, write->path, write->tool);
  }

  /// Whether the file does something with what is there: a link may lead to it, a configuration name it.
  bool have_named(std::string_view directory) const {
    const auto first = named.lower_bound(directory);
    if (first != named.end() && *first == directory) return true;
    const std::string below = std::string(directory) + '/';
    const auto next = named.lower_bound(below);
    return next != named.end() && next->starts_with(below);
  }

 private:
  void add(const RunStep* run, std::string_view path, const ToolCommand* tool) {
    if (run == nullptr) return;
    of_run[run].push_back(path);
    if (tool == nullptr) named.insert(path);
  }
};

bool is_met(std::string_view target, const std::vector<std::string_view>& paths) {
  return std::any_of(paths.begin(), paths.end(), [&](std::string_view path) { return meet(path, target); });
}

bool is_nested(const Mount& mount, const RunStep& run) {
  return std::any_of(run.mounts.begin(), run.mounts.end(), [&](const Mount& other) {
    return &other != &mount && (!other.target || meet(*other.target, *mount.target));
  });
}

/// Whether a tool that the RUN uses has no mount for its cache, nor gets one for certain: the one in a place that nobody
/// knows may be meant for it.
bool may_be_misplaced(const Mount& mount, RuleContext& cx) {
  if (cx.catalog().directory_at(*mount.target) != nullptr) return false;
  RunStep without = *mount.run;
  std::vector<Mount> others;
  for (const Mount& other : without.mounts)
    if (&other != &mount) others.push_back(other);
  without.mounts = others;
  const bool wanted = cx.project().cache_policy == CachePolicy::mounts;
  const auto unmounted =
      unmounted_caches(without, cx.catalog(), wanted ? TurnedOff::is_a_habit : TurnedOff::is_a_choice);
  if (unmounted.empty()) return false;
  const MountPlan plan = MountPlanner(cx.model(), cx.catalog(), cx.effects()).plan(without, unmounted);
  return plan.edits.empty() || plan.applicability != Applicability::safe;
}

void check(const RunStep& run, Paths& paths, RuleContext& cx) {
  const Work work(run, cx.catalog());
  if (!work.is_understood()) return;
  for (const Mount& mount : run.mounts) {
    if (!mount.is(MountType::cache) || !mount.target || is_nested(mount, run)) continue;
    const std::string_view target = *mount.target;
    // A variable that is there for others to read.
    const MountOption* const written = mount.option(MountKey::target);
    if (written == nullptr || written->value.find('$') != std::string_view::npos) continue;
    if (work.may_use(target, cx.catalog().directory_at(target)) || script_has(cx.document(), run, target)) continue;
    if (paths.have_named(target) || is_met(target, paths.of_run[&run])) continue;
    Diagnostic& found = cx.report(mount.flag->range, "nothing in this RUN uses the cache in {}", target);
    if (may_be_misplaced(mount, cx))
      found.note("no fix is offered: it may be meant for a cache that the RUN fills elsewhere");
    else
      found.suggest(Applicability::safe, "remove the mount",
                    edit::remove_flag(cx.document(), *run.instruction, *mount.flag));
  }
}

void check_all(RuleContext& cx) {
  std::optional<Paths> paths;
  for (const Stage& stage : cx.model().stages()) {
    for (const RunStep& run : stage.runs) {
      const bool has_cache =
          std::any_of(run.mounts.begin(), run.mounts.end(), [](const Mount& m) { return m.is(MountType::cache); });
      if (!has_cache || run.mounts.size() > kMostMounts) continue;
      if (!paths) paths.emplace(cx.effects());
      check(run, *paths, cx);
    }
  }
}

}  // namespace

extern constinit const Rule cache_unused_mount{
    .name = "cache/unused-mount",
    .summary = "cache mounts that nothing in the RUN uses",
    .severity = Severity::info,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = check_all,
};

}  // namespace dockerlint::rules
