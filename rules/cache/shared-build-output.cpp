// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <algorithm>

namespace dockerlint::rules {
namespace {

constexpr std::size_t kMostUsers = 200;  // of a cache whose id a fix changes

TextRange where(const Mount& mount) {
  const MountOption* option = mount.option(MountKey::id);
  if (option == nullptr) option = mount.option(MountKey::target);
  return option != nullptr ? option->range : mount.flag->range;
}

/// An id of its own for the build's stage. Mounts that only copy out what was built change with it.
std::vector<TextEdit> id_of_stage(const MountedBuild& build) {
  const Stage& stage = build.stage();
  const auto users = build.mount->cache->mounts;
  if (stage.name.empty() || users.size() > kMostUsers) return {};
  std::vector<TextEdit> edits;
  for (const Mount* const user : users) {
    const Stage& other = *user->run->stage;
    if (&other != &stage) {
      if (is_built_on(stage, other) || is_built_on(other, stage)) return {};  // whose cache is it then?
      continue;
    }
    const auto more = edit::lengthen_id(*user, fmt::format("-{}", stage.name));
    if (more.empty()) return {};
    edits.insert(edits.end(), more.begin(), more.end());
  }
  return edits;
}

/// An id for each value of the argument, wherever the cache is used.
std::vector<TextEdit> id_of_argument(const MountedBuild& build, std::string_view argument) {
  const auto users = build.mount->cache->mounts;
  if (users.size() > kMostUsers) return {};
  std::vector<TextEdit> edits;
  for (const Mount* const user : users) {
    // What is not declared there would be nothing.
    if (declaration_of(argument, *user->run->stage, user->flag->range.begin) == nullptr) return {};
    const auto more = edit::lengthen_id(*user, fmt::format("-${{{}}}", argument));
    if (more.empty()) return {};
    edits.insert(edits.end(), more.begin(), more.end());
  }
  return edits;
}

void report(const SharedBuild& shared, RuleContext& cx) {
  const Mount& mount = *shared.build.mount;
  const CacheDir& output = *shared.build.output;
  if (!shared.argument.empty() && !shared.selects_sources) {
    Diagnostic& found = cx.report(where(mount), "the builds of every `{}` use this one cache", shared.argument);
    found.at(Severity::info);
    found.label(shared.selection, "selects what is built");
    found.note("they wait for each other, and a copy of what one did not build finds what another one left");
    if (auto edits = id_of_argument(shared.build, shared.argument); !edits.empty())
      found.suggest(Applicability::safe, fmt::format("give each {} a cache of its own", shared.argument),
                    std::move(edits));
    return;
  }

  const bool by_argument = !shared.argument.empty();
  Diagnostic& found =
      by_argument
          ? cx.report(where(mount), "the sources that `{}` selects are all built in this one cache", shared.argument)
          : cx.report(where(mount), "two stages build different sources in this one cache");
  if (output.evidence == Evidence::recalled) found.at(Severity::info);
  if (by_argument) found.label(shared.selection, "selected here");
  else found.label(where(*shared.other.mount), "and here");
  found.note(fmt::format(
      "{} tells by names and time stamps what is built already: one may ship what the other built, in any sharing mode",
      output.tool->title));
  auto edits = by_argument ? id_of_argument(shared.build, shared.argument) : id_of_stage(shared.build);
  if (!edits.empty())
    found.suggest(Applicability::safe,
                  by_argument ? fmt::format("give each {} a cache of its own", shared.argument)
                              : fmt::format("give `{}` a cache of its own", shared.build.stage().name),
                  std::move(edits));
}

void check(RuleContext& cx) {
  for (const SharedBuild& shared : shared_builds(cx.model(), cx.catalog())) report(shared, cx);
}

}  // namespace

extern constinit const Rule cache_shared_build_output{
    .name = "cache/shared-build-output",
    .summary = "different builds whose output lies in one cache, so that one may ship what the other built",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = check,
};

}  // namespace dockerlint::rules
