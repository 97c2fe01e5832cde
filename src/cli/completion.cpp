// SPDX-License-Identifier: Apache-2.0
// What makes shells complete the command line. Everything that can be completed stands in the scripts: a shell that
// asks a program at each press of Tab is a slow one.
#include "cli/usage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace dockerlint::cli {
namespace {

using Takes = OptionUsage::Takes;

std::string joined(const std::vector<std::string>& words, std::string_view separator = " ") {
  std::string out;
  for (const std::string& word : words) out += out.empty() ? word : fmt::format("{}{}", separator, word);
  return out;
}

/// In quotes, for any of the three shells.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += "'\\''";
    else out += c;
  }
  return out + '\'';
}

/// The values of long lists have a name in the scripts, so that they stand there once.
std::string_view list_name(const OptionUsage& option) {
  if (option.value == "RULES") return "rules";
  return option.value == "NAME" ? "names" : std::string_view();
}

std::vector<const OptionUsage*> long_lists(const CommandLine& all) {
  std::vector<const OptionUsage*> lists;
  for (const CommandUsage& command : all)
    for (const OptionUsage& option : command.options)
      if (!list_name(option).empty() && std::none_of(lists.begin(), lists.end(), [&](const OptionUsage* known) {
            return known->value == option.value;
          }))
        lists.push_back(&option);
  return lists;
}

std::vector<const OptionUsage*> positionals(const CommandUsage& command) {
  std::vector<const OptionUsage*> found;
  for (const OptionUsage& option : command.options)
    if (option.positional()) found.push_back(&option);
  return found;
}

// --- bash ---

std::string bash_words(const OptionUsage& option) {
  const std::string_view list = list_name(option);
  return list.empty() ? quoted(joined(option.words)) : fmt::format("\"$_dockerlint_{}\"", list);
}

/// The statement that completes a value.
std::string bash_value(const OptionUsage& option) {
  switch (option.takes) {
    case Takes::word: return "_dockerlint_words " + bash_words(option);
    case Takes::words: return "_dockerlint_list " + bash_words(option);
    case Takes::file: return "_dockerlint_files";
    case Takes::text:
    case Takes::nothing: break;
  }
  return ":";
}

std::string bash_command(const CommandUsage& command) {
  std::string out = fmt::format("    {})\n      case $previous in\n", quoted(command.name));
  std::vector<std::string> names;
  for (const OptionUsage& option : command.options) {
    names.insert(names.end(), option.names.begin(), option.names.end());
    if (option.positional() || option.takes == Takes::nothing) continue;
    out += fmt::format("        {}) {}; return ;;\n", joined(option.names, " | "), bash_value(option));
  }
  out += fmt::format("      esac\n      if [[ $current == -* ]]; then _dockerlint_words {}\n", quoted(joined(names)));
  const std::vector<const OptionUsage*> arguments = positionals(command);
  // That options may stand between them is more than a shell without help can see through.
  if (arguments.size() > 1) out += fmt::format("      elif ((COMP_CWORD == 2)); then {}\n", bash_value(*arguments[0]));
  if (!arguments.empty()) out += fmt::format("      else {}\n", bash_value(*arguments.back()));
  return out + "      fi\n      ;;\n";
}

std::string bash(const CommandLine& all) {
  std::vector<std::string> everyday;
  std::vector<std::string> commands;
  std::string cases;
  for (const CommandUsage& command : all) {
    cases += bash_command(command);
    if (command.name.empty()) continue;
    commands.push_back(command.name);
    if (command.everyday) everyday.push_back(command.name);
  }
  std::string lists;
  for (const OptionUsage* const list : long_lists(all))
    lists += fmt::format("_dockerlint_{}={}\n", list_name(*list), quoted(joined(list->words)));
  return fmt::format(R"(# bash completion for dockerlint, made by `dockerlint completion bash`.

{}
_dockerlint_words() {{ COMPREPLY+=($(compgen -W "$1" -- "$current")); }}

# Names with commas between them: what stands before the last comma stays.
_dockerlint_list() {{
  local head=
  [[ $current == *,* ]] && head=${{current%,*}},
  COMPREPLY+=($(compgen -P "$head" -W "$1" -- "${{current##*,}}"))
}}

_dockerlint_files() {{
  local IFS=$'\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY+=($(compgen -f -- "$current"))
}}

_dockerlint() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} command=
  COMPREPLY=()
  # bash takes --format=json for three words.
  if [[ $current == = ]]; then current=
  elif [[ $previous == = ]]; then previous=${{COMP_WORDS[COMP_CWORD - 2]}}
  fi
  if ((COMP_CWORD == 1)); then
    [[ $current == -* ]] || _dockerlint_words {}
  else
    case ${{COMP_WORDS[1]}} in {}) command=${{COMP_WORDS[1]}} ;; esac
  fi
  case $command in
{}  esac
}}

complete -F _dockerlint dockerlint
)",
                     lists, quoted(joined(everyday)), joined(commands, " | "), cases);
}

// --- zsh ---

/// For the brackets of an argument to _arguments.
std::string escaped(std::string_view about) {
  std::string out;
  for (const char c : about) {
    if (std::string_view("[]:\\").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_value(const OptionUsage& option) {
  const std::string_view list = list_name(option);
  const std::string words = list.empty() ? joined(option.words) : fmt::format("$_dockerlint_{}", list);
  switch (option.takes) {
    case Takes::nothing: return "";
    case Takes::text: return fmt::format(":{}: ", option.value);
    case Takes::file: return fmt::format(":{}:_files", option.value);
    case Takes::word: break;
    case Takes::words: return fmt::format(":{}:_sequence compadd - {}", option.value, words);
  }
  return list.empty() ? fmt::format(":{}:({})", option.value, words)
                      : fmt::format(":{}:compadd - {}", option.value, words);
}

/// The arguments of _arguments.
std::string zsh_options(const CommandUsage& command) {
  std::string out;
  for (const OptionUsage& option : command.options) {
    const std::string value = zsh_value(option);
    for (const std::string& name : option.names) {
      const bool assigned = !value.empty() && name.starts_with("--");
      out += " \\\n        " + quoted(fmt::format("{}{}{}[{}]{}", option.repeated ? "*" : "", name, assigned ? "=" : "",
                                                  escaped(option.about), value));
    }
    if (!option.positional()) continue;
    out += " \\\n        " + quoted((option.repeated ? "*" : "") + value);
  }
  return out;
}

std::string zsh(const CommandLine& all) {
  std::string lists;
  for (const OptionUsage* const list : long_lists(all))
    lists += fmt::format("_dockerlint_{}=({})\n", list_name(*list), joined(list->words));
  std::string commands;
  std::string cases;
  for (const CommandUsage& command : all) {
    if (command.name.empty()) continue;
    if (command.everyday) commands += fmt::format("    {}\n", quoted(command.name + ':' + command.about));
    cases += fmt::format(
        "      {})\n        shift words\n        ((CURRENT--))\n        _arguments -S{}\n"
        "        return ;;\n",
        command.name, zsh_options(command));
  }
  return fmt::format(R"(#compdef dockerlint
# zsh completion for dockerlint, made by `dockerlint completion zsh`.

typeset -ga _dockerlint_rules _dockerlint_names
{}
_dockerlint_first() {{
  local -a commands
  commands=(
{}  )
  _describe -t commands command commands
  _files
}}

_dockerlint() {{
  if ((CURRENT > 2)); then
    case $words[2] in
{}    esac
  fi
  _arguments -S '1: :_dockerlint_first'{}
}}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _dockerlint "$@"
else compdef _dockerlint dockerlint
fi
)",
                     lists, commands, cases, zsh_options(all.front()));
}

// --- fish ---

std::string fish_value(const OptionUsage& option) {
  const std::string_view list = list_name(option);
  const std::string words = list.empty() ? joined(option.words) : fmt::format("$__dockerlint_{}", list);
  switch (option.takes) {
    case Takes::nothing: return "";
    case Takes::text: return " -x";
    case Takes::file: return " -r -F";
    case Takes::word: return fmt::format(" -x -a '{}'", words);
    case Takes::words: break;
  }
  return fmt::format(" -x -a '(__dockerlint_list {})'", words);
}

std::string fish_command(const CommandUsage& command) {
  const std::string when = fmt::format("complete -c dockerlint -n '__dockerlint_is {}'",
                                       command.name.empty() ? std::string_view("lint") : command.name);
  std::string out;
  for (const OptionUsage& option : command.options) {
    out += when;
    for (const std::string& name : option.names)
      out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    if (option.positional()) out += option.takes == Takes::file ? " -F" : " -f" + fish_value(option).substr(3);
    else out += fish_value(option);
    if (!option.positional()) out += " -d " + quoted(option.about);
    out += '\n';
  }
  if (positionals(command).empty()) out += when + " -f\n";
  return out;
}

std::string fish(const CommandLine& all) {
  std::string lists;
  for (const OptionUsage* const list : long_lists(all))
    lists += fmt::format("set -g __dockerlint_{} {}\n", list_name(*list), joined(list->words));
  std::vector<std::string> commands;
  std::string firsts;
  std::string rest;
  for (const CommandUsage& command : all) {
    rest += '\n' + fish_command(command);
    if (command.name.empty()) continue;
    commands.push_back(command.name);
    if (command.everyday)
      firsts += fmt::format("complete -c dockerlint -n '__dockerlint_first' -a {} -d {}\n", command.name,
                            quoted(command.about));
  }
  return fmt::format(R"(# fish completion for dockerlint, made by `dockerlint completion fish`.

{}
function __dockerlint_first
    test (count (commandline -opc)) -eq 1
end

# Whether the command on the line is this one; `lint` is the one without a name.
function __dockerlint_is
    set -l words (commandline -opc)
    set -l command lint
    contains -- "$words[2]" {}; and set command $words[2]
    test $command = $argv[1]
end

# Names with commas between them: what stands before the last comma stays.
function __dockerlint_list
    set -l head (string match -r '^(?:--[a-z-]+=)?(.*,)' -- (commandline -ct))[2]
    set -q head[1]; or set head ''
    printf '%s\n' $head$argv
end

{}{})",
                     lists, joined(commands), firsts, rest);
}

}  // namespace

std::string completion_script(Shell shell, const CommandLine& all) {
  switch (shell) {
    case Shell::zsh: return zsh(all);
    case Shell::fish: return fish(all);
    case Shell::bash: break;
  }
  return bash(all);
}

}  // namespace dockerlint::cli
