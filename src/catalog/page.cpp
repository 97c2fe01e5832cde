// SPDX-License-Identifier: Apache-2.0
#include "catalog/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace dockerlint {
namespace {

constexpr std::size_t kWidth = 100;

/// The text up to the next blank that is not in backticks.
std::string_view next_piece(std::string_view text) {
  bool code = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '`') code = !code;
    if (text[i] == ' ' && !code) return text.substr(0, i);
  }
  return text;
}

/// `text` as an item of a list, broken at blanks. Bytes are counted: a line may come out shorter than it could be.
void add_item(std::string& out, std::size_t depth, std::string_view text) {
  const std::string indent(depth * 2, ' ');
  std::size_t column = indent.size() + 1;
  out += indent + '-';
  while (!text.empty()) {
    const std::string_view word = next_piece(text);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (column + 1 + word.size() > kWidth && column > indent.size() + 1) {
      out += '\n' + indent + ' ';
      column = indent.size() + 1;
    }
    out += ' ';
    out += word;
    column += 1 + word.size();
  }
  out += '\n';
}

std::string code(std::span<const std::string_view> words, std::string_view before = "") {
  std::string out;
  for (const std::string_view word : words) {
    if (!out.empty()) out += ", ";
    out += fmt::format("`{}{}`", before, word);
  }
  return out;
}

std::string names(const Tool& tool, std::span<const CacheDir* const> directories) {
  std::string out;
  for (const CacheDir* directory : directories) {
    if (!out.empty()) out += ", ";
    if (directory->tool->name != tool.name) out += fmt::format("{}/", directory->tool->name);
    out += directory->name;
  }
  return out;
}

std::string known_by(Evidence evidence, std::string_view source) {
  if (evidence == Evidence::recalled) return "recalled";
  if (evidence == Evidence::tested) {
    constexpr std::string_view kTried = "tried: ";
    return fmt::format("tested: {}", source.substr(source.starts_with(kTried) ? kTried.size() : 0));
  }
  return fmt::format("{}, <{}>", to_string(evidence), source);
}

/// "`npm install`, `npm ci`"
std::string command_lines(const Tool& tool, const ToolCommand& command) {
  const std::string_view program = !command.programs.empty() ? command.programs.front()
                                   : !tool.programs.empty()  ? tool.programs.front()
                                                             : tool.forms.front();
  std::string out;
  for (const std::string_view run : command.run) {
    if (!out.empty()) out += ", ";
    out += run.empty() ? fmt::format("`{}` alone", program) : fmt::format("`{} {}`", program, run == "*" ? "…" : run);
  }
  if (command.programs.size() > 1) out += fmt::format(", the same with {}", code(command.programs.subspan(1)));
  if (!command.only_with.empty()) out += fmt::format(", with {}", code(command.only_with));
  if (!command.unless.empty()) out += fmt::format(", without {}", code(command.unless));
  return out;
}

std::string effects(const Tool& tool, const ToolCommand& command) {
  std::string out;
  const auto add = [&](std::string_view verb, std::span<const CacheDir* const> directories) {
    if (directories.empty()) return;
    if (!out.empty()) out += "; ";
    out += fmt::format("{} {}", verb, names(tool, directories));
  };
  add("fills", command.fills);
  add("writes", command.writes);
  add("needs", command.needs);
  add("empties", command.empties);
  return out.empty() ? "none" : out;
}

void add_commands(std::string& out, const Tool& tool) {
  std::string known;  // without any effect
  for (const ToolCommand& command : tool.commands) {
    const std::string effect = effects(tool, command);
    if (effect == "none") {
      known += known.empty() ? "" : ", ";
      known += command_lines(tool, command);
      continue;
    }
    std::string line = fmt::format("{}: {}", command_lines(tool, command), effect);
    if (!command.source.empty()) line += fmt::format(" ({})", known_by(command.evidence, command.source));
    add_item(out, 0, line);
  }
  if (!known.empty()) add_item(out, 0, known + ": no directory");
}

void add_directory(std::string& out, const CacheDir& directory) {
  add_item(out, 0, fmt::format("**{}**, {} ({})", directory.name, directory.what, to_string(directory.kind)));
  if (!directory.paths.empty()) add_item(out, 1, fmt::format("usually {}", code(directory.paths)));
  std::string moved;
  if (!directory.flags.empty()) moved += code(directory.flags);
  if (!directory.at.empty()) moved += fmt::format("{}`{}`", moved.empty() ? "" : ", else ", directory.at);
  if (!directory.configuration.empty())
    moved += fmt::format("{}{}", moved.empty() ? "" : "; also ", directory.configuration);
  if (!moved.empty()) add_item(out, 1, fmt::format("found by {}", moved));
  std::string mount = fmt::format("cache mount: {}", to_string(directory.mount));
  if (directory.concurrency != Concurrency::unknown)
    mount += fmt::format(", `sharing={}` ({})", directory.sharing() == Sharing::locked ? "locked" : "shared",
                         to_string(directory.concurrency));
  if (!directory.why.empty()) mount += fmt::format(": {}", directory.why);
  mount += fmt::format(" ({})", known_by(directory.evidence, directory.source));
  add_item(out, 1, mount);
  if (!directory.lock.empty()) add_item(out, 1, fmt::format("its lock: {}", directory.lock));
  if (!directory.parallel.empty()) add_item(out, 1, fmt::format("to build side by side: {}", directory.parallel));
  if (directory.platform != PlatformAdvice::no)
    add_item(out, 1,
             fmt::format("the platform in the id is {}: {}", to_string(directory.platform), directory.platform_why));
}

void add_defeat(std::string& out, const Tool& tool, const Defeat& defeat) {
  std::string line = code(defeat.flags);
  if (!defeat.variables.empty()) line += (line.empty() ? "" : ", ") + code(defeat.variables);
  if (!defeat.except.empty()) line += fmt::format(" (unless it is {})", code(defeat.except));
  line += fmt::format(" of {}: {} ({})", names(tool, defeat.directories), defeat.why,
                      known_by(defeat.evidence, defeat.source));
  add_item(out, 0, line);
}

void add_companion(std::string& out, const Tool& tool, const Companion& companion) {
  add_item(out, 0,
           fmt::format("{}: {}, because {} ({})", names(tool, companion.directories), companion.say, companion.why,
                       known_by(companion.evidence, companion.source)));
}

}  // namespace

std::string tool_page(const Tool& tool) {
  std::string out = "Run as " + code(tool.programs);
  if (!tool.forms.empty()) out += (tool.programs.empty() ? "" : ", ") + code(tool.forms);
  out += ".\n";
  if (!tool.commands.empty()) {
    out += "\nCommands:\n\n";
    add_commands(out, tool);
  }
  if (!tool.directories.empty()) {
    out += "\nDirectories:\n\n";
    for (const CacheDir& directory : tool.directories) add_directory(out, directory);
  }
  if (!tool.defeats.empty()) {
    out += "\nTurned off by:\n\n";
    for (const Defeat& defeat : tool.defeats) add_defeat(out, tool, defeat);
  }
  if (!tool.companions.empty()) {
    out += "\nWhat goes with it:\n\n";
    for (const Companion& companion : tool.companions) add_companion(out, tool, companion);
  }
  return out;
}

}  // namespace dockerlint
