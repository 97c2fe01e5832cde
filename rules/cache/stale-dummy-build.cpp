// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

namespace dockerlint::rules {
namespace {

constexpr std::size_t kMostDummies = 64;  // sources that are written by commands
constexpr std::size_t kMostBuilds = 32;   // of one cache
constexpr std::size_t kMostEvents = 64;   // of one source

bool is_root(std::string_view path) { return path.ends_with("/main.rs"); }

/// A source that a command writes, and all that comes over it.
struct Dummy {
  const PathWrite* write;
  std::vector<const PathWrite*> events;  // in the order of the file, `write` among them
};

bool is_dummy(const PathWrite& write) {
  constexpr auto kWriters = std::to_array<std::string_view>({"echo", "printf", "touch", "cat", "tee"});
  if (write.kind != WriteKind::file || write.command == nullptr || write.conditional) return false;
  if (!is_root(write.path) && !write.path.ends_with("/lib.rs")) return false;
  return std::find(kWriters.begin(), kWriters.end(), write.command->program()) != kWriters.end();
}

/// `echo 'fn main() {}' > src/main.rs`, `touch src/lib.rs`, and what COPYs, removals and programs do to them.
std::vector<Dummy> dummies(const RuleContext& cx) {
  std::vector<Dummy> found;
  for (const PathWrite* const write : cx.effects().writes())
    if (is_dummy(*write) && found.size() < kMostDummies) found.push_back({write, {}});
  if (found.empty()) return found;
  std::unordered_set<const Instruction*> files;  // COPYs that bring no directory
  for (const Stage& stage : cx.model().stages())
    for (const CopyStep& copy : stage.copies)
      if (brings_only_files(copy)) files.insert(copy.instruction);
  for (const PathWrite* const write : cx.effects().writes()) {
    if (write->mount != nullptr || files.contains(write->instruction)) continue;
    for (Dummy& dummy : found) {
      const std::string_view path = dummy.write->path;
      if (write->kind == WriteKind::file ? write->path == path : lies_in(path, write->path))
        dummy.events.push_back(write);
    }
  }
  return found;
}

/// What was the last to write the source before the build. Null where that is not known.
const PathWrite* last_write(const Dummy& dummy, const MountedBuild& build) {
  std::size_t looked_at = 0;
  for (auto event = dummy.events.rbegin(); event != dummy.events.rend(); ++event) {
    if (++looked_at > kMostEvents) return nullptr;
    const PathWrite& write = **event;
    if (write.range.begin < build.command->syntax->range.begin && is_built_on(build.stage(), *write.stage))
      return write.conditional ? nullptr : &write;
  }
  return nullptr;
}

/// What decides whether cargo takes two builds for one, beside the sources.
std::string fingerprint(const RunCommand& command) {
  constexpr auto kFlags =
      std::to_array<std::string_view>({"--release", "-r", "--no-default-features", "--all-features"});
  constexpr auto kValues = std::to_array<std::string_view>(
      {"--profile", "--target", "--features", "-F", "-p", "--package", "--bin", "--manifest-path"});
  const auto has = [](const auto& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  std::string mode(command.word(1));
  std::vector<std::string> options;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const std::string_view text = command.words[i].text();
    if (i == 1 && text.starts_with('+')) mode = command.word(2);
    if (has(kFlags, text)) options.emplace_back(text == "-r" ? "--release" : text);
    else if (has(kValues, text.substr(0, text.find('=')))) {
      std::string option(text);
      if (text.find('=') == text.npos && i + 1 < command.words.size()) {
        option += '=';
        option += command.words[i + 1].text();
      }
      options.push_back(std::move(option));
    }
  }
  if (mode == "b" || mode == "run" || mode == "r") mode = "build";
  if (mode == "install") {
    mode = "build";
    options.emplace_back("--release");
  }
  std::sort(options.begin(), options.end());
  for (const std::string& option : options) mode += ' ' + option;
  const Variable flags = command.variable("RUSTFLAGS");
  return mode + ' ' + std::string(flags.value);
}

/// Whether the RUN takes build products away again: `rm -f target/release/deps/app*`, `cargo clean -p app`.
bool removes_products(const RunStep& run) {
  return std::any_of(run.commands.begin(), run.commands.end(), [](const RunCommand& command) {
    if (command.program() == "cargo") return command.word(1) == "clean";
    if (command.program() != "rm" && command.program() != "find") return false;
    return std::any_of(command.words.begin(), command.words.end(), [](const CommandWord& word) {
      return word.text().find("target") != word.text().npos || word.text().find("fingerprint") != word.text().npos ||
             word.text().find("deps") != word.text().npos;
    });
  });
}

struct Candidate {
  MountedBuild build;
  std::string fingerprint;
};

/// The sources that are dummies at the build.
std::vector<const Dummy*> dummies_at(const MountedBuild& build, std::span<const Dummy> all) {
  std::vector<const Dummy*> found;
  if (!build.command->workdir) return found;
  for (const Dummy& dummy : all)
    if (lies_in(dummy.write->path, *build.command->workdir) && last_write(dummy, build) == dummy.write)
      found.push_back(&dummy);
  return found;
}

void check(const Candidate& dummy, std::span<const Dummy* const> sources, const Candidate& real, RuleContext& cx) {
  if (dummy.fingerprint != real.fingerprint || removes_products(*dummy.build.mount->run)) return;
  const RunStep& run = *real.build.mount->run;
  if (removes_products(run) || script_has(cx.document(), run, "touch")) return;

  const PathWrite* written = nullptr;
  const PathWrite* copied = nullptr;
  std::string paths;
  for (const Dummy* const dummy_source : sources) {
    const PathWrite& source = *dummy_source->write;
    const PathWrite* const now = last_write(*dummy_source, real.build);
    if (now == nullptr || now->kind != WriteKind::context) continue;
    std::string_view path = source.path;
    if (run.before.workdir && lies_in(path, *run.before.workdir) && *run.before.workdir != "/")
      path.remove_prefix(run.before.workdir->size() + 1);
    paths += ' ' + std::string(path);
    if (written == nullptr || is_root(source.path)) {
      written = &source;
      copied = now;
    }
  }
  if (written == nullptr) return;

  Diagnostic& found = cx.report(real.build.command->syntax->range,
                                "cargo has built `{}` already, as a dummy, and does not build it again",
                                written->path.substr(written->path.rfind('/') + 1));
  // Whether the real sources have a lib.rs, nothing tells.
  if (!is_root(written->path)) found.at(Severity::warning);
  found.label(written->range, "the dummy")
      .label(dummy.build.command->syntax->range, "built into the same cache")
      .label(copied->range, "keeps the time stamps of the context, which are older");
  found.note(
      "cargo compares time stamps: sources that are older than the last build are up to date, whatever they say");
  if (auto edits = edit::prepend_command(cx.document(), run, "touch -c" + paths); !edits.empty())
    found.suggest(Applicability::safe, "touch the sources before they are built", std::move(edits));
}

void check(RuleContext& cx) {
  std::unordered_map<const Cache*, std::vector<Candidate>> builds;
  for (const MountedBuild& build : mounted_builds(cx.model(), cx.catalog())) {
    if (build.output->tool->name != "cargo" || build.command->program() != "cargo") continue;
    std::vector<Candidate>& of_cache = builds[build.mount->cache];
    if (of_cache.size() < kMostBuilds) of_cache.push_back({build, fingerprint(*build.command)});
  }
  std::optional<std::vector<Dummy>> written;
  for (const Cache& cache : cx.model().caches()) {
    const auto found = builds.find(&cache);
    if (found == builds.end() || found->second.size() < 2) continue;
    if (!written) written = dummies(cx);
    std::vector<std::vector<const Dummy*>> sources;
    for (const Candidate& candidate : found->second) sources.push_back(dummies_at(candidate.build, *written));
    for (std::size_t real = 1; real < sources.size(); ++real) {
      if (!sources[real].empty() || found->second[real].build.command->conditional) continue;
      for (std::size_t dummy = 0; dummy < real; ++dummy) {
        if (sources[dummy].empty() || found->second[dummy].build.command->conditional) continue;
        check(found->second[dummy], sources[dummy], found->second[real], cx);
        break;
      }
    }
  }
}

}  // namespace

extern constinit const Rule cache_stale_dummy_build{
    .name = "cache/stale-dummy-build",
    .summary = "real sources that cargo does not build, because it has built dummies into the same cache",
    .severity = Severity::error,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = check,
};

}  // namespace dockerlint::rules
