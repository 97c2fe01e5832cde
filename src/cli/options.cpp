// SPDX-License-Identifier: Apache-2.0
#include "cli/options.hpp"

#include "cli/catalogs.hpp"
#include "config/keys.hpp"
#include "text/near_name.hpp"
#include "text/utf8.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace dockerlint::cli {
namespace {

constexpr std::string_view kSeverities[] = {"error", "warning", "info", "hint"};
constexpr std::string_view kFailOn[] = {"error", "warning", "info", "hint", "never"};
constexpr std::string_view kSeeHelp = " (see dockerlint --help)";
/// What CLI11 says of --write-baseline without a file.
constexpr std::string_view kWhereItIs = "true";
constexpr std::string_view kWhen[] = {"auto", "always", "never"};
constexpr std::string_view kListFormats[] = {"text", "json"};
constexpr std::string_view kActions[] = {"show", "check", "schema"};
constexpr std::string_view kShells[] = {"bash", "zsh", "fish"};

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
  if (found == known.end()) {
    const std::string_view meant = near_name(value, known);
    throw Refusal{fmt::format("unknown {} '{}'{} (known: {})", what, value,
                              meant.empty() ? "" : fmt::format(": did you mean {}?", meant), joined(known))};
  }
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

/// What can stand where the help says so. Anything else is text that nobody can guess.
struct ValueKind {
  std::string_view name;
  OptionUsage::Takes takes;
  std::vector<std::string> words = {};
};

std::vector<std::string> strings(std::span<const std::string_view> words) { return {words.begin(), words.end()}; }

std::vector<std::string> names_of_rules() {
  std::vector<std::string> names;
  for (const Rule* const rule : all_rules()) {
    std::string group(rule->name.substr(0, rule->name.find('/')));
    if (std::find(names.begin(), names.end(), group) == names.end()) names.push_back(std::move(group));
  }
  for (const Rule* const rule : all_rules()) names.emplace_back(rule->name);
  return names;
}

std::vector<std::string> what_has_a_page() {
  std::vector<std::string> names;
  for (const Rule* const rule : all_rules()) names.emplace_back(rule->name);
  for (const std::string_view tool : tool_names(Catalog::builtin())) names.emplace_back(tool);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

const std::vector<ValueKind>& value_kinds() {
  using Takes = OptionUsage::Takes;
  static const std::vector<ValueKind> kinds = {
      {"FILE", Takes::file},
      {"PATH", Takes::file},
      {"FOLDER", Takes::file},
      {"RULES", Takes::words, names_of_rules()},
      {"NAME", Takes::word, what_has_a_page()},
      {"FORMAT", Takes::word, strings(format_names())},
      {"SEVERITY", Takes::word, strings(kSeverities)},
      {"LEVEL", Takes::word, strings(kFailOn)},
      {"WHEN", Takes::word, strings(kWhen)},
      {"ACTION", Takes::word, strings(kActions)},
      {"SHELL", Takes::word, strings(kShells)},
  };
  return kinds;
}

OptionUsage usage_of(const CLI::Option& option) {
  OptionUsage usage;
  if (!option.get_positional()) {
    for (const std::string& name : option.get_snames()) usage.names.push_back('-' + name);
    for (const std::string& name : option.get_lnames()) usage.names.push_back("--" + name);
  }
  usage.about = option.get_description();
  usage.group = option.get_group();
  usage.value = option.get_positional() ? option.get_name(true) : option.get_type_name();
  usage.repeated = option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
  if (!option.get_positional() && option.get_items_expected_max() == 0) return usage;
  usage.takes = OptionUsage::Takes::text;
  if (usage.value.find('|') != std::string::npos) {
    usage.takes = OptionUsage::Takes::word;
    usage.words = CLI::detail::split(usage.value, '|');
  }
  for (const ValueKind& kind : value_kinds()) {
    if (kind.name != usage.value) continue;
    usage.takes = kind.takes;
    usage.words = kind.words;
  }
  return usage;
}

/// With the help last.
CommandUsage usage_of(const CLI::App& app) {
  CommandUsage usage;
  usage.about = app.get_description();
  usage.more = app.get_footer();
  const std::string forms = app.get_name();
  for (std::string_view rest = forms; !rest.empty();) {
    const std::string_view form = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), form.size() + 1));
    usage.forms.emplace_back(trim(form));
  }
  for (const CLI::Option* const option : app.get_options())
    if (option != app.get_help_ptr() && option != app.get_help_all_ptr()) usage.options.push_back(usage_of(*option));
  usage.options.push_back(usage_of(*app.get_help_ptr()));
  if (app.get_help_all_ptr() != nullptr) usage.options.push_back(usage_of(*app.get_help_all_ptr()));
  return usage;
}

void prepare(CLI::App& app, std::string usage) {
  app.name(std::move(usage));
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
    if (extra == "--") continue;  // which CLI11 has heeded, but counts among what it did not take
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

/// As parse() returns.
bool describe(const CLI::App& app, Options& options) {
  options.command = Command::help;
  options.usage = usage_of(app);
  return false;
}

/// False when the user asked for help: then `options` has the description of all that can be asked.
bool parse(CLI::App& app, std::span<const char* const> arguments, Options& options) {
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    return describe(app, options);
  } catch (const CLI::CallForAllHelp&) {
    options.whole_help = true;
    return describe(app, options);
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
  if (!given.ignore.empty()) turn(rules_named("--ignore", given.ignore), false, line);
  if (!given.fix_select.empty()) {
    fix(all, config::FixPolicy::never, line);
    fix(rules_named("--fix-select", given.fix_select), config::FixPolicy::asked, line);
  }
}

void parse_lint(std::span<const char* const> arguments, Options& options) {
  CLI::App app("Finds what is wrong in Dockerfiles, and fixes it.");
  prepare(app, "dockerlint [OPTIONS] [PATH…]");
  app.set_help_all_flag("--help-all", "Show every option")->group("Other");
  app.footer(
      "A PATH is a Dockerfile of any name, a compose or bake file, whose Dockerfiles\n"
      "are meant (docs/projects.md), a folder to search (default: this one), or - for\n"
      "standard input.\n"
      "RULES are names, aliases or groups: cache/missing-sharing, DL3042, cache.\n"
      "FORMAT is text, concise or gnu for people and editors; github, gitlab, sarif,\n"
      "codeclimate, checkstyle, junit or rdjson for the services of these names; json\n"
      "or jsonl for scripts.\n\n"
      "Exit status: 0 nothing found at or above --fail-on, 1 something found, 2\n"
      "something went wrong.");
  Switches given;
  bool version = false;
  app.add_option("PATH", options.files.paths, "Dockerfiles, folders to search, or - for standard input")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group("Arguments");

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
  app.add_option("--fail-on", given.fail_on, "Fail from error, warning (default), info or hint on, or never")
      ->type_name("LEVEL")
      ->group("Rules");
  app.add_option("--min-severity", given.min_severity,
                 "What is shown and counts: error, warning, info (default) or hint")
      ->type_name("SEVERITY")
      ->group("Rules");

  CLI::Option* const baseline =
      app.add_option("--baseline", given.baseline, "What was found before, which is not shown (docs/suppressions.md)")
          ->type_name("FILE")
          ->group("Known findings");
  app.add_flag("--write-baseline", given.write_baseline, "Write it, or with =FILE that one: all that is found now")
      ->group("Known findings");
  app.add_option("--new-since", options.new_since, "Only what is on lines that have changed since this git revision")
      ->type_name("REV")
      ->group("Known findings");
  add_flag(app, "--add-ignores", options.add_ignores, "Write comments that ignore what is found now")
      ->group("Known findings");
  app.add_option("--reason", options.reason, "With --add-ignores: why, in a few words")
      ->type_name("TEXT")
      ->group("Known findings");

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
  app.add_option("--hyperlinks", given.hyperlinks, "Link rules to their pages: auto (default), always or never")
      ->type_name("WHEN")
      ->group("Output");
  add_flag(app, "--statistics", options.statistics, "Count the findings of each rule instead of showing them")
      ->group("Output");
  add_flag(app, "--show-ignored", options.show_ignored, "In text and sarif: also what is ignored, marked so")
      ->group("Output");
  add_flag(app, "--quiet", options.quiet, "No closing count")->group("Output");

  add_flag(app, "--force-exclude", options.files.force_exclude,
           "Leave out given paths too that are plainly no Dockerfiles")
      ->group("Files");
  app.add_option("--stdin-filename", options.files.stdin_name, "The name of standard input")
      ->type_name("FILE")
      ->group("Files");
  app.add_option("--jobs", given.jobs, "How many files to lint at once (default: the number of cores)")
      ->type_name("N")
      ->group("Files");

  add_flag(app, "--version", version, "Show the version")->group("Other");
  app.get_help_ptr()->group("Other");
  if (!parse(app, arguments, options)) return;
  given.has_baseline = baseline->count() > 0;
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
  app.add_option("PATH", options.files.paths, "Dockerfiles, compose or bake files, or folders to search")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group("Arguments");
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
  if (!color.empty()) options.color = static_cast<Choice>(choose("color choice", color, kWhen));
  if (options.files.stdin_name.empty()) options.files.stdin_name = "<stdin>";
  options.configuration.command_line.source = std::make_shared<config::Source>(config::Source{"the command line", {}});
}

void parse_rules(std::span<const char* const> arguments, Options& options) {
  CLI::App app("Lists every rule, or every tool of the catalog.");
  prepare(app, "dockerlint rules [--catalog] [--format text|json]");
  std::string format;
  add_flag(app, "--catalog", options.catalog, "What is known of tools, instead of the rules");
  app.add_option("--format", format, "text (default) or json")->type_name("text|json");
  if (!parse(app, arguments, options)) return;
  if (!format.empty()) options.json = choose("format", format, kListFormats) == 1;
}

void parse_config(std::span<const char* const> arguments, Options& options) {
  CLI::App app("Shows or checks the configuration in force for a file.");
  prepare(app, "dockerlint config show|check|schema [FILE]");
  std::string action;
  app.add_option("ACTION", action, "show: each value, and where it comes from; check: what is wrong; schema");
  app.add_option("FILE", options.subject,
                 "A Dockerfile, there or not (default: Dockerfile); check: or a configuration file");
  app.add_option("--config", options.configuration.file, "This configuration file")->type_name("FILE");
  add_flag(app, "--no-config", options.configuration.none, "No configuration file at all");
  if (!parse(app, arguments, options)) return;
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

void parse_init(std::span<const char* const> arguments, Options& options) {
  CLI::App app("Writes what a repository needs, after showing it.");
  prepare(app, "dockerlint init [--yes] [FOLDER]");
  app.add_option("FOLDER", options.subject, "The repository (default: the one around this folder)");
  add_flag(app, "--yes", options.yes, "Write without asking");
  parse(app, arguments, options);
}

void parse_completion(std::span<const char* const> arguments, Options& options) {
  CLI::App app("Prints what makes a shell complete the command line.");
  prepare(app, "dockerlint completion bash|zsh|fish");
  std::string shell;
  app.add_option("SHELL", shell, "bash, zsh or fish");
  app.footer(
      "bash: source <(dockerlint completion bash)\n"
      "zsh:  source <(dockerlint completion zsh), behind compinit\n"
      "fish: dockerlint completion fish | source\n\n"
      "An installed dockerlint has put them where the shells look by themselves.");
  if (!parse(app, arguments, options)) return;
  if (shell.empty()) throw Refusal{"completion needs to know for which shell: bash, zsh or fish"};
  options.shell = static_cast<Shell>(choose("shell", shell, kShells));
}

void parse_man(std::span<const char* const> arguments, Options& options) {
  CLI::App app("Prints the manual page: dockerlint man | man -l -");
  prepare(app, "dockerlint man");
  parse(app, arguments, options);
}

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
  } catch (const CLI::Error& error) {
    parsed.trouble = error.what();
  }
  return parsed;
}

}  // namespace dockerlint::cli
