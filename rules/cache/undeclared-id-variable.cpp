// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/declarations.hpp"
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <optional>
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

bool takes_any_text(const MountOption& option) {
  return option.key == MountKey::id || option.key == MountKey::target || option.key == MountKey::source;
}

/// Variables that the file's mounts have where not all values will do: `gid=$GROUP`, `sharing=$MODE`. Looked for when the
/// first is asked about.
class Deciding {
 public:
  explicit Deciding(const Model& model) : model_(model) {}

  bool has(std::string_view name) {
    if (!names_) look(names_.emplace());
    return names_->contains(name);
  }

 private:
  void look(std::set<std::string_view>& names) const {
    for (const Stage& stage : model_.stages())
      for (const RunStep& run : stage.runs)
        for (const Mount& mount : run.mounts)
          for (const MountOption& option : mount.options)
            if (!takes_any_text(option))
              for (const NamedVariable& variable : variables_in(option.value)) names.insert(variable.name);
  }

  const Model& model_;
  std::optional<std::set<std::string_view>> names_;
};

void report(const Mount& mount, const MountOption& option, std::string_view name, Deciding& deciding, RuleContext& cx) {
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
  if (!deciding.has(name))
    found.suggest(Applicability::safe, fmt::format("declare ARG {} in the stage", name),
                  edit::declare_argument(cx.document(), *run.instruction, name));
}

/// Whether a FROM with a variable in it, `deps-${KIND:-base}`, may take the stage.
bool may_name(std::string_view image, const Stage& stage) {
  const std::size_t begin = image.find('$'), end = image.find_last_of('$');
  const std::size_t closed = image.find('}', end);
  const std::string_view before = image.substr(0, begin);
  const std::string_view after = closed == image.npos ? std::string_view() : image.substr(closed + 1);
  return !stage.name.empty() && stage.name.starts_with(before) && stage.name.ends_with(after);
}

/// Whether the stage may be built on one of the file's that a variable names: what that one declares holds here.
bool may_inherit(const RunStep& run, std::span<const Stage> stages) {
  constexpr std::uint32_t kMostStages = 200;
  const Stage* root = run.stage;
  for (std::uint32_t count = 0; root->parent != nullptr; root = root->parent)
    if (++count > kMostStages) return true;
  const std::string_view image = root->image.text;
  if (image.find('$') == image.npos) return false;
  if (root->index > kMostStages) return true;
  const auto above = stages.first(root->index);
  return std::any_of(above.begin(), above.end(), [&](const Stage& stage) { return may_name(image, stage); });
}

/// Whether nothing can give the variable a value.
bool is_undeclared(const RunStep& run, std::string_view name, const Model& model) {
  const Variable variable = run.before.env.find(name);
  if (variable.set || is_declared(run, name)) return false;
  if (!variable.known && !is_platform_argument(name) && !is_global_argument(model.document(), name)) return false;
  return !may_inherit(run, model.stages());
}

void check(const Mount& mount, Deciding& deciding, Told& told, RuleContext& cx) {
  constexpr std::size_t kMostVariables = 20;  // of an option
  for (const MountOption& option : mount.options) {
    if (option.key == MountKey::from || option.key == MountKey::unknown) continue;
    const auto named = variables_in(option.value);
    if (named.size() > kMostVariables) continue;
    for (const auto& [name, plain] : named) {
      // A home in front of the target is a matter of where the tool looks.
      if (!plain || (name == "HOME" && option.key == MountKey::target)) continue;
      if (is_told(told, *mount.run, name) || !is_undeclared(*mount.run, name, cx.model())) continue;
      told.insert({mount.run->stage, name});
      report(mount, option, name, deciding, cx);
    }
  }
}

void check_all(RuleContext& cx) {
  Told told;
  Deciding deciding(cx.model());
  for (const Stage& stage : cx.model().stages())
    for (const RunStep& run : stage.runs) {
      if (run.on_build) continue;
      for (const Mount& mount : run.mounts)
        if (mount.is(MountType::cache)) check(mount, deciding, told, cx);
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
