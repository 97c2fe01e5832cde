// SPDX-License-Identifier: Apache-2.0
#pragma once
// The command line described: what the help, the man page and the completions of shells are made of. The description
// itself is made of the options that are parsed, in arguments.cpp, so that none of them can be behind.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::cli {

struct OptionUsage {
  enum class Takes : std::uint8_t {
    nothing,  // a flag
    text,     // which nobody can guess
    file,
    word,   // one of `words`
    words,  // several of them, with commas between
  };

  std::vector<std::string> names;  // "-h", "--help"; of a positional argument none
  std::string value;               // what the help calls it: FILE
  Takes takes = Takes::nothing;
  std::vector<std::string> words;
  bool repeated = false;
  std::string about;
  std::string group;

  bool positional() const { return names.empty(); }
};

struct CommandUsage {
  std::string name;                  // empty: linting
  std::string about;                 // one sentence
  std::vector<std::string> forms;    // "dockerlint explain NAME"
  std::string more;                  // what stands below the options
  bool everyday = true;              // else: for those who work on dockerlint, or make packages of it
  std::vector<OptionUsage> options;  // in the order of the help
};

/// Linting first, then the commands.
using CommandLine = std::vector<CommandUsage>;

/// "-h, --help" or "--format FORMAT" or "PATH".
std::string shown_name(const OptionUsage& option);

/// What fits on a screen; all options of linting when `whole`, and always all of another command.
std::string help_text(const CommandUsage& command, const CommandLine& all, bool whole);

/// dockerlint(1), in the macros of man(7).
std::string man_page(const CommandLine& all);

enum class Shell : std::uint8_t { bash, zsh, fish };
std::string completion_script(Shell shell, const CommandLine& all);

}  // namespace dockerlint::cli
