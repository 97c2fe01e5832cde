// SPDX-License-Identifier: Apache-2.0
// Which tool a command line is of, and which of the tool's commands.

#include "catalog/memory.hpp"
#include "catalog/options.hpp"
#include "catalog/tables.hpp"

#include <algorithm>

namespace dockerlint {
namespace {

std::string_view basename(std::string_view path) { return path.substr(path.rfind('/') + 1); }

const Program* find(const CatalogTables& tables, std::string_view name) {
  std::size_t slot = first_slot(name, tables.slots.size());
  for (; tables.slots[slot] != 0; slot = (slot + 1) & (tables.slots.size() - 1))
    if (const Program& program = tables.programs[tables.slots[slot] - 1]; program.name == name) return &program;
  return nullptr;
}

/// "pip3.12" is pip, "clang-15" clang.
std::string_view without_version(std::string_view name) {
  const std::size_t end = name.find_last_not_of("0123456789.");
  if (end == std::string_view::npos || end + 1 == name.size()) return name;
  name = name.substr(0, end + 1);
  return name.size() > 1 && name.ends_with('-') ? name.substr(0, name.size() - 1) : name;
}

const Program* program_named(const CatalogTables& tables, std::string_view word) {
  const std::string_view name = basename(word);
  const Program* const exact = find(tables, name);
  if (exact != nullptr) return exact;
  const std::string_view plain = without_version(name);
  return plain == name ? nullptr : find(tables, plain);
}

bool is_option(std::string_view word) { return word.size() > 1 && word.front() == '-'; }

bool contains(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_prefix(const Tool& tool, std::string_view word) {
  return std::any_of(tool.prefixes.begin(), tool.prefixes.end(), [&](std::string_view prefix) {
    return prefix.ends_with('*') ? word.starts_with(prefix.substr(0, prefix.size() - 1)) : word == prefix;
  });
}

/// Whether the option's value is the next word: so it is where it names a directory.
bool takes_value(const Tool& tool, std::string_view option) {
  if (contains(tool.value_options, option)) return true;
  for (const CacheDir& directory : tool.directories)
    for (const std::string_view flag : directory.flags)
      if (directory_option(flag) == option) return true;
  return false;
}

/// The command's words, as far as they are known.
class Line {
 public:
  Line(const RunCommand& command, const Tool& tool) : command_(command), tool_(tool) {}

  bool ended() const { return at_ == command_.words.size(); }
  /// The word here, if it is known.
  Value word() const { return command_.words[at_].value(); }
  std::size_t position() const { return at_; }
  void next() { ++at_; }

  /// Goes behind the words of a form. False when they are not there.
  bool take(std::span<const std::string_view> words) {
    for (const std::string_view wanted : words) {
      const auto here = [&](std::string_view word) {
        return word == wanted || (!is_option(wanted) && basename(word) == wanted);
      };
      while (!ended() && word() && !here(*word()) && (is_option(*word()) || is_prefix(tool_, *word()))) next();
      if (ended() || !word() || !here(*word())) return false;
      next();
    }
    return true;
  }

  /// Goes to the next word that is no option, or to one that nobody knows, or to the end.
  void skip_options() {
    while (!ended() && word()) {
      const std::string_view here = *word();
      if (is_prefix(tool_, here)) next();
      else if (takes_value(tool_, here)) at_ = std::min(at_ + 2, command_.words.size());
      else if (is_option(here)) next();
      else break;
    }
  }

 private:
  const RunCommand& command_;
  const Tool& tool_;
  std::size_t at_ = 1;
};

/// What stands in the place of the subcommand.
struct Subcommand {
  enum class Kind : unsigned char { none, known, unknown } kind = Kind::none;
  std::string_view first;
  std::string_view second;       // empty: none, or not known
  std::size_t at = 0;            // of the first
  std::size_t behind_first = 0;  // the words that follow
  std::size_t behind_second = 0;
};

Subcommand subcommand_at(Line line, bool more_words) {
  Subcommand found;
  line.skip_options();
  found.at = line.position();
  if (line.ended()) {
    found.kind = more_words ? Subcommand::Kind::unknown : Subcommand::Kind::none;
    return found;
  }
  if (!line.word()) {
    found.kind = Subcommand::Kind::unknown;
    return found;
  }
  found.kind = Subcommand::Kind::known;
  found.first = *line.word();
  line.next();
  found.behind_first = line.position();
  line.skip_options();
  if (!line.ended() && line.word()) {
    found.second = *line.word();
    found.behind_second = line.position() + 1;
  }
  return found;
}

/// Where the arguments begin when `run` is what the command line says.
std::optional<std::size_t> arguments_of(std::string_view run, const Subcommand& given) {
  using Kind = Subcommand::Kind;
  if (run.empty()) return given.kind == Kind::none ? std::optional(given.at) : std::nullopt;
  if (run == "*") return given.kind != Kind::none ? std::optional(given.at) : std::nullopt;
  if (given.kind != Kind::known) return std::nullopt;
  const std::size_t blank = run.find(' ');
  if (blank == std::string_view::npos) return given.first == run ? std::optional(given.behind_first) : std::nullopt;
  const bool both = given.first == run.substr(0, blank) && given.second == run.substr(blank + 1);
  return both ? std::optional(given.behind_second) : std::nullopt;
}

/// Whether the tool's command is one of this program: "" where a form has called the tool.
bool is_of(const ToolCommand& command, const Tool& tool, std::string_view program) {
  if (!command.programs.empty()) return contains(command.programs, program);
  return program.empty() || contains(tool.programs, program);
}

/// Whether the program has subcommands, so that a word that nobody knows may be any of them.
bool has_subcommands(const Tool& tool, std::string_view program) {
  return std::any_of(tool.commands.begin(), tool.commands.end(), [&](const ToolCommand& command) {
    return is_of(command, tool, program) &&
           std::any_of(command.run.begin(), command.run.end(),
                       [](std::string_view run) { return !run.empty() && run != "*"; });
  });
}

bool fits_options(const ToolCommand& command, const RunCommand& line) {
  const auto given = [&](std::string_view option) { return find_option(line, option) != nullptr; };
  return (command.only_with.empty() || std::any_of(command.only_with.begin(), command.only_with.end(), given)) &&
         std::none_of(command.unless.begin(), command.unless.end(), given);
}

std::optional<ToolUse> use_of(const Tool& tool, std::string_view program, const Line& line, const RunCommand& command) {
  const Subcommand given = subcommand_at(line, command.more_words);
  if (given.kind == Subcommand::Kind::unknown && has_subcommands(tool, program)) return std::nullopt;
  for (const ToolCommand& candidate : tool.commands) {
    if (!is_of(candidate, tool, program)) continue;
    for (const std::string_view run : candidate.run) {
      const auto arguments = arguments_of(run, given);
      if (arguments && fits_options(candidate, command)) return ToolUse{&tool, &candidate, run, *arguments};
    }
  }
  return std::nullopt;
}

/// What the command is to the tools that the program may belong to.
void add_uses(const Program& program, const RunCommand& command, std::vector<ToolUse>& uses) {
  std::size_t words = 0;  // of the longest form that is there
  for (const Calling& calling : program.callings) {
    if (calling.more.size() < words) break;
    Line line(command, *calling.tool);
    if (!line.take(calling.more)) continue;
    words = calling.more.size();
    if (const auto use = use_of(*calling.tool, words == 0 ? program.name : "", line, command)) uses.push_back(*use);
  }
}

}  // namespace

void Catalog::add_uses(const RunCommand& command, std::vector<ToolUse>& uses) const {
  if (command.words.empty() || !command.words.front().value()) return;
  if (const Program* const program = program_named(*tables_, *command.words.front().value()))
    dockerlint::add_uses(*program, command, uses);
}

}  // namespace dockerlint
