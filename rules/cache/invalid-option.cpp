// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <algorithm>

namespace dockerlint::rules {
namespace {

/// The instruction that `where` stands in.
const Instruction* instruction_at(TextRange where, const Document& document) {
  const auto all = document.instructions();
  const auto found =
      std::partition_point(all.begin(), all.end(), [&](const Instruction& in) { return in.range.end < where.end; });
  return found != all.end() && found->range.contains(where) ? &*found : nullptr;
}

/// What was meant, for all mistakes of one RUN; they follow each other in `errors`, from the first on.
std::vector<TextEdit> corrections(std::span<const BuildError> errors, const Instruction& run) {
  std::vector<TextEdit> edits;
  for (const BuildError& error : errors) {
    if (!run.range.contains(error.range)) break;
    if (error.kind == BuildErrorKind::mount && !error.meant.empty())
      edits.push_back({error.range, std::string(error.meant)});
  }
  return edits;
}

void check(RuleContext& cx) {
  const auto errors = cx.model().errors();
  const Instruction* run = nullptr;
  bool corrected = false;  // BuildKit would take the RUN with all that we know corrected
  for (std::size_t i = 0; i < errors.size(); ++i) {
    const BuildError& error = errors[i];
    if (error.kind != BuildErrorKind::mount) continue;
    Diagnostic& found = cx.report(error.range, "{}", error.message);
    if (!error.note.empty()) found.note(std::string(error.note));
    if (run == nullptr || !run->range.contains(error.range)) {
      run = instruction_at(error.range, cx.document());
      // One mistake may hide another, so everything is corrected before it is read again.
      corrected = run != nullptr && edit::is_accepted(cx.document(), *run, corrections(errors.subspan(i), *run));
    }
    if (corrected && !error.meant.empty())
      found.suggest(Applicability::safe, fmt::format("write {}", error.meant),
                    {{error.range, std::string(error.meant)}});
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
