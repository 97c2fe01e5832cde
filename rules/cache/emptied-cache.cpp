// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <algorithm>

namespace dockerlint::rules {
namespace {

TextRange place_of(const Emptying& emptying) {
  if (emptying.word != nullptr) return emptying.word->range();
  return emptying.command->syntax->range;
}

/// Whether all that the command deletes lies in mounts.
bool has_no_other_work(const Emptying& one, const std::vector<Emptying>& all) {
  if (one.word == nullptr) return true;
  const auto words = one.command->words.subspan(1);
  return std::all_of(words.begin(), words.end(), [&](const CommandWord& word) {
    const bool is_option = !word.text().empty() && word.text().front() == '-';
    return is_option || std::any_of(all.begin(), all.end(), [&](const Emptying& other) {
             return other.command == one.command && other.word == &word && !other.everything;
           });
  });
}

void suggest(const Emptying& one, const std::vector<Emptying>& all, RuleContext& cx, Diagnostic& found) {
  if (one.everything) return;
  const shell::SimpleCommand& command = *one.command->syntax;
  if (has_no_other_work(one, all)) {
    auto edits = edit::remove_command(*one.command->run, command);
    if (!edits.empty() && !cx.document().has_comment(edits.front().range))
      found.suggest(Applicability::safe, "remove the command", std::move(edits));
  } else if (one.command->is_one_of_several(*one.word)) {
    found.note("no fix is offered: this is more than one path");
  } else if (auto edits = edit::remove_word(cx.document(), command, one.word->range()); !edits.empty()) {
    found.suggest(Applicability::safe, "leave that path out", std::move(edits));
  }
}

void report(const Emptying& one, const std::vector<Emptying>& all, RuleContext& cx) {
  const std::string_view target = *one.mount->target;
  const TextRange where = place_of(one);
  const std::string_view said = one.word != nullptr ? one.word->text() : cx.document().source().slice(where);
  const std::string_view what = said.find('\n') == said.npos ? said : one.command->word(0);
  Diagnostic& found =
      one.mount_point ? cx.report(where, "`{}` cannot be removed while it is mounted{}", one.everything ? target : what,
                                  one.command->failure_ignored ? "" : ": the RUN fails")
      : one.word != nullptr ? cx.report(where, "deleting `{}` empties the cache that this RUN mounts", what)
                            : cx.report(where, "`{}` empties the cache that this RUN mounts", what);
  found.label(one.mount->flag->range, "mounted here");
  found.note(one.mount_point
                 ? "`rm` deletes what is in the mount, for all builds, and then stops with `Device or resource busy`"
                 : "what is in the mount is not in the image: deleting it makes nothing smaller, and the next "
                   "build starts with nothing");
  suggest(one, all, cx, found);
}

void check(const RunStep& run, RuleContext& cx) {
  const auto all = emptied_mounts(run, cx.catalog());
  for (const Emptying& one : all)
    if (!one.command->conditional) report(one, all, cx);
}

}  // namespace

extern constinit const Rule cache_emptied_cache{
    .name = "cache/emptied-cache",
    .summary = "RUNs that empty the cache they mount, or try to remove the mounted directory",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = each_run<check>,
};

}  // namespace dockerlint::rules
