// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/commands.hpp"
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <array>

namespace dockerlint::rules {
namespace {

/// Programs of a RUN that only takes something out of a mount.
constexpr std::array kCopies = std::to_array<std::string_view>(
    {"cp", "install", "ln", "mv", "rsync", "tar", "mkdir", "chmod", "chown", "strip", "ls", "echo", "set", "du", "cd"});
constexpr std::size_t kTransfers = 6;  // of them, those that take it

bool only_copies(const RunStep& run) {
  bool transfers = false;
  for (const RunCommand& command : run.commands) {
    const auto* const found = std::find(kCopies.begin(), kCopies.end(), command.program());
    if (found == kCopies.end()) return false;
    transfers = transfers || found < kCopies.begin() + kTransfers;
  }
  return transfers;
}

/// Something that an earlier RUN of the stage has left in a cache, which this RUN mounts too.
bool is_left_behind(const PathRead& read) {
  const Content& content = read.content;
  return read.kind == ReadKind::run && read.directory == nullptr && content.where == Content::Where::mount &&
         content.write != nullptr && content.mount->is(MountType::cache) && content.mount->run == read.run &&
         content.write->run != nullptr && content.write->run != read.run && content.write->stage == read.stage;
}

void check(RuleContext& cx) {
  if (cx.model().caches().empty()) return;  // the effects of such a file need not be known
  const RunStep* last = nullptr;
  for (const PathRead* const read : cx.effects().reads()) {
    if (!is_left_behind(*read) || read->run == last || !only_copies(*read->run)) continue;
    last = read->run;
    Diagnostic& found =
        cx.report(read->content.mount->flag->range, "{} is copied out of the cache one RUN too late", read->path);
    found.label(read->content.write->range, "made here");
    found.note("when the earlier RUN comes from the build cache and the mount was pruned, there is nothing to copy");
    auto edits = edit::copy_earlier(cx.model(), cx.effects(), *read);
    if (edits.empty()) continue;
    const Instruction& in = *read->run->instruction;
    const TextSize above = in.first_line > 1 ? cx.document().source().line_start(in.first_line - 1) : in.range.begin;
    const bool commented = cx.document().has_comment({above, in.range.end});
    found.suggest(commented ? Applicability::unsafe : Applicability::safe, "copy it in the RUN that makes it",
                  std::move(edits));
  }
}

}  // namespace

extern constinit const Rule cache_late_copy_out{
    .name = "cache/late-copy-out",
    .summary = "RUNs that mount a cache again only to copy from it",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = check,
};

}  // namespace dockerlint::rules
