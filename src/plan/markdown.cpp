// SPDX-License-Identifier: Apache-2.0
// The plan for a pull request or a wiki.

#include "plan/plan.hpp"

#include <fmt/format.h>

#include <iterator>

namespace dockerlint::plan {
namespace {

/// Text in a cell of a table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '<' || c == '*' || c == '_' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out;
}

std::string code(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 || c == '`' ? ' ' : c;
  }
  return fmt::format("`{}`", out);
}

}  // namespace

std::string markdown(const Plan& plan) {
  std::string out = "# Cache plan\n\n";
  const auto put = std::back_inserter(out);
  fmt::format_to(put, "{}.\n", counted(plan));
  if (plan.caches.empty()) return out;
  out += "\n| cache | what | sharing | used by | verdict |\n|---|---|---|---|---|\n";
  for (const Cache& cache : plan.caches) {
    fmt::format_to(put, "| {} | {} | {} | ", code(cache.id), cell(what_of(cache)), joined(cache.modes, " and "));
    std::string separator;
    for (const User& user : cache.users) {
      const bool fills = !user.fills.empty();
      fmt::format_to(put, "{}{}:{}", separator, cell(user.path), user.at.line);
      if (const std::string names = names_of(user, plan); !names.empty()) fmt::format_to(put, " for {}", cell(names));
      const std::string does = joined(fills ? user.fills : user.reads);
      if (!does.empty()) fmt::format_to(put, ", {} by {}", fills ? "filled" : "read", code(does));
      separator = "<br>";
    }
    fmt::format_to(put, " | {}{}{} |\n", cache.verdict == Verdict::fine ? "" : "**", to_string(cache.verdict),
                   cache.verdict == Verdict::fine ? "" : "**");
  }
  bool waits = false;
  for (const Cache& cache : plan.caches) {
    if (cache.queue.size() < 2) continue;
    if (!waits) out += "\n## Who waits for whom\n\nWhen all is built at once, these take turns:\n\n";
    waits = true;
    fmt::format_to(put, "- {}: {}\n", code(cache.id), cell(joined(queue_of(cache))));
  }
  if (plan.findings.empty()) return out;
  out += "\n## Findings\n\n";
  for (const Finding& finding : plan.findings) {
    fmt::format_to(put, "- **{}** {}:{}: {} ({})\n", to_string(finding.severity), cell(finding.path), finding.at.line,
                   cell(finding.message), code(finding.rule));
    if (!finding.fix.empty()) fmt::format_to(put, "  - fix: {}\n", cell(finding.fix));
  }
  return out;
}

}  // namespace dockerlint::plan
