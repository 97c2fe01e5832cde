// SPDX-License-Identifier: Apache-2.0
#include "cli/options.hpp"

#include "cli/choices.hpp"
#include "cli/command_options.hpp"
#include "cli/refusal.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace dockerlint::cli {
namespace {

struct Subcommand {
  std::string_view name;
  Command command;
  void (*parse)(std::span<const char* const> arguments, Options& options);
  bool everyday = true;
};

constexpr Subcommand kSubcommands[] = {
    {"cache", Command::cache, parse_cache},       {"init", Command::init, parse_init},
    {"explain", Command::explain, parse_explain}, {"rules", Command::rules, parse_rules},
    {"config", Command::config, parse_config},    {"completion", Command::completion, parse_completion},
    {"dump", Command::dump, parse_dump, false},   {"man", Command::man, parse_man, false},
};

const Subcommand* find_subcommand(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kSubcommands), std::end(kSubcommands),
                                         [&](const Subcommand& known) { return known.name == name; });
  return found == std::end(kSubcommands) ? nullptr : found;
}

/// `subcommand` is null for linting.
void parse_as(const Subcommand* subcommand, std::span<const char* const> arguments, Options& options) {
  if (subcommand == nullptr) return parse_lint(arguments, options);
  options.command = subcommand->command;
  subcommand->parse(arguments, options);
  options.usage.name = subcommand->name;
  options.usage.everyday = subcommand->everyday;
}

/// `help` is a command too, for those who expect it.
void parse_help(std::span<const char* const> arguments, Options& options) {
  const std::string_view name = arguments.empty() ? "" : arguments.front();
  const Subcommand* const subcommand = find_subcommand(name);
  if (!name.empty() && subcommand == nullptr) choose("command", name, command_names());
  constexpr const char* kHelp[] = {"--help"};
  parse_as(subcommand, kHelp, options);
}

}  // namespace

std::span<const std::string_view> command_names() {
  static const auto kNames = [] {
    std::array<std::string_view, std::size(kSubcommands)> names;
    std::transform(std::begin(kSubcommands), std::end(kSubcommands), names.begin(),
                   [](const Subcommand& known) { return known.name; });
    return names;
  }();
  return kNames;
}

CommandLine described_command_line() {
  constexpr const char* kHelp[] = {"--help"};
  CommandLine all;
  Options lint;
  parse_as(nullptr, kHelp, lint);
  all.push_back(std::move(lint.usage));
  for (const Subcommand& known : kSubcommands) {
    Options options;
    parse_as(&known, kHelp, options);
    all.push_back(std::move(options.usage));
  }
  return all;
}

ParsedOptions parse_options(int argc, const char* const* argv) {
  ParsedOptions parsed;
  std::span<const char* const> arguments(argv, static_cast<std::size_t>(argc));
  arguments = arguments.subspan(std::min<std::size_t>(1, arguments.size()));
  const std::string_view first = arguments.empty() ? "" : arguments.front();
  try {
    // A command is one only in the first place, so that no path is mistaken for it.
    const Subcommand* const subcommand = find_subcommand(first);
    if (first == "help") parse_help(arguments.subspan(1), parsed.options);
    else parse_as(subcommand, arguments.subspan(subcommand == nullptr ? 0 : 1), parsed.options);
  } catch (const Refusal& refusal) {
    parsed.trouble = refusal.message;
  }
  return parsed;
}

}  // namespace dockerlint::cli
