// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/declarations.hpp"
#include "dockerlint/rule.hpp"

#include <set>
#include <string>
#include <utility>

namespace dockerlint::rules {
namespace {

using Told = std::set<std::pair<const Stage*, std::string_view>>;

/// Said of the stage, or of one that it is built on: what is declared there is declared here too.
bool is_told(const Told& told, const RunStep& run, std::string_view name) {
  constexpr int kMostStages = 100;
  int count = 0;
  for (const Stage* stage = run.stage; stage != nullptr && count < kMostStages; stage = stage->parent, ++count)
    if (told.contains({stage, name})) return true;
  return count == kMostStages;
}

void report(const Mount& mount, const MountOption& option, std::string_view name, RuleContext& cx) {
  const RunStep& run = *mount.run;
  Diagnostic& found = cx.report(option.range, "{} expands to nothing here: this stage does not declare it", name);
  if (option.key == MountKey::id && mount.id && mount.id->find('$') == std::string_view::npos)
    found.note(fmt::format("the cache's id is `{}` for every build", *mount.id));
  if (option.key == MountKey::target && mount.target)
    found.note(fmt::format("the cache is mounted on {}", *mount.target));
  const bool predefined = is_platform_argument(name);
  if (!predefined && !is_global_argument(cx.document(), name)) return;
  found.note(predefined ? "BuildKit sets it only in stages that declare it"
                        : "an ARG before the first FROM holds in FROM lines only, until a stage declares it");
  found.suggest(Applicability::safe, fmt::format("declare ARG {} in the stage", name),
                edit::declare_argument(cx.document(), *run.instruction, name));
}

/// Whether nothing can give the variable a value.
bool is_undeclared(const RunStep& run, std::string_view name, const Document& document) {
  const Variable variable = run.before.env.find(name);
  if (variable.set || is_declared(run, name)) return false;
  return variable.known || is_platform_argument(name) || is_global_argument(document, name);
}

void check(const Mount& mount, Told& told, RuleContext& cx) {
  constexpr std::size_t kMostVariables = 20;  // of an option
  for (const MountOption& option : mount.options) {
    if (option.key == MountKey::from || option.key == MountKey::unknown) continue;
    const auto named = variables_in(option.value);
    if (named.size() > kMostVariables) continue;
    for (const auto& [name, plain] : named) {
      // A home in front of the target is a matter of where the tool looks.
      if (!plain || (name == "HOME" && option.key == MountKey::target)) continue;
      if (is_told(told, *mount.run, name) || !is_undeclared(*mount.run, name, cx.document())) continue;
      told.insert({mount.run->stage, name});
      report(mount, option, name, cx);
    }
  }
}

void check_all(RuleContext& cx) {
  Told told;
  for (const Stage& stage : cx.model().stages())
    for (const RunStep& run : stage.runs) {
      if (run.on_build) continue;
      for (const Mount& mount : run.mounts)
        if (mount.is(MountType::cache)) check(mount, told, cx);
    }
}

}  // namespace

extern constinit const Rule cache_undeclared_id_variable{
    .name = "cache/undeclared-id-variable",
    .summary = "variables in cache mounts that the stage does not declare",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = check_all,
};

}  // namespace dockerlint::rules
