// SPDX-License-Identifier: Apache-2.0
#pragma once
// Everything a file in rules/ needs.

#include "dockerlint/builds.hpp"
#include "dockerlint/cache_use.hpp"
#include "dockerlint/catalog.hpp"
#include "dockerlint/copy_out.hpp"
#include "dockerlint/diagnostic.hpp"
#include "dockerlint/directory_use.hpp"
#include "dockerlint/edit.hpp"
#include "dockerlint/effects.hpp"
#include "dockerlint/ignores.hpp"
#include "dockerlint/model.hpp"
#include "dockerlint/mount_plan.hpp"
#include "dockerlint/neighbours.hpp"
#include "dockerlint/option.hpp"

#include <fmt/core.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dockerlint {

/// All that is known of one file, for one thread. The document must outlive it.
class Facts {
 public:
  Facts(const Document& document, const Catalog& catalog, const ProjectView& project = {})
      : model_(document), catalog_(catalog.remembering()), project_(project) {}

  const Model& model() const { return model_; }
  const Catalog& catalog() const { return catalog_; }
  const ProjectView& project() const { return project_; }
  const Effects& effects() const {
    if (!effects_) effects_.emplace(model_, catalog_);
    return *effects_;
  }
  const Neighbours& neighbours() const {
    if (!neighbours_) neighbours_.emplace(model_, catalog_, project_);
    return *neighbours_;
  }

 private:
  Model model_;
  Catalog catalog_;
  ProjectView project_;
  mutable std::optional<Effects> effects_;  // only some rules want them, and no rule of most files
  mutable std::optional<Neighbours> neighbours_;
};

class RuleContext {
 public:
  RuleContext(const Rule& rule, const Facts& facts, std::vector<Diagnostic>& found, ProjectChoices project = {},
              const OptionValues* options = nullptr, std::span<const IgnoreComment> ignores = {})
      : rule_(rule), facts_(facts), found_(found), project_(project), options_(options), ignores_(ignores) {}

  const Model& model() const { return facts_.model(); }
  const Document& document() const { return facts_.model().document(); }
  const Catalog& catalog() const { return facts_.catalog(); }
  /// Made when the first rule asks.
  const Effects& effects() const { return facts_.effects(); }
  const ProjectChoices& project() const { return project_; }
  /// What the project's other files, and the builds of this one, do with the caches of this file.
  const Neighbours& neighbours() const { return facts_.neighbours(); }

  /// What comments ask to be silent about, and what they have hidden; only for rules that are `about_ignores`.
  std::span<const IgnoreComment> ignores() const { return ignores_; }

  /// What the project has chosen, or the option's default. The rule must list the option.
  bool option(const Option<bool>& option) const;
  std::int64_t option(const Option<std::int64_t>& option) const;
  std::string_view option(const Option<std::string_view>& option) const;
  std::vector<std::string_view> option(const Option<OptionWords>& option) const;

  /// Reports at the rule's severity; Diagnostic::at() changes it. The reference is good until the next report.
  template <typename... Args>
  Diagnostic& report(TextRange where, fmt::format_string<Args...> message, Args&&... args) {
    return add(where, fmt::vformat(message, fmt::make_format_args(args...)));
  }

 private:
  Diagnostic& add(TextRange where, std::string message);
  const OptionValue* chosen(const RuleOption& option) const;  // null: as declared

  const Rule& rule_;
  const Facts& facts_;
  std::vector<Diagnostic>& found_;
  ProjectChoices project_;
  const OptionValues* options_;
  std::span<const IgnoreComment> ignores_;
};

/// Whether a finding of the rule carries a fix. Tests hold each rule to it.
enum class FixKind : std::uint8_t { none, sometimes, always };
std::string_view to_string(FixKind);

/// A rule is a constant: no state, no registration, no inheritance.
struct Rule {
  std::string_view name;     // group/what-is-wrong; also the path of its files
  std::string_view summary;  // one line, completes "Finds …"
  Severity severity;         // of most findings; a finding may be quieter
  FixKind fix;
  std::string_view since;         // the version that brought it
  std::string_view aliases = {};  // "DL3008 StageNameCasing": what other linters call it
  std::span<const RuleOption* const> options = {};
  bool about_ignores = false;  // runs when all others have, and it is known what comments have hidden
  bool of_projects = false;    // finds more where it sees the other files of the project
  void (*check)(RuleContext&);
};

/// Turns a check of one RUN into a check of the file.
template <void (*Check)(const RunStep&, RuleContext&)>
void each_run(RuleContext& cx) {
  for (const Stage& stage : cx.model().stages())
    for (const RunStep& run : stage.runs) Check(run, cx);
}

/// Turns a check of one cache mount into a check of the file. Mounts that BuildKit refuses are left out.
template <void (*Check)(const Mount&, RuleContext&)>
void each_cache_mount(RuleContext& cx) {
  for (const Stage& stage : cx.model().stages())
    for (const RunStep& run : stage.runs)
      for (const Mount& mount : run.mounts)
        if (mount.is(MountType::cache)) Check(mount, cx);
}

/// Reports what the parser refused of one kind: all that a rule in syntax/ does.
template <SyntaxErrorKind Kind>
void each_syntax_error(RuleContext& cx) {
  for (const SyntaxError& error : cx.document().errors()) {
    if (error.kind != Kind) continue;
    Diagnostic& found = cx.report(error.range, "{}", error.message);
    if (!error.note.empty()) found.note(std::string(error.note));
  }
}

/// Reports what BuildKit refuses of one kind, without a fix.
template <BuildErrorKind Kind>
void each_build_error(RuleContext& cx) {
  for (const BuildError& error : cx.model().errors()) {
    if (error.kind != Kind) continue;
    Diagnostic& found = cx.report(error.range, "{}", error.message);
    if (!error.note.empty()) found.note(std::string(error.note));
  }
}

/// Every rule, in the order of their names. Generated: the files in rules/ are the list.
std::span<const Rule* const> all_rules();
/// By name or by alias, in any case. Null when there is none.
const Rule* find_rule(std::string_view name_or_alias);
/// The page rules/<name>.md, as built in.
std::string_view page_of(const Rule& rule);

}  // namespace dockerlint
