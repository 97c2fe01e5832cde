// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {
namespace {

using Names = std::vector<const IgnoredName*>;

Names unused(const IgnoreComment& comment) {
  Names names;
  for (const IgnoredName& name : comment.names)
    if (name.judged && !name.used) names.push_back(&name);
  return names;
}

void report_unused(const IgnoreComment& comment, const Names& names, RuleContext& cx) {
  const bool all = names.size() == comment.names.size();
  std::string list;
  for (const IgnoredName* const name : names) list += fmt::format("{}{}", list.empty() ? "" : ", ", name->name);
  const TextRange where = all ? comment.range : cover(names.front()->range, names.back()->range);
  Diagnostic& found =
      cx.report(where, "nothing to hide in this {}: {}", comment.whole_file ? "file" : "instruction", list);
  std::vector<TextEdit> edits = edit::remove_ignored(cx.document(), comment, names);
  if (edits.empty()) return;
  found.suggest(Applicability::safe, all ? "remove the comment" : fmt::format("take {} out of the list", list),
                std::move(edits));
}

void check(RuleContext& cx) {
  // Rules are silent about what BuildKit refuses: who knows what they would find once it is put right.
  const bool sure = cx.document().errors().empty() && cx.model().errors().empty();
  for (const IgnoreComment& comment : cx.ignores()) {
    if (comment.form != IgnoreForm::dockerlint || comment.names.empty()) continue;  // others may need theirs
    if (!comment.scope)
      cx.report(comment.range, "no instruction stands right below this comment: it hides nothing")
          .note("it may be one of several comments, but a blank line parts them from what follows");
    else if (const Names names = unused(comment); sure && !names.empty()) report_unused(comment, names, cx);
  }
}

}  // namespace

extern constinit const Rule suppressions_unused_ignore{
    .name = "suppressions/unused-ignore",
    .summary = "comments that ask to ignore what is not found",
    .severity = Severity::hint,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .about_ignores = true,
    .check = check,
};

}  // namespace dockerlint::rules
