// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/commands.hpp"
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <deque>
#include <map>

namespace dockerlint::rules {
namespace {

using Readers = std::vector<const PathRead*>;

/// A directory that must be there: not one that its tool fills again.
bool cannot_be_fetched(const CacheDir& directory) {
  switch (directory.kind) {
    case DirectoryKind::installed:
    case DirectoryKind::build_output:
    case DirectoryKind::in_place:
    case DirectoryKind::metadata: return true;
    case DirectoryKind::download:
    case DirectoryKind::compile_cache:
    case DirectoryKind::state: break;
  }
  return false;
}

bool is_lost(const PathRead& read) {
  const Content& content = read.content;
  if (content.where != Content::Where::mount || content.write == nullptr || content.mount->run == read.run)
    return false;
  if (!content.mount->is(MountType::cache) || read.tolerant || !read.certain) return false;
  if (read.directory != nullptr && !cannot_be_fetched(*read.directory)) return false;
  // A copy of what was lost before: the COPY speaks.
  const Stage* stage = read.from;
  while (stage != nullptr && stage != content.mount->run->stage) stage = stage->parent;
  return stage != nullptr;
}

/// `COPY --from=build target/release/app` looks from the root, and means the working directory of that stage. The
/// path meant; empty where it is none, or says where to look.
std::string path_meant(const PathRead& read) {
  if (read.kind != ReadKind::copy || read.content.write != nullptr || read.content.where == Content::Where::mount)
    return {};
  const Value& workdir = read.from->end.workdir;
  if (!workdir || *workdir == "/") return {};
  for (const Argument& argument : read.instruction->arguments)
    if (argument.range == read.range && argument.text.find_first_of("/$\\\"*?[") != 0)
      return std::string(*workdir) + std::string(read.path);
  return {};
}

/// A mount over a whole directory of installed files is a mistake of its own: cache/installed-files-in-cache.
bool is_installed_there(const PathRead& read) {
  const PathWrite& write = *read.content.write;
  return write.directory != nullptr && write.directory->kind == DirectoryKind::installed &&
         read.content.mount->target == write.path;
}

std::string reader_name(const PathRead& read) {
  const Instruction& in = *read.instruction;
  switch (read.kind) {
    case ReadKind::copy:
      if (const Flag* from = in.flag("from")) return fmt::format("`{} {}`", in.keyword.text, from->text);
      break;
    case ReadKind::mount: return "this mount";
    case ReadKind::start: return fmt::format("`{}`", in.keyword.text);
    case ReadKind::run:
      if (read.command != nullptr && !read.command->words.empty() && read.range != read.command->words.front().range())
        return fmt::format("`{}`", read.command->words.front().text());
      if (read.directory != nullptr) return fmt::format("`{}`", read.command->words.front().text());
      break;
  }
  return "this";
}

/// Each looks at all of the file.
constexpr std::size_t kMostFixes = 100;

void report(const Readers& readers, bool fixes, RuleContext& cx) {
  const PathRead& first = *readers.front();
  const Mount& mount = *first.content.mount;
  Diagnostic& found = cx.report(first.range, "{} does not find {}: it is only in a cache mount of another RUN",
                                reader_name(first), first.path);
  if (first.tool != nullptr && first.tool->is_recalled()) found.at(Severity::info);
  found.label(mount.flag->range, "what comes to lie here is in no layer");
  found.label(first.content.write->range, "made here");
  for (std::size_t i = 1; i < readers.size(); ++i) found.label(readers[i]->range, "looked for here too");

  if (first.directory != nullptr) {
    if (first.kind == ReadKind::run) found.note("give this RUN the same mount, or take it from the other");
    else found.note("what a container needs has to be in the image: take the mount away");
    return;
  }
  if (!fixes) return;
  const auto is_here = [&](const PathRead* reader) { return reader->run == first.run; };
  if (first.run != nullptr && std::all_of(readers.begin(), readers.end(), is_here)) {
    if (auto edits = edit::copy_earlier(cx.model(), cx.effects(), first); !edits.empty()) {
      found.suggest(cx.document().has_comment(first.instruction->range) ? Applicability::unsafe : Applicability::safe,
                    "copy it in the RUN that makes it", std::move(edits));
      return;
    }
  }
  edit::CopyOut out = edit::copy_out(cx.model(), cx.effects(), readers);
  if (out.edits.empty() && !out.command.empty())
    found.note(fmt::format("end the RUN that makes it with `{}`, and read {} here", out.command, out.destination));
  if (!out.edits.empty())
    found.suggest(Applicability::safe, fmt::format("copy it to {} in the RUN that makes it", out.destination),
                  std::move(out.edits));
}

void check(RuleContext& cx) {
  if (cx.model().caches().empty()) return;  // the effects of such a file need not be known
  std::vector<Readers> losses;              // by path and mount, in the order of the file
  std::map<std::pair<const Mount*, std::string_view>, std::size_t> known;
  std::deque<std::pair<std::string, PathRead>> meant;  // reads as they are meant, with their paths
  for (const PathRead* read : cx.effects().reads()) {
    if (std::string path = path_meant(*read); !path.empty()) {
      auto& [kept, other] = meant.emplace_back(std::move(path), *read);
      other.path = kept;
      other.content = cx.effects().content(*read->from, kept);
      read = &other;
    }
    if (!is_lost(*read) || is_installed_there(*read)) continue;
    const auto [at, is_new] = known.emplace(std::pair{read->content.mount, read->path}, losses.size());
    if (is_new) losses.emplace_back();
    losses[at->second].push_back(read);
  }
  for (std::size_t i = 0; i < losses.size(); ++i) report(losses[i], i < kMostFixes, cx);
}

}  // namespace

extern constinit const Rule cache_lost_output{
    .name = "cache/lost-output",
    .summary = "readers of what is only in a cache mount of an earlier RUN",
    .severity = Severity::error,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = check,
};

}  // namespace dockerlint::rules
