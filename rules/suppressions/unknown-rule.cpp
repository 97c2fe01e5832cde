// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {
namespace {

constexpr std::size_t kLongest = 80;  // bytes of a name that a message can bear

void report(const IgnoreComment& comment, const IgnoredName& name, RuleContext& cx) {
  if (!name.meant.empty()) {
    cx.report(name.range, "unknown rule `{}`, did you mean {}?", name.name, name.meant)
        .note("until then it hides nothing")
        .suggest(Applicability::display_only, fmt::format("write {}", name.meant),
                 {{name.range, std::string(name.meant)}});
    return;
  }
  Diagnostic& found = name.name.size() > kLongest ? cx.report(name.range, "this is the name of no rule")
                                                  : cx.report(name.range, "unknown rule `{}`", name.name);
  found.note("`dockerlint rules` lists those that there are; a newer version may have more");
  const IgnoredName* const names[] = {&name};
  std::vector<TextEdit> edits = edit::remove_ignored(cx.document(), comment, names);
  if (edits.empty()) return;
  const bool last = comment.names.size() == 1;
  found.suggest(Applicability::unsafe, last ? "remove the comment" : "take it out of the list", std::move(edits));
}

void check(RuleContext& cx) {
  for (const IgnoreComment& comment : cx.ignores()) {
    if (comment.form == IgnoreForm::dockerlint && comment.names.empty())
      cx.report(comment.range, "this comment names no rule, and hides nothing");
    for (const IgnoredName& name : comment.names)
      if (name.unknown) report(comment, name, cx);
  }
}

}  // namespace

extern constinit const Rule suppressions_unknown_rule{
    .name = "suppressions/unknown-rule",
    .summary = "comments that ask to ignore rules that there are not",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .about_ignores = true,
    .check = check,
};

}  // namespace dockerlint::rules
