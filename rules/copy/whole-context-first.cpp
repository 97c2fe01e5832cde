// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/commands.hpp"
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <array>

namespace dockerlint::rules {
namespace {

/// A command that installs what a few files of the project name.
struct Install {
  std::string_view program;
  std::string_view run;       // the words after it
  std::string_view needs;     // an option without which the project's sources are needed too
  std::string_view manifest;  // for people
  bool fetches = false;       // into a cache, and nothing more
};

constexpr auto kInstalls = std::to_array<Install>({
    {"npm", "ci", "", "`package.json` and `package-lock.json`"},
    {"npm", "install", "", "`package.json` and `package-lock.json`"},
    {"yarn", "", "", "`package.json` and `yarn.lock`"},
    {"yarn", "install", "", "`package.json` and `yarn.lock`"},
    {"pnpm", "install", "", "`package.json` and `pnpm-lock.yaml`"},
    {"bun", "install", "", "`package.json` and `bun.lock`"},
    {"pip", "install", "-r", "the requirements"},
    {"pip3", "install", "-r", "the requirements"},
    {"bundle", "install", "", "`Gemfile` and `Gemfile.lock`"},
    {"go", "mod download", "", "`go.mod` and `go.sum`", true},
    {"poetry", "install", "--no-root", "`pyproject.toml` and `poetry.lock`"},
    {"uv", "sync", "--no-install-project", "`pyproject.toml` and `uv.lock`"},
    {"composer", "install", "--no-scripts", "`composer.json` and `composer.lock`"},
    {"cargo", "fetch", "", "`Cargo.toml` and `Cargo.lock`", true},
});

/// Whether the words behind the subcommand are options only, and what `-r` names: no package, and not `.`.
bool names_nothing(const RunCommand& command, std::size_t first) {
  if (command.more_words) return false;
  for (std::size_t i = first; i < command.words.size(); ++i) {
    const std::string_view text = command.words[i].text();
    if (text == "-e" || text.starts_with("--editable") || text.starts_with("git+")) return false;
    if (text.starts_with('-')) continue;
    const std::string_view before = command.words[i - 1].text();
    if (i == first || !before.starts_with('-')) return false;
  }
  return true;
}

const Install* install_of(const RunCommand& command) {
  if (command.conditional) return nullptr;
  const std::string_view program = command.program();
  for (const Install& install : kInstalls) {
    if (program != install.program) continue;
    std::size_t words = 1;
    std::string_view rest = install.run;
    bool fits = true;
    while (!rest.empty() && fits) {
      const std::string_view part = rest.substr(0, rest.find(' '));
      fits = command.word(words++) == part;
      rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    }
    if (!fits || (install.run.empty() && command.words.size() > 1 && !command.word(1).starts_with("--"))) continue;
    const bool has_option = std::any_of(command.words.begin(), command.words.end(),
                                        [&](const CommandWord& word) { return word.text() == install.needs; });
    if (!install.needs.empty() && !has_option) continue;
    return names_nothing(command, words) ? &install : nullptr;
  }
  return nullptr;
}

/// `COPY . .` to where the command runs.
const CopyStep* whole_context(const Stage& stage, const RunCommand& command) {
  for (const CopyStep& copy : stage.copies) {
    if (copy.instruction->range.begin > command.run->instruction->range.begin) break;
    if (copy.on_build || copy.instruction->flag("from") != nullptr || !copy.destination || !command.workdir) continue;
    if (copy.instruction->kind != InstructionKind::copy && copy.instruction->kind != InstructionKind::add) continue;
    std::string_view destination = *copy.destination;
    if (destination.size() > 1 && destination.ends_with('/')) destination.remove_suffix(1);
    if (!lies_in(*command.workdir, destination)) continue;
    for (const Value& source : copy.sources)
      if (source && (*source == "." || *source == "./" || *source == "/")) return &copy;
  }
  return nullptr;
}

/// Whether what the command fetches is in a cache mount: run again, it fetches nothing twice.
bool is_cached(const Install& install, const RunCommand& command, const Catalog& catalog) {
  if (!install.fetches) return false;
  const auto filled = filled_caches(*command.run, catalog);
  return std::any_of(filled.begin(), filled.end(),
                     [&](const CacheUse& use) { return use.command == &command && use.mount != nullptr; });
}

void check(const Stage& stage, RuleContext& cx) {
  std::vector<std::string_view> seen;  // programs that have installed, or may have
  for (const RunStep& run : stage.runs) {
    if (run.on_build) continue;
    for (const RunCommand& command : run.commands) {
      const Install* const install = install_of(command);
      if (install == nullptr || std::find(seen.begin(), seen.end(), install->program) != seen.end()) continue;
      seen.push_back(install->program);
      const CopyStep* const copy = whole_context(stage, command);
      if (copy == nullptr || is_cached(*install, command, cx.catalog())) continue;
      cx.report(copy->instruction->range, "every change of any file installs all dependencies again")
          .label(command.syntax->range, "here")
          .note(fmt::format("copy {} first, install, and copy the rest behind that", install->manifest));
      return;
    }
  }
}

void check(RuleContext& cx) {
  for (const Stage& stage : cx.model().stages()) {
    // Below, the dependencies may have been installed already.
    if (stage.parent == nullptr) check(stage, cx);
  }
}

}  // namespace

extern constinit const Rule copy_whole_context_first{
    .name = "copy/whole-context-first",
    .summary = "the whole build context copied before the dependencies are installed",
    .severity = Severity::info,
    .fix = FixKind::none,
    .since = "0.1.0",
    .check = check,
};

}  // namespace dockerlint::rules
