// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <set>

namespace dockerlint::rules {
namespace {

/// Programs that take a --mount of their own, or any text.
constexpr std::string_view kTakeAnything[] = {
    "docker", "podman", "buildah", "nerdctl", "crun", "runc",   "kaniko",      "finch",
    "ctr",    "img",    "earthly", "depot",   "echo", "printf", "bwrap",       "systemd-run",
    "grep",   "sed",    "awk",     "unshare", "snap", "lxc",    "singularity", "apptainer"};

constexpr std::string_view kBlanks = " \t\r\v\f";

std::string_view basename(std::string_view word) { return word.substr(word.rfind('/') + 1); }

/// Whether the simple command that ends in `before` may want the --mount for itself. Anything that is
/// not plain words makes it so: a quote may be open, and then the --mount is text.
bool takes_anything(std::string_view before) {
  if (before.find_first_of("'\"`$(<#\\") != before.npos) return true;
  before.remove_prefix(before.find_last_of("&|;") + 1);  // npos + 1 is 0
  for (std::size_t at = 0; (at = before.find_first_not_of(kBlanks, at)) != before.npos;) {
    const std::size_t end = std::min(before.find_first_of(kBlanks, at), before.size());
    const std::string_view name = basename(before.substr(at, end - at));
    for (const std::string_view program : kTakeAnything)
      if (name == program) return true;
    at = end;
  }
  return false;
}

/// What is taken out of the command: the word, and the blanks or the continued line that it stood on.
TextRange removal(const LogicalText& body, std::size_t begin, std::size_t end, const Document& document) {
  const std::string_view text = body.text();
  const std::size_t before = text.find_last_not_of(kBlanks, begin - 1);
  const std::size_t after = std::min(text.find_first_not_of(kBlanks, end), text.size());
  const TextRange forwards = body.in_source(begin, after);
  const TextRange word = body.in_source(begin, end);
  const SourceText& source = document.source();
  const bool own_line = source.line_of(body.in_source(before, before + 1).begin) != source.line_of(word.begin);
  if (own_line && after < text.size()) return {word.begin, body.in_source(after, after + 1).begin};
  return {body.in_source(before, before + 1).end, own_line ? forwards.end : word.end};
}

struct Word {
  std::size_t begin;
  std::size_t end;
};

/// The mounts that stand behind the first word, as far as it is sure that they are meant as such.
std::vector<Word> misplaced_mounts(std::string_view text) {
  constexpr std::string_view kFlag = "--mount=";
  std::vector<Word> words;
  std::size_t checked = 0;
  for (std::size_t at = text.find(kFlag); at != text.npos; at = text.find(kFlag, at + 1)) {
    if (at == 0 || kBlanks.find(text[at - 1]) == kBlanks.npos) continue;
    const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
    const std::string_view word = text.substr(at, end - at);
    if (word.find("type=") == word.npos || word.find_first_of("'\"`;|&") != word.npos) continue;
    if (takes_anything(text.substr(checked, at - checked))) break;
    words.push_back({at, end});
    checked = end;
  }
  return words;
}

/// Whether the command may be one that runs containers, under whatever name. These have no caches and no secrets.
bool may_run_containers(std::string_view mount, TextRange place, const RunStep& run, const Catalog& catalog) {
  if (mount.find("type=bind") == mount.npos && mount.find("type=tmpfs") == mount.npos) return false;
  return std::none_of(run.commands.begin(), run.commands.end(), [&](const RunCommand& command) {
    if (!command.syntax->range.contains(place)) return false;
    return is_known(command, catalog) || !catalog.uses(command).empty();
  });
}

/// The misplaced mounts of a RUN, and what moves them in front of its command: all in one step, so that every finding
/// carries the same fix.
struct Move {
  const RunStep* run;
  std::size_t number;             // of the RUN, in the file
  std::vector<TextRange> mounts;  // where they stand
  std::vector<TextEdit> edits;    // empty: nothing is moved
  bool variable = false;          // in one of them: the shell may know it, BuildKit not
};

std::optional<Move> move_of(const RunStep& run, std::size_t number, RuleContext& cx) {
  const Instruction& in = *run.instruction;
  if (in.form != Form::text || !in.heredocs.empty() || run.on_build) return std::nullopt;
  const LogicalText& body = in.body;
  const std::string_view text = body.text();
  Move move{&run, number, {}, {{TextRange::at(edit::place_for_flag(cx.document(), in)), ""}}};
  for (const Word& word : misplaced_mounts(text)) {
    const std::string_view mount = text.substr(word.begin, word.end - word.begin);
    const TextRange place = body.in_source(word.begin, word.end);
    if (may_run_containers(mount, place, run, cx.catalog())) continue;
    move.mounts.push_back(place);
    move.variable = move.variable || mount.find('$') != mount.npos;
    move.edits[0].text += mount;
    move.edits[0].text += ' ';
    move.edits.push_back({removal(body, word.begin, word.end, cx.document()), ""});
  }
  if (move.mounts.empty()) return std::nullopt;
  if (!edit::is_accepted(cx.document(), in, move.edits)) move.edits.clear();
  return move;
}

std::vector<const RunStep*> runs_of(const Model& model) {
  std::vector<const RunStep*> runs;
  for (const Stage& stage : model.stages())
    for (const RunStep& run : stage.runs) runs.push_back(&run);
  return runs;
}

/// Leaves those where they are that would hide what somebody needs: what was there before, or what the RUN makes. What
/// its commands do without the mounts among their words only shows when these are gone.
void keep_what_is_needed(std::vector<Move>& moves, const std::vector<const RunStep*>& runs, RuleContext& cx) {
  std::vector<TextEdit> edits;
  for (const Move& move : moves) edits.insert(edits.end(), move.edits.begin(), move.edits.end());
  if (edits.empty()) return;
  const Document moved = Document::parse("", edit::applied(cx.document(), edits).value());  // each has its own RUN
  const Facts facts(moved, cx.catalog());
  const std::vector<const RunStep*> now = runs_of(facts.model());
  std::set<const Mount*> hiding;
  std::set<const RunStep*> in_vain;  // RUNs that would look for something so
  for (const PathRead* read : facts.effects().reads()) {
    const auto& [where, write, mount] = read->content;
    const bool empty = where == Content::Where::mount &&
                       (mount->run != read->run || write == nullptr || write->kind == WriteKind::may);
    if (read->tolerant || (!empty && where != Content::Where::absent)) continue;
    if (empty) hiding.insert(mount);
    in_vain.insert(read->run);
  }
  for (Move& move : moves) {
    const RunStep* const run = now.size() == runs.size() ? now[move.number] : nullptr;
    // The moved mounts are behind those that were in place.
    const bool hides = run == nullptr || run->mounts.size() < move.run->mounts.size() || in_vain.contains(run) ||
                       std::any_of(run->mounts.begin() + std::ssize(move.run->mounts), run->mounts.end(),
                                   [&](const Mount& mount) { return hiding.contains(&mount); });
    if (hides) move.edits.clear();
  }
}

void check(RuleContext& cx) {
  const std::vector<const RunStep*> runs = runs_of(cx.model());
  std::vector<Move> moves;
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (auto move = move_of(*runs[i], i, cx)) moves.push_back(*std::move(move));
  keep_what_is_needed(moves, runs, cx);
  for (const Move& move : moves) {
    const LogicalText& body = move.run->instruction->body;
    for (const TextRange mount : move.mounts) {
      Diagnostic& found = cx.report(mount, "this mounts nothing: the shell reads it as part of the command");
      found.label(body.in_source(0, body.text().find_first_of(kBlanks)), "the command begins here");
      found.note("flags of RUN stand before its first word");
      if (!move.edits.empty())
        found.suggest(move.variable ? Applicability::unsafe : Applicability::safe, "move it in front of the command",
                      move.edits);
    }
  }
}

}  // namespace

extern constinit const Rule cache_misplaced_flag{
    .name = "cache/misplaced-flag",
    .summary = "--mount behind the first word of a command, where it mounts nothing",
    .severity = Severity::error,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = check,
};

}  // namespace dockerlint::rules
