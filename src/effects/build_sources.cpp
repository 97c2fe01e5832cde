// SPDX-License-Identifier: Apache-2.0
#include "effects/build_sources.hpp"

#include "dockerlint/effects.hpp"
#include "model/paths.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace dockerlint {
namespace {

constexpr std::size_t kMostRoots = 32;
constexpr std::size_t kMostSteps = 1000;  // of the stages below a build that are looked at

std::string_view parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

/// As its name tells: `Cargo.toml`, `*.json`, `Makefile`.
bool looks_like_file(std::string_view path) {
  constexpr auto kFiles = std::to_array<std::string_view>(
      {"Makefile", "Dockerfile", "Gemfile", "Rakefile", "LICENSE", "README", "gradlew", "mvnw", "configure"});
  const std::string_view name = base_name(path);
  if (std::find(kFiles.begin(), kFiles.end(), name) != kFiles.end()) return true;
  return name.find_first_of("*?[") != name.npos || name.find('.', 1) != name.npos;
}

/// In the context: without `./` and slashes around it. "" is all of it.
std::string in_context(std::string_view path) {
  std::string clean = clean_path(path);
  if (clean.starts_with('/')) clean.erase(0, 1);
  return clean == "." ? "" : clean;
}

/// What lies at `directory` if a copy of `from` lies at `at`. Nothing where one does not follow from the other.
std::optional<std::string> seen_at(std::string_view directory, std::string_view at, std::string_view from) {
  if (at == directory) return std::string(from);
  if (lies_in(at, directory)) {
    const std::string_view rest = at.substr(directory == "/" ? 1 : directory.size() + 1);
    if (from == rest) return "";
    if (from.ends_with(rest) && from[from.size() - rest.size() - 1] == '/')
      return std::string(from.substr(0, from.size() - rest.size() - 1));
    return std::nullopt;
  }
  if (!lies_in(directory, at)) return std::nullopt;
  const std::string_view rest = directory.substr(at == "/" ? 1 : at.size() + 1);
  return from.empty() ? std::string(rest) : std::string(from) + '/' + std::string(rest);
}

class Collector {
 public:
  explicit Collector(const MountedBuild& build) : directory_(build.command->workdir) {
    if (!directory_) sources_.known = false;
  }

  void add_copy(const CopyStep& copy) {
    if (!directory_ || copy.on_build) return;
    if (!copy.destination) return give_up();
    std::string prefix;
    if (copy.from != nullptr) prefix = std::to_string(copy.from->index) + ':';
    else if (copy.instruction->flag("from") != nullptr) prefix = "image:";
    std::string at(*copy.destination);
    const bool into = at.size() > 1 && at.ends_with('/');
    if (into) at.pop_back();
    if (!lies_in(at, *directory_) && !lies_in(*directory_, at)) return;
    for (const Value& source : copy.sources) {
      if (!source) return give_up();
      const std::string from = in_context(*source);
      // A file comes below the directory, or to lie there under another name.
      if (looks_like_file(from)) {
        if (!prefix.empty()) continue;  // a file of another stage is no source tree
        const bool renamed = !into && at != *directory_ && base_name(from) == base_name(at);
        add(prefix, parent_of(from), renamed ? parent_of(at) : std::string_view(at));
        continue;
      }
      add(prefix, from, at);
    }
  }

  void add_mount(const Mount& mount) {
    if (!directory_ || !mount.is(MountType::bind) || mount.option(MountKey::from) != nullptr) return;
    if (!mount.target) return give_up();
    const MountOption* const source = mount.option(MountKey::source);
    if (source != nullptr && !source->expanded) return give_up();
    const std::string from = source == nullptr ? "" : in_context(*source->expanded);
    if (looks_like_file(from)) add("", parent_of(from), parent_of(*mount.target));
    else add("", from, *mount.target);
  }

  void add_command(const RunCommand& command) {
    if (!directory_ || command.program() != "git" || command.word(1) != "clone") return;
    for (const CommandWord& word : command.words.subspan(2)) {
      const Value url = word.value();
      if (!url) return give_up();
      if (url->find("://") != url->npos || url->starts_with("git@")) push("git:" + std::string(*url));
    }
  }

  void give_up() { sources_.known = false; }
  Sources take() { return std::move(sources_); }

 private:
  void add(std::string_view prefix, std::string_view from, std::string_view at) {
    if (const auto root = seen_at(*directory_, at, from)) push(std::string(prefix) + *root);
  }
  void push(std::string root) {
    auto& roots = sources_.roots;
    if (roots.size() == kMostRoots) return give_up();
    if (std::find(roots.begin(), roots.end(), root) == roots.end()) roots.push_back(std::move(root));
  }

  Value directory_;
  Sources sources_;
};

}  // namespace

Sources sources_of(const MountedBuild& build) {
  Collector collector(build);
  const RunStep& run = *build.command->run;
  std::size_t steps = 0;
  for (const Stage* stage = run.stage; stage != nullptr; stage = stage->parent) {
    steps += stage->copies.size() + stage->runs.size();
    if (steps > kMostSteps) {
      collector.give_up();
      break;
    }
    for (const CopyStep& copy : stage->copies)
      if (copy.instruction->range.begin < run.instruction->range.begin) collector.add_copy(copy);
    for (const RunStep& other : stage->runs)
      if (other.instruction->range.begin <= run.instruction->range.begin)
        for (const RunCommand& command : other.commands) collector.add_command(command);
  }
  for (const Mount& mount : run.mounts) collector.add_mount(mount);
  return collector.take();
}

bool are_different(const Sources& a, const Sources& b) {
  if (!a.known || !b.known || a.roots.empty() || b.roots.empty()) return false;
  // What a stage made of the context may be the same sources again.
  const auto of_context = [](const std::string& root) { return root.find(':') == std::string::npos; };
  const auto all = [&](const Sources& sources, bool wanted) {
    return std::all_of(sources.roots.begin(), sources.roots.end(),
                       [&](const std::string& root) { return of_context(root) == wanted; });
  };
  if (!(all(a, true) && all(b, true)) && !(all(a, false) && all(b, false))) return false;
  return std::none_of(a.roots.begin(), a.roots.end(), [&](const std::string& root) {
    return std::find(b.roots.begin(), b.roots.end(), root) != b.roots.end();
  });
}

bool brings_only_files(const CopyStep& copy) {
  return std::all_of(copy.sources.begin(), copy.sources.end(),
                     [](const Value& source) { return source && looks_like_file(in_context(*source)); });
}

bool lays_sources(const MountedBuild& build, const Instruction& copy) {
  for (const CopyStep& step : build.stage().copies) {
    if (step.instruction != &copy || !step.destination || !build.command->workdir) continue;
    std::string_view at = *step.destination;
    if (at.size() > 1 && at.ends_with('/')) at.remove_suffix(1);
    return at == *build.command->workdir && !looks_like_file(copy.arguments.front().text);
  }
  return false;
}

}  // namespace dockerlint
