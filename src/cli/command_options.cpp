// SPDX-License-Identifier: Apache-2.0
#include "cli/command_options.hpp"

#include "cli/arguments.hpp"
#include "cli/choices.hpp"
#include "cli/refusal.hpp"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <utility>

namespace dockerlint::cli {

void parse_explain(std::span<const char* const> arguments, Options& options) {
  Arguments app("Prints the page of a rule, or what is known of a tool.", "dockerlint explain NAME");
  app.positional("NAME", options.subject, "A rule or its alias; a tool or one of its programs");
  app.list("--catalog", "FILE", options.catalogs, "A tool of your own, or a correction of one");
  if (!app.parse(arguments, options)) return;
  if (options.subject.empty())
    throw Refusal{"explain needs the name of a rule or a tool (dockerlint rules and rules --catalog list them)"};
}

void parse_cache(std::span<const char* const> arguments, Options& options) {
  Arguments app("Shows every cache that the Dockerfiles use: who fills it, who reads it, who waits for whom.",
                "dockerlint cache [OPTIONS] [PATH…]");
  app.footer(
      "A PATH is a Dockerfile, a compose or bake file, or a folder to search (default: this one).\n"
      "VIEW is table (default), json, markdown, mermaid, dot or html.\n"
      "What --emit writes is for CI, whose builders forget their caches: a cache-map for the action\n"
      "reproducible-containers/buildkit-cache-dance, or github-actions, the steps of a job with it.\n"
      "A LOG is what docker buildx build --progress=rawjson (or plain) has written; several are built at once.");
  std::string format, emit, color;
  app.group("Arguments");
  app.positional("PATH", options.files.paths, "Dockerfiles, compose or bake files, or folders to search");
  app.group("Options");
  app.text("--format", "VIEW", format, "How the plan is shown");
  app.text("--emit", "WHAT", emit, "cache-map or github-actions, instead of the plan");
  app.list("--simulate", "LOG", options.logs, "Say what locks cost, from the log of a build");
  app.text("--output", "FILE", options.output, "Write there instead of to standard output");
  app.text("--color", "WHEN", color, "auto (default), always or never");
  app.list("--catalog", "FILE", options.catalogs, "A tool of your own, or a correction of one");
  app.text("--config", "FILE", options.configuration.file, "This configuration file");
  app.flag("--no-config", options.configuration.none, "No configuration file at all");
  if (!app.parse(arguments, options)) return;
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
  Arguments app("Lists every rule, or every tool of the catalog.", "dockerlint rules [--catalog] [--format text|json]");
  std::string format;
  app.flag("--catalog", options.catalog, "What is known of tools, instead of the rules");
  app.text("--format", "text|json", format, "text (default) or json");
  if (!app.parse(arguments, options)) return;
  if (!format.empty()) options.json = choose("format", format, kListFormats) == 1;
}

void parse_config(std::span<const char* const> arguments, Options& options) {
  Arguments app("Shows or checks the configuration in force for a file.", "dockerlint config show|check|schema [FILE]");
  std::string action;
  app.positional("ACTION", action, "show: each value, and where it comes from; check: what is wrong; schema");
  app.positional("FILE", options.subject,
                 "A Dockerfile, there or not (default: Dockerfile); check: or a configuration file");
  app.text("--config", "FILE", options.configuration.file, "This configuration file");
  app.flag("--no-config", options.configuration.none, "No configuration file at all");
  if (!app.parse(arguments, options)) return;
  if (action.empty()) throw Refusal{"config needs to know what: show, check or schema"};
  options.show = static_cast<Options::Show>(choose("action", action, kActions));
  if (!options.configuration.file.empty() && options.configuration.none)
    throw Refusal{"--config names a file, --no-config refuses all: choose one"};
}

void parse_dump(std::span<const char* const> arguments, Options& options) {
  Arguments app("Prints how a Dockerfile is understood, or what is built together.",
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
  for (Part& part : parts) app.flag(part.name, part.wanted, part.description);
  app.positional("FILE", options.files.paths, "A Dockerfile, or - for standard input; --project: files and folders");
  if (!app.parse(arguments, options)) return;
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
  Arguments app("Writes what a repository needs, after showing it.", "dockerlint init [--yes] [FOLDER]");
  app.positional("FOLDER", options.subject, "The repository (default: the one around this folder)");
  app.flag("--yes", options.yes, "Write without asking");
  app.parse(arguments, options);
}

void parse_completion(std::span<const char* const> arguments, Options& options) {
  Arguments app("Prints what makes a shell complete the command line.", "dockerlint completion bash|zsh|fish");
  std::string shell;
  app.positional("SHELL", shell, "bash, zsh or fish");
  app.footer(
      "bash: source <(dockerlint completion bash)\n"
      "zsh:  source <(dockerlint completion zsh), behind compinit\n"
      "fish: dockerlint completion fish | source\n\n"
      "An installed dockerlint has put them where the shells look by themselves.");
  if (!app.parse(arguments, options)) return;
  if (shell.empty()) throw Refusal{"completion needs to know for which shell: bash, zsh or fish"};
  options.shell = static_cast<Shell>(choose("shell", shell, kShells));
}

void parse_man(std::span<const char* const> arguments, Options& options) {
  Arguments app("Prints the manual page: dockerlint man | man -l -", "dockerlint man");
  app.parse(arguments, options);
}

}  // namespace dockerlint::cli
