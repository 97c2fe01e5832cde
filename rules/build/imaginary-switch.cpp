// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <array>

namespace dockerlint::rules {
namespace {

/// Variables of the client. A builder that reads the Dockerfile has been chosen long before.
constexpr std::array<std::string_view, 4> kSwitches{"BUILDKIT_ENABLED", "COMPOSE_DOCKER_CLI_BUILD", "DOCKER_BUILDKIT",
                                                    "USE_BUILDKIT"};

bool is_switch(std::string_view name) { return std::find(kSwitches.begin(), kSwitches.end(), name) != kSwitches.end(); }

/// Whether something in the file reads the variable, so that it is more than a wish.
bool is_used(const Document& document, std::string_view name) {
  for (const Instruction& in : document.instructions()) {
    const std::string_view text = document.source().slice(in.range);
    for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1))
      if (at > 0 && (text[at - 1] == '$' || text[at - 1] == '{')) return true;
  }
  return false;
}

void check(RuleContext& cx) {
  const SourceText& source = cx.document().source();
  for (const Instruction& in : cx.document().instructions()) {
    // As ENV it may be meant for a container that builds images itself.
    if (in.kind != InstructionKind::arg || in.broken) continue;
    for (const Assignment& assignment : in.assignments) {
      if (!is_switch(assignment.name.text)) continue;
      Diagnostic& found = cx.report(assignment.range, "{} in a Dockerfile neither turns BuildKit on nor checks for it",
                                    assignment.name.text);
      found.note(
          "it is read by the docker client, from the environment that the build is started in; BuildKit is the "
          "default since Docker 23");
      if (in.assignments.size() > 1 || is_used(cx.document(), assignment.name.text)) continue;
      if (cx.model().stages().empty()) continue;  // nothing may be left then
      const std::uint32_t last = in.last_line;
      const TextSize end = last < source.line_count() ? source.line_start(last + 1) : source.size();
      found.suggest(Applicability::unsafe, "remove it", {{{source.line_start(in.first_line), end}, ""}});
    }
  }
}

}  // namespace

extern constinit const Rule build_imaginary_switch{
    .name = "build/imaginary-switch",
    .summary = "variables that are meant to turn BuildKit on, and do nothing",
    .severity = Severity::hint,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = check,
};

}  // namespace dockerlint::rules
