// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {
namespace {

/// The RUN that `where` stands in.
const Instruction* instruction_at(TextRange where, const Document& document) {
  for (const Instruction& instruction : document.instructions())
    if (instruction.range.contains(where)) return &instruction;
  return nullptr;
}

void check(RuleContext& cx) {
  const auto errors = cx.model().errors();
  for (const BuildError& error : errors) {
    if (error.kind != BuildErrorKind::mount) continue;
    Diagnostic& found = cx.report(error.range, "{}", error.message);
    if (!error.note.empty()) found.note(std::string(error.note));
    if (error.meant.empty()) continue;

    // One mistake may hide another, so all that is known of this RUN is corrected before it is read again.
    const Instruction* const run = instruction_at(error.range, cx.document());
    std::vector<TextEdit> all;
    for (const BuildError& other : errors)
      if (other.kind == BuildErrorKind::mount && !other.meant.empty() && run != nullptr && run->range.contains(other.range))
        all.push_back({other.range, std::string(other.meant)});
    if (run != nullptr && edit::is_accepted(cx.document(), *run, all))
      found.suggest(Applicability::safe, fmt::format("write {}", error.meant), {{error.range, std::string(error.meant)}});
  }
}

}  // namespace

extern constinit const Rule cache_invalid_option{
    .name = "cache/invalid-option",
    .summary = "mount options that BuildKit refuses",
    .severity = Severity::error,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = check,
};

}  // namespace dockerlint::rules
