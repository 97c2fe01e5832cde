// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"
#include "dockerlint/same_work.hpp"

#include <algorithm>

namespace dockerlint::rules {
namespace {

constexpr std::size_t kMostLabels = 8;

const Stage& first_stage(const SameWork& work) { return *work.first->run->stage; }
const Stage& second_stage(const SameWork& work) { return *work.again->run->stage; }

std::string name_of(const Stage& stage) {
  if (stage.name.empty()) return fmt::format("the stage of line {}", stage.from->first_line);
  return fmt::format("`{}`", stage.name);
}

/// The first line of a stage that both could be built on.
std::string common_stage(const SameWork& work, const Model& model) {
  const Stage* base = &first_stage(work);
  if (base->image.text != second_stage(work).image.text)
    while (base->parent != nullptr) base = base->parent;
  std::string_view name = "common-base";
  for (const std::string_view other : {"deps", "shared", "common"})
    if (model.stage(other) == nullptr) name = other;
  return fmt::format("FROM {} AS {}", base->image.text, name);
}

/// Of one pair of stages: the first is reported, and speaks for all.
void report(std::span<const SameWork> works, RuleContext& cx) {
  const SameWork& work = works.front();
  const std::string other = name_of(first_stage(work));
  const TextRange here = work.again->syntax->range;
  Diagnostic& found = work.kind == WorkKind::packages
                          ? cx.report(here, "{} installs the same packages, and here they are installed again", other)
                          : cx.report(here, "{} does the same on the same sources, and here it is done again", other);
  found.label(work.first->syntax->range, "first done here");
  for (const SameWork& more : works.subspan(1, std::min(works.size() - 1, kMostLabels)))
    found.label(more.again->syntax->range, "and so is this");
  if (work.apart != work.again->run->instruction) found.label(work.apart->keyword.range, "what differs before it");
  found.note("BuildKit does a step once for all stages only if all that stands before it is the same, to the letter");
  found.note(
      fmt::format("begin a stage with what both do, `{}`, and build both on it", common_stage(work, cx.model())));
}

void check(RuleContext& cx) {
  std::vector<SameWork> works = same_works(cx.model(), cx.catalog());
  const auto stages = [](const SameWork& work) { return std::pair(second_stage(work).index, first_stage(work).index); };
  std::stable_sort(works.begin(), works.end(),
                   [&](const SameWork& a, const SameWork& b) { return stages(a) < stages(b); });
  for (auto begin = works.begin(); begin != works.end();) {
    const auto end = std::find_if(begin, works.end(), [&](const SameWork& w) { return stages(w) != stages(*begin); });
    report({begin, end}, cx);
    begin = end;
  }
}

}  // namespace

extern constinit const Rule build_repeated_work{
    .name = "build/repeated-work",
    .summary = "two stages that build the same thing with the same command from the same sources",
    .severity = Severity::info,
    .fix = FixKind::none,
    .since = "0.1.0",
    .check = check,
};

}  // namespace dockerlint::rules
