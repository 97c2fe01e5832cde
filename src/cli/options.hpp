// SPDX-License-Identifier: Apache-2.0
#pragma once
// The command line as data.

#include "cli/baselines.hpp"
#include "cli/configurations.hpp"
#include "cli/discover.hpp"
#include "cli/output.hpp"
#include "cli/usage.hpp"
#include "dockerlint/report.hpp"
#include "plan/plan.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::cli {

enum class Command : std::uint8_t { lint, cache, init, explain, rules, config, completion, dump, man, help, version };

struct Options {
  Command command = Command::lint;

  std::vector<std::string> remarks;  // on the command line, for a person who is not --quiet

  DiscoverOptions files;
  std::vector<std::string> catalogs;  // files with tools of the project's own
  ConfigOptions configuration;
  BaselineOptions baseline;
  std::string new_since;     // a revision: only what has changed since then; empty: all
  bool add_ignores = false;  // instead of reporting
  std::string reason;        // of what is added
  bool fix = false;          // and write; --diff alone leaves it false
  bool diff = false;
  bool fix_only = false;
  bool statistics = false;
  bool show_fixes = false;
  bool quiet = false;
  Applicability at_least = Applicability::safe;
  Format format = Format::text;
  std::string output;        // empty: standard output
  std::string step_summary;  // a file that gets a summary in Markdown as well; empty: none
  bool show_ignored = false;
  Choice color = Choice::automatic;
  Choice hyperlinks = Choice::automatic;
  unsigned jobs = 0;  // 0: as many as there are cores, where it pays

  plan::Format plan = plan::Format::table;                                                     // cache
  enum class Emit : std::uint8_t { nothing, cache_map, github_actions } emit = Emit::nothing;  // cache
  std::vector<std::string> logs;  // cache: of builds, to simulate

  std::string subject;   // explain: a rule or a tool; dump: a file; config: a file, or nothing; init: a folder
  bool json = false;     // rules
  bool catalog = false;  // rules: the tools instead
  enum class Dump : std::uint8_t { tree, tokens, shell, commands, model, effects, project } dump = Dump::tree;
  enum class Show : std::uint8_t { show, check, schema } show = Show::show;  // config
  bool yes = false;                                                          // init
  Shell shell = Shell::bash;                                                 // completion
  CommandUsage usage;                                                        // help: what is asked about
  bool whole_help = false;                                                   // help: not only what is looked for first
};

struct ParsedOptions {
  Options options;
  std::string trouble;  // what is wrong with the command line, for a person; empty when nothing is
};

ParsedOptions parse_options(int argc, const char* const* argv);

/// What stands in the first place instead of a path.
std::span<const std::string_view> command_names();
/// All that can be asked.
CommandLine described_command_line();

}  // namespace dockerlint::cli
