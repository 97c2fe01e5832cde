// SPDX-License-Identifier: Apache-2.0
#include "catalog_cases.hpp"

#include "text/arena.hpp"
#include "text/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dockerlint::catalog_cases {
namespace {

std::string_view next_word(std::string_view& text) {
  const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
  const std::size_t end = std::min(text.find(' ', begin), text.size());
  const std::string_view word = text.substr(begin, end - begin);
  text.remove_prefix(end);
  return word;
}

std::string single_blanks(std::string_view text) {
  std::string out;
  for (std::string_view word = next_word(text); !word.empty(); word = next_word(text))
    out += fmt::format("{}{}", out.empty() ? "" : " ", word);
  return out;
}

void set_scene(Scene& scene, std::string_view line) {
  const std::string_view what = next_word(line);
  if (what == "@") scene = {};
  else if (what == "@image") scene.image = trim(line);
  else if (what == "@workdir") scene.workdir = trim(line);
  else if (what == "@env") scene.env = trim(line);
  else if (what == "@user") {
    scene.user = next_word(line);
    const std::string_view home = next_word(line);
    scene.home = home.starts_with("home=") ? home.substr(5) : "";
  }
}

/// Cuts at the last sign: what is expected has none.
Case case_of(std::string_view line) {
  Case test;
  std::size_t at = 0;
  for (const std::string_view sign : {" => ", " -> ", " == "}) {
    const std::size_t found = line.rfind(sign);
    if (found == std::string_view::npos || found < at) continue;
    at = found;
    test.sign = trim(sign);
  }
  test.left = trim(line.substr(0, at));
  if (!test.sign.empty()) test.expected = single_blanks(line.substr(at + 4));
  return test;
}

std::string dockerfile_of(const Case& test) {
  const Scene& scene = test.scene;
  std::string text = fmt::format("FROM {}\n", scene.image);
  if (!scene.home.empty()) text += fmt::format("RUN useradd -d {} {}\n", scene.home, scene.user);
  if (!scene.user.empty()) text += fmt::format("USER {}\n", scene.user);
  if (!scene.workdir.empty()) text += fmt::format("WORKDIR {}\n", scene.workdir);
  if (!scene.env.empty()) text += fmt::format("ENV {}\n", scene.env);
  return text + fmt::format("RUN {}\n", test.left);
}

std::string names(const Tool& tool, std::span<const CacheDir* const> directories) {
  std::string out;
  for (const CacheDir* d : directories)
    out += fmt::format("{}{}{}", out.empty() ? "" : ", ", d->tool == &tool ? "" : fmt::format("{}/", d->tool->name),
                       d->name);
  return out;
}

std::string what_defeats(const ToolCommand& does, const RunCommand& command, const Catalog& catalog) {
  for (const auto directories : {does.fills, does.writes}) {
    for (const CacheDir* directory : directories)
      if (const auto defeated = catalog.defeated(*directory, command))
        return std::string(defeated->flag == nullptr ? defeated->variable : *defeated->flag->value());
  }
  return {};
}

/// "npm: ci fills cache; writes node_modules"; empty when it touches nothing.
std::string use_text(const ToolUse& use, const RunCommand& command, const Catalog& catalog) {
  std::string effects;
  const auto add = [&](std::string_view verb, const std::string& objects) {
    if (!objects.empty()) effects += fmt::format("{}{} {}", effects.empty() ? "" : "; ", verb, objects);
  };
  const ToolCommand& does = *use.command;
  add("fills", names(*use.tool, does.fills));
  add("writes", names(*use.tool, does.writes));
  add("needs", names(*use.tool, does.needs));
  add("empties", names(*use.tool, does.empties));
  if (effects.empty()) return {};
  add("defeated by", what_defeats(does, command, catalog));
  return fmt::format("{}:{}{} {}", use.tool->name, use.run.empty() ? "" : " ", use.run, effects);
}

using Commands = std::span<const RunCommand>;

std::string uses_text(Commands commands, const Catalog& catalog) {
  std::string out;
  for (const RunCommand& command : commands) {
    for (const ToolUse& use : catalog.uses(command)) {
      const std::string text = use_text(use, command, catalog);
      if (!text.empty()) out += fmt::format("{}{}", out.empty() ? "" : " | ", text);
    }
  }
  return out.empty() ? "-" : out;
}

/// "cache /c", of the tool's own directory, or else of the first tool that has one of that name.
std::string place_text(Commands commands, std::string_view name, const Tool& own, const Catalog& catalog) {
  for (const RunCommand& command : commands) {
    const auto known = catalog.uses(command);
    std::vector<ToolUse> uses(known.begin(), known.end());
    std::stable_partition(uses.begin(), uses.end(), [&](const ToolUse& use) { return use.tool == &own; });
    for (const ToolUse& use : uses) {
      const bool foreign = name.find('/') != std::string_view::npos;
      const std::string full = foreign ? std::string(name) : fmt::format("{}/{}", use.tool->name, name);
      const CacheDir* const directory = catalog.directory(full);
      if (directory == nullptr) continue;
      const DirectoryPlace place = catalog.place(*directory, command);
      return fmt::format("{} {}", name, place.known ? place.path : "?");
    }
  }
  return fmt::format("no command whose tool has a directory {}", name);
}

std::string owner_text(std::string_view path, bool with_concurrency, const Catalog& catalog) {
  const CacheDir* const directory = catalog.directory_at(path);
  if (directory == nullptr) return "-";
  const std::string owner = fmt::format("{}/{}", directory->tool->name, directory->name);
  return with_concurrency ? fmt::format("{} {}", owner, to_string(directory->concurrency)) : owner;
}

}  // namespace

std::vector<Case> read_cases(std::string_view text) {
  std::vector<Case> cases;
  Scene scene;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = trim(text.substr(0, text.find('\n')));
    text.remove_prefix(
        std::min(text.size(), text.find('\n') == std::string_view::npos ? text.size() : text.find('\n') + 1));
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with('@')) {
      set_scene(scene, line);
      continue;
    }
    cases.push_back(case_of(line));
    cases.back().line = number;
    cases.back().scene = scene;
  }
  return cases;
}

std::string seen(const Case& test, const Tool& own, const Catalog& catalog) {
  if (test.sign.empty()) return "no case: => or -> or == is missing";
  if (test.sign == "==") return owner_text(test.left, test.expected.find(' ') != std::string::npos, catalog);
  const Document document = Document::parse("Dockerfile", dockerfile_of(test));
  const Model model(document);
  const RunStep& run = model.stages().front().runs.back();
  if (run.script == nullptr || !run.script->understood) return "a script that is not understood";
  const Commands commands = run.commands;
  if (test.sign == "=>") return uses_text(commands, catalog);
  return place_text(commands, std::string_view(test.expected).substr(0, test.expected.find(' ')), own, catalog);
}

}  // namespace dockerlint::catalog_cases
