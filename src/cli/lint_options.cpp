// SPDX-License-Identifier: Apache-2.0
// What linting takes, and what of it goes together.
#include "cli/arguments.hpp"
#include "cli/choices.hpp"
#include "cli/command_options.hpp"
#include "cli/refusal.hpp"
#include "config/keys.hpp"
#include "config/read.hpp"
#include "text/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace dockerlint::cli {
namespace {

/// What --write-baseline is without a file.
constexpr std::string_view kWhereItIs = "true";

Severity severity_at(std::size_t index) {
  constexpr Severity kOrder[] = {Severity::error, Severity::warning, Severity::info, Severity::hint};
  return kOrder[index];
}

/// Each name of these lists, which have commas between them.
template <typename Visit>
void each_name(std::span<const std::string> lists, const Visit& visit) {
  for (const std::string& list : lists) {
    for (std::string_view rest = list; !rest.empty();) {
      const std::string_view part = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(rest.size(), part.size() + 1));
      if (const std::string_view name = trim(part); !name.empty()) visit(name);
    }
  }
}

std::vector<const Rule*> rules_named(std::string_view option, std::span<const std::string> lists) {
  std::vector<const Rule*> rules;
  each_name(lists, [&](std::string_view name) {
    const std::vector<const Rule*> named = RuleSet::named(name);
    if (named.empty()) throw Refusal{fmt::format("{}: {}", option, config::unknown_rule(name))};
    rules.insert(rules.end(), named.begin(), named.end());
  });
  if (rules.empty()) throw Refusal{fmt::format("{} names no rule", option)};
  return rules;
}

/// Whoever comes from hadolint ignores rules that nobody looks for here: that is told, and no reason to stop.
std::vector<std::string> without_those_of_hadolint(std::span<const std::string> lists, Options& options) {
  std::vector<std::string> ours;
  std::string left_out;
  each_name(lists, [&](std::string_view name) {
    if (!config::is_hadolint_name(name) || !RuleSet::named(name).empty()) ours.emplace_back(name);
    else left_out += fmt::format("{}{}", left_out.empty() ? "" : ", ", name);
  });
  if (!left_out.empty())
    options.remarks.push_back(fmt::format("--ignore: left out, for want of a counterpart: {}", left_out));
  return ours;
}

/// What the command line says of rules, as a configuration file would.
void turn(const std::vector<const Rule*>& rules, bool on, config::Layer& line) {
  config::RuleSetting& setting = line.rules.emplace_back();
  for (const Rule* const rule : rules) setting.rules.push_back(RuleSet::place_of(*rule));
  setting.enabled = {on, {line.source, {}}};
}

void fix(const std::vector<const Rule*>& rules, config::FixPolicy policy, config::Layer& line) {
  config::RuleSetting& setting = line.rules.emplace_back();
  for (const Rule* const rule : rules) setting.rules.push_back(RuleSet::place_of(*rule));
  setting.fix = {policy, {line.source, {}}};
}

struct Switches {
  std::string baseline;
  std::string write_baseline;
  bool has_baseline = false;
  bool unsafe_fixes = false;
  std::vector<std::string> select;
  std::vector<std::string> ignore;
  std::vector<std::string> fix_select;
  std::string config;
  std::string fail_on;
  std::string min_severity;
  std::string format;
  std::string color;
  std::string hyperlinks;
  std::string jobs;
};

void refuse_conflicts(const Options& options, const Switches& given) {
  const bool fixes = options.fix || options.diff;
  const auto refuse = [](bool refused, const char* why) {
    if (refused) throw Refusal{why};
  };
  refuse(options.diff && options.fix_only, "--diff writes nothing, --fix-only shows nothing: choose one");
  refuse(given.unsafe_fixes && !fixes, "--unsafe-fixes needs --fix or --diff");
  refuse(!given.fix_select.empty() && !fixes, "--fix-select needs --fix or --diff");
  refuse(options.show_fixes && !fixes, "--show-fixes needs --fix or --diff");
  refuse(options.diff && options.statistics, "--diff prints a diff, --statistics a table: choose one");
  refuse(options.fix_only && options.statistics, "--fix-only shows nothing, --statistics a table: choose one");
  const bool changes = options.add_ignores || options.baseline.write;
  const char* const what = options.add_ignores ? "--add-ignores" : "--write-baseline";
  const auto refuse_with = [&](bool given_too, std::string_view option) {
    if (changes && given_too) throw Refusal{fmt::format("{} writes down what is found, {}: choose one", what, option)};
  };
  refuse_with(options.fix || options.fix_only || given.unsafe_fixes, "--fix puts it right");
  refuse_with(options.statistics, "--statistics counts it");
  refuse_with(options.add_ignores && options.baseline.write, "and so does --write-baseline");
  refuse_with(options.baseline.write && options.diff, "--diff writes nothing");
  refuse(options.baseline.write && !options.new_since.empty(),
         "--write-baseline writes down all that is found, --new-since looks at some: choose one");
  refuse(given.has_baseline && !options.baseline.target.empty(),
         "--baseline and --write-baseline name a file each: give it to one of them");
  refuse(!options.reason.empty() && !options.add_ignores, "--reason needs --add-ignores");
  refuse(std::any_of(options.reason.begin(), options.reason.end(),
                     [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }),
         "--reason takes one line of text");
  const auto refuse_beside = [&](bool given_too, std::string_view option) {
    if (given_too && is_document(options.format))
      throw Refusal{fmt::format("{}, --format {} a document: choose one", option, given.format)};
  };
  refuse_beside(options.diff, "--diff prints a diff");
  refuse_beside(options.statistics, "--statistics prints a table");
  refuse(options.show_ignored && options.format != Format::sarif && options.format != Format::text,
         "--show-ignored needs --format text or sarif");
  const auto& paths = options.files.paths;
  const bool reads_stdin = std::find(paths.begin(), paths.end(), "-") != paths.end();
  refuse(!given.config.empty() && options.configuration.none,
         "--config names a file, --no-config refuses all: choose one");
  refuse(!options.files.stdin_name.empty() && !reads_stdin, "--stdin-filename names standard input, but no path is -");
}

void resolve(Options& options, const Switches& given) {
  if (options.fix_only && !options.diff) options.fix = true;
  if (!given.format.empty()) {
    choose("format", given.format, format_names());
    options.format = *format_named(given.format);
    if (options.format == Format::github) options.step_summary = environment("GITHUB_STEP_SUMMARY");
  }
  if (given.has_baseline) options.baseline.file = given.baseline;
  options.baseline.write = !given.write_baseline.empty();
  if (given.write_baseline != kWhereItIs) options.baseline.target = given.write_baseline;
  options.reason = trim(options.reason);
  refuse_conflicts(options, given);
  if (options.diff) options.fix = false;
  if (given.unsafe_fixes) options.at_least = Applicability::unsafe;
  if (options.files.stdin_name.empty()) options.files.stdin_name = "<stdin>";
  options.configuration.file = given.config;
  config::Layer& line = options.configuration.command_line;
  line.source = std::make_shared<config::Source>(config::Source{"the command line", {}});
  if (!given.fail_on.empty()) {
    const std::size_t index = choose("severity", given.fail_on, kFailOn);
    line.fail_on = {index < std::size(kSeverities) ? std::optional(severity_at(index)) : std::nullopt,
                    {line.source, {}}};
  }
  if (!given.min_severity.empty())
    line.min_severity = {severity_at(choose("severity", given.min_severity, kSeverities)), {line.source, {}}};
  if (!given.color.empty()) options.color = static_cast<Choice>(choose("color choice", given.color, kWhen));
  if (!given.hyperlinks.empty())
    options.hyperlinks = static_cast<Choice>(choose("choice of hyperlinks", given.hyperlinks, kWhen));
  if (!given.jobs.empty()) {
    const char* const end = given.jobs.data() + given.jobs.size();
    const auto [stop, error] = std::from_chars(given.jobs.data(), end, options.jobs);
    if (stop != end || error != std::errc() || options.jobs == 0 || options.jobs > 1024)
      throw Refusal{fmt::format("--jobs needs a number from 1 to 1024, not '{}'", given.jobs)};
  }
  const std::vector<const Rule*> all(all_rules().begin(), all_rules().end());
  if (!given.select.empty()) {
    turn(all, false, line);
    turn(rules_named("--select", given.select), true, line);
  }
  if (!given.ignore.empty()) {
    const std::vector<std::string> ours = without_those_of_hadolint(given.ignore, options);
    if (!ours.empty() || options.remarks.empty()) turn(rules_named("--ignore", ours), false, line);
  }
  if (!given.fix_select.empty()) {
    fix(all, config::FixPolicy::never, line);
    fix(rules_named("--fix-select", given.fix_select), config::FixPolicy::asked, line);
  }
}

}  // namespace

void parse_lint(std::span<const char* const> arguments, Options& options) {
  Arguments app("Finds what is wrong in Dockerfiles, and fixes it.", "dockerlint [OPTIONS] [PATH…]");
  app.footer(
      "A PATH is a Dockerfile of any name, a compose or bake file, whose Dockerfiles\n"
      "are meant (docs/projects.md), a folder to search (default: this one), or - for\n"
      "standard input.\n"
      "RULES are names, aliases or groups: cache/missing-sharing, DL3059, cache.\n"
      "FORMAT is text, concise or gnu for people and editors; github, gitlab, sarif,\n"
      "codeclimate, checkstyle, junit or rdjson for the services of these names; json\n"
      "or jsonl for scripts.\n\n"
      "Exit status: 0 nothing found at or above --fail-on, 1 something found, 2\n"
      "something went wrong.");
  Switches given;
  bool version = false;
  app.group("Arguments");
  app.positional("PATH", options.files.paths, "Dockerfiles, folders to search, or - for standard input");

  app.group("Fixing");
  app.flag("--fix", options.fix, "Apply the safe fixes and report what is left");
  app.flag("--unsafe-fixes", given.unsafe_fixes, "With --fix or --diff: the unsafe fixes too");
  app.flag("--diff", options.diff, "Write nothing; print what --fix would change as a diff");
  app.flag("--fix-only", options.fix_only, "Fix, report nothing, exit with 0");
  app.flag("--show-fixes", options.show_fixes, "Say of each fix what it did");

  app.group("Rules");
  app.list("--select", "RULES", given.select, "Only these rules");
  app.list("--ignore", "RULES", given.ignore, "Not these rules");
  app.list("--fix-select", "RULES", given.fix_select, "Fix only what these rules find");
  app.list("--catalog", "FILE", options.catalogs, "A tool of your own, or a correction of one (see docs/catalog.md)");
  app.text("--fail-on", "LEVEL", given.fail_on, "Fail from error, warning (default), info or hint on, or never");
  app.text("--min-severity", "SEVERITY", given.min_severity,
           "What is shown and counts: error, warning, info (default) or hint");

  app.group("Known findings");
  app.text("--baseline", "FILE", given.baseline, "What was found before, which is not shown (docs/suppressions.md)");
  app.flag_or_text("--write-baseline", given.write_baseline, "Write it, or with =FILE that one: all that is found now");
  app.text("--new-since", "REV", options.new_since, "Only what is on lines that have changed since this git revision");
  app.flag("--add-ignores", options.add_ignores, "Write comments that ignore what is found now");
  app.text("--reason", "TEXT", options.reason, "With --add-ignores: why, in a few words");

  app.group("Configuration");
  app.text("--config", "FILE", given.config, "This configuration, whatever lies beside the files (docs/config.md)");
  app.flag("--no-config", options.configuration.none, "No configuration file at all");

  app.group("Output");
  app.text("--format", "FORMAT", given.format, "How to report: text (default) or another, see below");
  app.text("--output", "FILE", options.output, "Write there instead of to standard output");
  app.text("--color", "WHEN", given.color, "auto (default), always or never");
  app.text("--hyperlinks", "WHEN", given.hyperlinks, "Link rules to their pages: auto (default), always or never");
  app.flag("--statistics", options.statistics, "Count the findings of each rule instead of showing them");
  app.flag("--show-ignored", options.show_ignored, "In text and sarif: also what is ignored, marked so");
  app.flag("--quiet", options.quiet, "No closing count");

  app.group("Files");
  app.flag("--force-exclude", options.files.force_exclude, "Leave out given paths too that are plainly no Dockerfiles");
  app.text("--stdin-filename", "FILE", options.files.stdin_name, "The name of standard input");
  app.text("--jobs", "N", given.jobs, "How many files to lint at once (default: the number of cores)");

  app.group("Other");
  app.flag("--version", version, "Show the version");
  app.offer_whole_help();
  if (!app.parse(arguments, options)) return;
  given.has_baseline = app.has("--baseline");
  if (version) options.command = Command::version;
  else resolve(options, given);
}

}  // namespace dockerlint::cli
