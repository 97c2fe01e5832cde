// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <algorithm>

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

/// Where the mount would lie, as written: absolute. Empty where a variable decides.
std::string target_of(std::string_view mount, const RunStep& run) {
  for (const std::string_view name : {"target=", "dst=", "destination="}) {
    std::size_t at = mount.find(name);
    while (at != mount.npos && mount[at - 1] != ',' && mount[at - 1] != '=') at = mount.find(name, at + 1);
    if (at == mount.npos) continue;
    std::string_view target = mount.substr(at + name.size());
    target = target.substr(0, target.find(','));
    while (target.size() > 1 && target.ends_with('/')) target.remove_suffix(1);
    if (target.find('$') != target.npos || target.empty()) return {};
    if (target.starts_with('/')) return std::string(target);
    return run.before.workdir ? fmt::format("{}/{}", *run.before.workdir, target) : std::string();
  }
  return {};
}

/// Whether somebody needs what the mount would cover, once it is one: what was there before, or what this RUN leaves.
bool would_hide(std::string_view target, const RunStep& run, const Effects& effects) {
  return std::any_of(effects.reads().begin(), effects.reads().end(), [&](const PathRead* read) {
    if (read->tolerant || !lies_in(read->path, target)) return false;
    const PathWrite* const write = read->content.write;
    const bool from_here = write != nullptr && write->run == &run;
    return read->run == &run ? !from_here || write->kind == WriteKind::may : from_here;
  });
}

void check(const RunStep& run, RuleContext& cx) {
  const Instruction& in = *run.instruction;
  if (in.form != Form::text || !in.heredocs.empty() || run.on_build) return;
  const LogicalText& body = in.body;
  const std::string_view text = body.text();
  auto words = misplaced_mounts(text);
  const auto is_theirs = [&](const Word& word) {
    const std::string_view mount = text.substr(word.begin, word.end - word.begin);
    return may_run_containers(mount, body.in_source(word.begin, word.end), run, cx.catalog());
  };
  words.erase(std::remove_if(words.begin(), words.end(), is_theirs), words.end());
  if (words.empty()) return;

  // All of them move in one step, so that every finding carries the same fix.
  std::vector<TextEdit> edits{{TextRange::at(edit::place_for_flag(cx.document(), in)), ""}};
  bool variable = false, hides = false;
  for (const Word& word : words) {
    const std::string_view mount = text.substr(word.begin, word.end - word.begin);
    variable = variable || mount.find('$') != mount.npos;
    const std::string target = target_of(mount, run);
    hides = hides || (!target.empty() && would_hide(target, run, cx.effects()));
    edits[0].text += mount;
    edits[0].text += ' ';
    edits.push_back({removal(body, word.begin, word.end, cx.document()), ""});
  }
  const bool fixable = !hides && edit::is_accepted(cx.document(), in, edits);
  const Applicability trust =
      variable ? Applicability::unsafe : Applicability::safe;  // the shell may know it, BuildKit not
  for (const Word& word : words) {
    Diagnostic& found = cx.report(body.in_source(word.begin, word.end),
                                  "this mounts nothing: the shell reads it as part of the command");
    found.label(body.in_source(0, text.find_first_of(kBlanks)), "the command begins here");
    found.note("flags of RUN stand before its first word");
    if (fixable) found.suggest(trust, "move it in front of the command", edits);
  }
}

}  // namespace

extern constinit const Rule cache_misplaced_flag{
    .name = "cache/misplaced-flag",
    .summary = "--mount behind the first word of a command, where it mounts nothing",
    .severity = Severity::error,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = each_run<check>,
};

}  // namespace dockerlint::rules
