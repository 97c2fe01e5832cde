// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"

#include "catalog/page.hpp"
#include "cli/catalogs.hpp"
#include "cli/configurations.hpp"
#include "cli/files.hpp"
#include "cli/projects.hpp"
#include "config/keys.hpp"
#include "config/read.hpp"
#include "config/toml_text.hpp"
#include "dockerlint/rule.hpp"
#include "effects/dump.hpp"
#include "model/dump.hpp"
#include "model/dump_commands.hpp"
#include "project/dump.hpp"
#include "report/json_text.hpp"
#include "shell/dump.hpp"
#include "syntax/dump.hpp"
#include "text/near_name.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <variant>
#include <vector>

namespace dockerlint::cli {
namespace {

std::string with_commas(std::string_view aliases) {
  std::string out;
  for (const char c : aliases) out += c == ' ' ? ", " : std::string_view(&c, 1);
  return out;
}

std::string_view word(FixKind kind) {
  switch (kind) {
    case FixKind::always: return "always";
    case FixKind::sometimes: return "sometimes";
    case FixKind::none: break;
  }
  return "none";
}

std::string rules_as_text() {
  std::size_t name_width = 0;
  for (const Rule* rule : all_rules()) name_width = std::max(name_width, rule->name.size());
  std::string out;
  for (const Rule* rule : all_rules()) {
    const std::string_view fix = rule->fix == FixKind::none     ? ""
                                 : rule->fix == FixKind::always ? "fixes all"
                                                                : "fixes some";
    fmt::format_to(std::back_inserter(out), "{:<{}}  {:<7}  {:<10}  {}", rule->name, name_width,
                   to_string(rule->severity), fix, rule->summary);
    if (!rule->aliases.empty()) fmt::format_to(std::back_inserter(out), " ({})", with_commas(rule->aliases));
    out += '\n';
  }
  return out;
}

std::string_view type_of(const RuleOption& option) {
  if (std::holds_alternative<bool>(option.fallback)) return "boolean";
  if (std::holds_alternative<std::int64_t>(option.fallback)) return "integer";
  return std::holds_alternative<OptionWords>(option.fallback) ? "list of strings" : "string";
}

void append_words(std::string& out, std::span<const std::string_view> words) {
  out += '[';
  for (const std::string_view& word : words) {
    if (&word != words.data()) out += ", ";
    append_json(out, word);
  }
  out += ']';
}

void append_options(std::string& out, const Rule& rule) {
  out += '[';
  for (const RuleOption* const option : rule.options) {
    out += option == rule.options.front() ? "\n      { \"name\": " : ",\n      { \"name\": ";
    append_json(out, option->name);
    fmt::format_to(std::back_inserter(out), ", \"type\": \"{}\", \"default\": {}", type_of(*option),
                   config::toml_value(option->fallback));
    if (!option->choices.empty()) {
      out += ", \"choices\": ";
      append_words(out, option->choices);
    }
    out += ", \"summary\": ";
    append_json(out, option->summary);
    out += " }";
  }
  out += ']';
}

std::string rules_as_json() {
  std::string out = "{ \"version\": 1, \"tool\": { \"name\": \"dockerlint\", \"version\": \"" DOCKERLINT_VERSION
                    "\" },\n  \"rules\": [";
  std::string_view separator = "\n";
  for (const Rule* rule : all_rules()) {
    out += separator;
    out += "    { \"name\": ";
    append_json(out, rule->name);
    std::vector<std::string_view> aliases;
    for (std::string_view rest = rule->aliases; !rest.empty();) {
      aliases.push_back(rest.substr(0, rest.find(' ')));
      rest.remove_prefix(std::min(rest.size(), aliases.back().size() + 1));
    }
    out += ", \"aliases\": ";
    append_words(out, aliases);
    out += ", \"severity\": ";
    append_json(out, to_string(rule->severity));
    out += ", \"fix\": ";
    append_json(out, word(rule->fix));
    out += ", \"since\": ";
    append_json(out, rule->since);
    out += ", \"summary\": ";
    append_json(out, rule->summary);
    out += ", \"options\": ";
    append_options(out, *rule);
    out += " }";
    separator = ",\n";
  }
  return out + "\n  ] }\n";
}

/// A Dockerfile, there or not, that stands for the folder.
std::string file_in_question(const std::string& subject) {
  struct stat status {};
  if (subject.empty()) return "Dockerfile";
  if (::stat(subject.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return subject;
  return subject.ends_with('/') ? subject + "Dockerfile" : subject + "/Dockerfile";
}

bool is_configuration(std::string_view path) {
  return path.ends_with(".toml") || path.ends_with(".yaml") || path.ends_with(".yml");
}

/// What a search would make of the file, as comments.
std::string heading(const std::string& path, const std::vector<std::string>& files, bool excluded) {
  std::string out = fmt::format("# in force for {}\n", path);
  if (files.empty()) out += "# no configuration file: the defaults\n";
  for (const std::string& file : files) out += fmt::format("# from {}\n", file);
  if (excluded) out += "# a search leaves this file out\n";
  return out + '\n';
}

std::string rule_page(const Rule& rule) {
  std::string page(page_of(rule));
  if (!page.ends_with('\n')) page += '\n';
  fmt::format_to(std::back_inserter(page), "\nSeverity: {}. Fix: {}. Since {}.", to_string(rule.severity),
                 word(rule.fix), rule.since);
  if (!rule.aliases.empty()) fmt::format_to(std::back_inserter(page), " Also known as {}.", with_commas(rule.aliases));
  return page + '\n';
}

std::string tool_pages(std::span<const Tool* const> tools) {
  std::string pages;
  for (const Tool* tool : tools)
    pages += fmt::format("{}# {}\n\n{}", pages.empty() ? "" : "\n", tool->title, tool_page(*tool));
  return pages;
}

std::string unknown_subject(std::string_view name, const Catalog& catalog) {
  if (config::is_hadolint_name(name)) return config::unknown_rule(name);
  std::string_view meant = RuleSet::nearest(name);
  if (meant.empty()) meant = near_name(name, tool_names(catalog));
  return fmt::format("unknown rule or tool '{}'{}", name,
                     meant.empty() ? " (dockerlint rules and dockerlint rules --catalog list them)"
                                   : fmt::format(": did you mean {}?", meant));
}

}  // namespace

int print(std::string_view text) {
  Output out(STDOUT_FILENO, "standard output");
  out.write(text);
  out.flush();
  if (const std::string trouble = out.trouble(); !trouble.empty()) complain(trouble);
  return out.error() == 0 ? 0 : 2;
}

int explain(const Options& options) {
  if (const Rule* rule = find_rule(options.subject)) return print(rule_page(*rule));
  const LoadedCatalog catalog(options.catalogs);
  for (const std::string& trouble : catalog.troubles()) complain(trouble);
  if (!catalog.troubles().empty()) return 2;
  const std::vector<const Tool*> tools = tools_named(catalog.get(), options.subject);
  if (!tools.empty()) return print(tool_pages(tools));
  complain(unknown_subject(options.subject, catalog.get()));
  return 2;
}

int list_rules(const Options& options) {
  if (!options.catalog) return print(options.json ? rules_as_json() : rules_as_text());
  const Catalog& catalog = Catalog::builtin();
  return print(options.json ? catalog_as_json(catalog) : catalog_as_text(catalog));
}

int configuration(const Options& options) {
  if (options.show == Options::Show::schema) return print(config::json_schema());
  const bool check = options.show == Options::Show::check;
  ConfigOptions wanted = options.configuration;
  if (check && is_configuration(options.subject)) wanted.file = options.subject;
  Configurations configurations(wanted, Catalog::builtin(), {});
  const std::string path = file_in_question(options.subject);
  configurations.settings_of(path);  // looks for all that is named
  const std::vector<std::string> files = configurations.files_of(path);
  for (const std::string& note : configurations.notes()) complain(note);
  for (const std::string& trouble : configurations.troubles()) complain(trouble);
  if (!configurations.troubles().empty()) return 2;
  if (!check)
    return print(heading(path, files, configurations.excludes(path)) + config::shown(configurations.resolved_of(path)));
  std::string out = files.empty() ? "no configuration file\n" : "";
  for (const std::string& file : files) out += file + ": good\n";
  return print(out);
}

int dump(const Options& options) {
  if (options.dump == Options::Dump::project) {
    Discovery discovery = discover(options.files);
    for (const std::string& trouble : discovery.troubles) complain(trouble);
    const int status = print(dump_project(find_project(discovery)));
    return discovery.troubles.empty() ? status : 2;
  }
  const bool standard_input = options.subject == "-";
  FileContent content = standard_input ? read_stdin() : read_file(options.subject);
  if (!content.trouble.empty()) {
    complain(fmt::format("cannot read {}: {}", options.subject, content.trouble));
    return 2;
  }
  const Document document = Document::parse(standard_input ? "<stdin>" : options.subject, std::move(content.bytes));
  switch (options.dump) {
    case Options::Dump::tokens: return print(dump_tokens(document));
    case Options::Dump::shell: return print(dump_shell(document));
    case Options::Dump::commands: return print(dump_commands(Model(document)));
    case Options::Dump::model: return print(dump_model(Model(document)));
    case Options::Dump::effects: return print(dump_effects(Model(document), Catalog::builtin()));
    case Options::Dump::project:
    case Options::Dump::tree: break;
  }
  return print(dump_tree(document));
}

}  // namespace dockerlint::cli
