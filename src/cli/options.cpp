// SPDX-License-Identifier: Apache-2.0
#include "cli/options.hpp"

#include "config/keys.hpp"
#include "text/near_name.hpp"
#include "text/utf8.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace dockerlint::cli {
namespace {

constexpr std::string_view kSeverities[] = {"error", "warning", "info", "hint"};
constexpr std::string_view kFailOn[] = {"error", "warning", "info", "hint", "never"};
constexpr std::string_view kSeeHelp = " (see dockerlint --help)";
constexpr std::string_view kColors[] = {"auto", "always", "never"};

/// Ends the parsing. For the user.
struct Refusal {
  std::string message;
};

std::string joined(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) out += out.empty() ? std::string(word) : fmt::format(", {}", word);
  return out;
}

/// The index of `value` in `known`.
std::size_t choose(std::string_view what, std::string_view value, std::span<const std::string_view> known) {
  const auto found = std::find(known.begin(), known.end(), value);
  if (found == known.end()) throw Refusal{fmt::format("unknown {} '{}' (known: {})", what, value, joined(known))};
  return static_cast<std::size_t>(found - known.begin());
}

Severity severity_at(std::size_t index) {
  constexpr Severity kOrder[] = {Severity::error, Severity::warning, Severity::info, Severity::hint};
  return kOrder[index];
}

std::vector<const Rule*> rules_named(std::string_view option, std::span<const std::string> lists) {
  std::vector<const Rule*> rules;
  for (const std::string& list : lists) {
    for (std::string_view rest = list; !rest.empty();) {
      const std::string_view part = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(rest.size(), part.size() + 1));
      const std::string_view name = trim(part);
      if (name.empty()) continue;
      const std::vector<const Rule*> named = RuleSet::named(name);
      if (named.empty()) throw Refusal{fmt::format("{}: {}", option, config::unknown_rule(name))};
      rules.insert(rules.end(), named.begin(), named.end());
    }
  }
  if (rules.empty()) throw Refusal{fmt::format("{} names no rule", option)};
  return rules;
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

/// The options with what they are about; CLI11's own layout is restless.
class HelpFormatter : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string /*name*/, CLI::AppFormatMode /*mode*/) const override {
    std::vector<std::string> groups;  // in the order in which they were first used, help last
    std::vector<const CLI::Option*> options = app->get_options();
    std::rotate(options.begin(), std::find(options.begin(), options.end(), app->get_help_ptr()) + 1, options.end());
    for (const CLI::Option* option : options)
      if (!option->get_group().empty() && std::find(groups.begin(), groups.end(), option->get_group()) == groups.end())
        groups.push_back(option->get_group());
    std::string out = fmt::format("{}\n\nUsage: {}\n", app->get_description(), app->get_name());
    for (const std::string& group : groups) {
      out += fmt::format("\n{}:\n", group);
      for (const CLI::Option* option : options)
        if (option->get_group() == group) out += line(*option);
    }
    return app->get_footer().empty() ? out : fmt::format("{}\n{}\n", out, app->get_footer());
  }

 private:
  static std::string line(const CLI::Option& option) {
    const bool positional = option.get_positional();
    std::string name = positional ? option.get_name(true) : option.get_name(false, true);
    if (const std::size_t comma = name.find(','); comma != std::string::npos) name.insert(comma + 1, " ");
    if (!positional && !option.get_type_name().empty()) name += ' ' + option.get_type_name();
    return fmt::format("  {:<23}  {}\n", name, option.get_description());
  }
};

void prepare(CLI::App& app, std::string usage) {
  app.name(std::move(usage));
  app.formatter(std::make_shared<HelpFormatter>());
  app.set_help_flag("-h,--help", "Show this help");
  app.allow_extras();  // so that an unknown option is refused in our words
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

CLI::Option* add_flag(CLI::App& app, const char* name, bool& value, const char* about) {
  return app.add_flag(name, value, about)->disable_flag_override();
}

CLI::Option* add_list(CLI::App& app, const char* name, std::vector<std::string>& values, const char* about,
                      const char* type = "RULES") {
  return app.add_option(name, values, about)
      ->type_name(type)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
}

void refuse_unknown(const CLI::App& app) {
  for (const std::string& extra : app.remaining()) {
    if (extra.size() < 2 || extra.front() != '-')
      throw Refusal{fmt::format("too many arguments: {}{}", extra, kSeeHelp)};
    const std::string given = extra.substr(0, extra.find('='));
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options())
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    std::string_view meant = near_name(given, candidates);
    const auto begins = [&](std::string_view name) { return given.size() > 4 && name.starts_with(given); };
    if (meant.empty() && std::count_if(candidates.begin(), candidates.end(), begins) == 1)
      meant = *std::find_if(candidates.begin(), candidates.end(), begins);
    throw Refusal{fmt::format("unknown option {}{}{}", given,
                              meant.empty() ? "" : fmt::format(": did you mean {}?", meant), kSeeHelp)};
  }
}

/// False when the user asked for help, which is then in `options`.
bool parse(CLI::App& app, std::span<const char* const> arguments, Options& options) {
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    options.command = Command::help;
    options.help = app.help();
    return false;
  } catch (const CLI::ArgumentMismatch& error) {
    // "--format: 1 required FORMAT missing", "fix was given a disallowed flag override"
    const std::string_view text = error.what();
    const bool flag = text.find("override") != std::string_view::npos;
    const std::string_view name = text.substr(0, text.find_first_of(": "));
    throw Refusal{fmt::format("{}{} {} value{}", name.starts_with('-') ? "" : "--", name, flag ? "takes no" : "needs a",
                              kSeeHelp)};
  } catch (const CLI::ParseError& error) {
    throw Refusal{error.what()};
  }
  refuse_unknown(app);
  return true;
}

struct Switches {
  bool unsafe_fixes = false;
  std::vector<std::string> select;
  std::vector<std::string> ignore;
  std::vector<std::string> fix_select;
  std::string config;
  std::string fail_on;
  std::string min_severity;
  std::string format;
  std::string color;
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
  const auto refuse_beside = [&](bool given_too, std::string_view option) {
    if (given_too && is_document(options.format))
      throw Refusal{fmt::format("{}, --format {} a document: choose one", option, given.format)};
  };
  refuse_beside(options.diff, "--diff prints a diff");
  refuse_beside(options.statistics, "--statistics prints a table");
  refuse(options.show_ignored && options.format != Format::sarif, "--show-ignored needs --format sarif");
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
  if (!given.color.empty()) options.color = static_cast<ColorChoice>(choose("color choice", given.color, kColors));
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
  if (!given.ignore.empty()) turn(rules_named("--ignore", given.ignore), false, line);
  if (!given.fix_select.empty()) {
    fix(all, config::FixPolicy::never, line);
    fix(rules_named("--fix-select", given.fix_select), config::FixPolicy::asked, line);
  }
}

void parse_lint(std::span<const char* const> arguments, Options& options) {
  CLI::App app("Finds what is wrong in Dockerfiles, and fixes it.");
  prepare(app,
          "dockerlint [OPTIONS] [PATH…]\n       dockerlint cache [OPTIONS] [PATH…]\n       dockerlint explain NAME\n"
          "       dockerlint rules [--catalog] [--format text|json]\n"
          "       dockerlint config show|check|schema [FILE]\n"
          "       dockerlint dump --tokens|--tree|--shell|--commands|--model|--effects FILE\n"
          "       dockerlint dump --project [PATH…]");
  app.footer(
      "A PATH is a Dockerfile of any name, a compose or bake file, whose Dockerfiles are meant (docs/projects.md),\n"
      "a folder to search (default: this one), or - for standard input.\n"
      "RULES are names, aliases or groups: cache/missing-sharing, DL3042, cache.\n"
      "FORMAT is text, concise or gnu for people and editors; github, gitlab, sarif, codeclimate, checkstyle, junit\n"
      "or rdjson for the services of these names; json or jsonl for scripts.\n\n"
      "Exit status: 0 nothing found at or above --fail-on, 1 something found, 2 something went wrong.");
  Switches given;
  bool version = false;
  app.add_option("PATH", options.files.paths)->group("");

  add_flag(app, "--fix", options.fix, "Apply the safe fixes and report what is left")->group("Fixing");
  add_flag(app, "--unsafe-fixes", given.unsafe_fixes, "With --fix or --diff: the unsafe fixes too")->group("Fixing");
  add_flag(app, "--diff", options.diff, "Write nothing; print what --fix would change as a diff")->group("Fixing");
  add_flag(app, "--fix-only", options.fix_only, "Fix, report nothing, exit with 0")->group("Fixing");
  add_flag(app, "--show-fixes", options.show_fixes, "Say of each fix what it did")->group("Fixing");

  add_list(app, "--select", given.select, "Only these rules")->group("Rules");
  add_list(app, "--ignore", given.ignore, "Not these rules")->group("Rules");
  add_list(app, "--fix-select", given.fix_select, "Fix only what these rules find")->group("Rules");
  add_list(app, "--catalog", options.catalogs, "A tool of your own, or a correction of one (see docs/catalog.md)",
           "FILE")
      ->group("Rules");
  app.add_option("--fail-on", given.fail_on,
                 "What makes the exit status 1: error, warning (default), info, hint or never")
      ->type_name("SEVERITY")
      ->group("Rules");
  app.add_option("--min-severity", given.min_severity,
                 "What is shown and counts: error, warning, info (default) or hint")
      ->type_name("SEVERITY")
      ->group("Rules");

  app.add_option("--config", given.config, "This configuration, whatever lies beside the files (docs/config.md)")
      ->type_name("FILE")
      ->group("Configuration");
  add_flag(app, "--no-config", options.configuration.none, "No configuration file at all")->group("Configuration");

  app.add_option("--format", given.format, "How to report: text (default) or another, see below")
      ->type_name("FORMAT")
      ->group("Output");
  app.add_option("--output", options.output, "Write there instead of to standard output")
      ->type_name("FILE")
      ->group("Output");
  app.add_option("--color", given.color, "auto (default), always or never")->type_name("WHEN")->group("Output");
  add_flag(app, "--statistics", options.statistics, "Count the findings of each rule instead of showing them")
      ->group("Output");
  add_flag(app, "--show-ignored", options.show_ignored, "With --format sarif: also what comments ignore, marked so")
      ->group("Output");
  add_flag(app, "--quiet", options.quiet, "No closing count")->group("Output");

  add_flag(app, "--force-exclude", options.files.force_exclude,
           "Leave out given paths too that are plainly no Dockerfiles")
      ->group("Files");
  app.add_option("--stdin-filename", options.files.stdin_name, "The name of standard input")
      ->type_name("NAME")
      ->group("Files");
  app.add_option("--jobs", given.jobs, "How many files to lint at once (default: the number of cores)")
      ->type_name("N")
      ->group("Files");

  add_flag(app, "--version", version, "Show the version")->group("Other");
  app.get_help_ptr()->group("Other");
  if (!parse(app, arguments, options)) return;
  if (version) options.command = Command::version;
  else resolve(options, given);
}

void parse_explain(std::span<const char* const> arguments, Options& options) {
  CLI::App app("Prints the page of a rule, or what is known of a tool.");
  prepare(app, "dockerlint explain NAME");
  app.add_option("NAME", options.subject, "A rule or its alias; a tool or one of its programs");
  add_list(app, "--catalog", options.catalogs, "A tool of your own, or a correction of one", "FILE");
  if (!parse(app, arguments, options)) return;
  if (options.subject.empty())
    throw Refusal{"explain needs the name of a rule or a tool (dockerlint rules and rules --catalog list them)"};
}

void parse_cache(std::span<const char* const> arguments, Options& options) {
  CLI::App app("Shows every cache that the Dockerfiles use: who fills it, who reads it, who waits for whom.");
  prepare(app, "dockerlint cache [OPTIONS] [PATH…]");
  app.footer(
      "A PATH is a Dockerfile, a compose or bake file, or a folder to search (default: this one).\n"
      "FORMAT is table (default), json, markdown, mermaid, dot or html.\n"
      "What --emit writes is for CI, whose builders forget their caches: a cache-map for the action\n"
      "reproducible-containers/buildkit-cache-dance, or github-actions, the steps of a job with it.\n"
      "A LOG is what docker buildx build --progress=rawjson (or plain) has written; several are built at once.");
  std::string format, emit, color;
  app.add_option("PATH", options.files.paths)->group("");
  app.add_option("--format", format, "How the plan is shown")->type_name("FORMAT");
  app.add_option("--emit", emit, "cache-map or github-actions, instead of the plan")->type_name("WHAT");
  add_list(app, "--simulate", options.logs, "Say what locks cost, from the log of a build", "LOG");
  app.add_option("--output", options.output, "Write there instead of to standard output")->type_name("FILE");
  app.add_option("--color", color, "auto (default), always or never")->type_name("WHEN");
  add_list(app, "--catalog", options.catalogs, "A tool of your own, or a correction of one", "FILE");
  app.add_option("--config", options.configuration.file, "This configuration file")->type_name("FILE");
  add_flag(app, "--no-config", options.configuration.none, "No configuration file at all");
  if (!parse(app, arguments, options)) return;
  constexpr std::string_view kEmitted[] = {"cache-map", "github-actions"};
  if (!format.empty() && !emit.empty()) throw Refusal{"--emit is for programs, --format for people: choose one"};
  if (!options.logs.empty() && !emit.empty()) throw Refusal{"--emit is for CI, --simulate for people: choose one"};
  if (!format.empty()) options.plan = static_cast<plan::Format>(choose("format", format, plan::format_names()));
  if (!options.logs.empty() && options.plan != plan::Format::table && options.plan != plan::Format::json)
    throw Refusal{"--simulate has --format table or json"};
  if (!emit.empty()) options.emit = static_cast<Options::Emit>(1 + choose("thing to emit", emit, kEmitted));
  if (!color.empty()) options.color = static_cast<ColorChoice>(choose("color choice", color, kColors));
  if (options.files.stdin_name.empty()) options.files.stdin_name = "<stdin>";
  options.configuration.command_line.source = std::make_shared<config::Source>(config::Source{"the command line", {}});
}

void parse_rules(std::span<const char* const> arguments, Options& options) {
  CLI::App app("Lists every rule, or every tool of the catalog.");
  prepare(app, "dockerlint rules [--catalog] [--format text|json]");
  std::string format;
  add_flag(app, "--catalog", options.catalog, "What is known of tools, instead of the rules");
  app.add_option("--format", format, "text (default) or json")->type_name("FORMAT");
  if (!parse(app, arguments, options)) return;
  constexpr std::string_view kListFormats[] = {"text", "json"};
  if (!format.empty()) options.json = choose("format", format, kListFormats) == 1;
}

void parse_config(std::span<const char* const> arguments, Options& options) {
  CLI::App app("Shows or checks the configuration in force for a file, or prints its JSON schema.");
  prepare(app, "dockerlint config show|check|schema [FILE]");
  std::string action;
  app.add_option("ACTION", action, "show: each value, and where it comes from; check: what is wrong; schema");
  app.add_option("FILE", options.subject,
                 "A Dockerfile, there or not (default: Dockerfile); check: or a configuration");
  app.add_option("--config", options.configuration.file, "This configuration file")->type_name("FILE");
  add_flag(app, "--no-config", options.configuration.none, "No configuration file at all");
  if (!parse(app, arguments, options)) return;
  constexpr std::string_view kActions[] = {"show", "check", "schema"};
  if (action.empty()) throw Refusal{"config needs to know what: show, check or schema"};
  options.show = static_cast<Options::Show>(choose("action", action, kActions));
  if (!options.configuration.file.empty() && options.configuration.none)
    throw Refusal{"--config names a file, --no-config refuses all: choose one"};
}

void parse_dump(std::span<const char* const> arguments, Options& options) {
  CLI::App app("Prints how a Dockerfile is understood, or what is built together.");
  prepare(app,
          "dockerlint dump --tokens|--tree|--shell|--commands|--model|--effects FILE\n"
          "       dockerlint dump --project [PATH…]");
  struct Part {
    Options::Dump dump;
    const char* name;
    const char* description;
    bool wanted = false;
  };
  std::array<Part, 7> parts{{{Options::Dump::tokens, "--tokens", "The tokens, which tile the file"},
                             {Options::Dump::tree, "--tree", "The instructions (default)"},
                             {Options::Dump::shell, "--shell", "The script of each RUN"},
                             {Options::Dump::commands, "--commands", "What each RUN runs, and with what"},
                             {Options::Dump::model, "--model", "The stages, and what is known at each step"},
                             {Options::Dump::effects, "--effects", "What each step reads and writes"},
                             {Options::Dump::project, "--project", "The builds of compose and bake files"}}};
  for (Part& part : parts) add_flag(app, part.name, part.wanted, part.description);
  app.add_option("FILE", options.files.paths, "A Dockerfile, or - for standard input; --project: files and folders");
  if (!parse(app, arguments, options)) return;
  int wanted = 0;
  for (const Part& part : parts) {
    if (!part.wanted) continue;
    options.dump = part.dump;
    ++wanted;
  }
  if (wanted > 1) throw Refusal{"a dump shows one thing at a time: choose one option"};
  if (options.dump == Options::Dump::project) return;
  const std::vector<std::string>& paths = options.files.paths;
  if (paths.empty()) throw Refusal{"dump needs a file"};
  if (paths.size() > 1) throw Refusal{fmt::format("too many arguments: {}{}", paths[1], kSeeHelp)};
  options.subject = paths.front();
}

}  // namespace

ParsedOptions parse_options(int argc, const char* const* argv) {
  ParsedOptions parsed;
  Options& options = parsed.options;
  std::span<const char* const> arguments(argv, static_cast<std::size_t>(argc));
  arguments = arguments.subspan(std::min<std::size_t>(1, arguments.size()));
  const std::string_view first = arguments.empty() ? "" : arguments.front();
  try {
    // A command is one only in the first place, so that no path is mistaken for it.
    if (first == "cache") {
      options.command = Command::cache;
      parse_cache(arguments.subspan(1), options);
    } else if (first == "explain") {
      options.command = Command::explain;
      parse_explain(arguments.subspan(1), options);
    } else if (first == "rules") {
      options.command = Command::rules;
      parse_rules(arguments.subspan(1), options);
    } else if (first == "config") {
      options.command = Command::config;
      parse_config(arguments.subspan(1), options);
    } else if (first == "dump") {
      options.command = Command::dump;
      parse_dump(arguments.subspan(1), options);
    } else {
      parse_lint(arguments, options);
    }
  } catch (const Refusal& refusal) {
    parsed.trouble = refusal.message;
  } catch (const CLI::Error& error) {
    parsed.trouble = error.what();
  }
  return parsed;
}

}  // namespace dockerlint::cli
