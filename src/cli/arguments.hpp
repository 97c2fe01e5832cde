// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one command takes: declared once, parsed, and described for the help, the manual and the completions. CLI11 is
// known to arguments.cpp alone.

#include "cli/options.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace dockerlint::cli {

class Arguments {
 public:
  /// `forms`: how the command is written, a line each.
  Arguments(const char* about, const char* forms);
  ~Arguments();
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  /// What stands below the options in the help.
  void footer(const char* text);
  /// The heading of what is declared from here on.
  void group(const char* heading);

  void flag(const char* name, bool& value, const char* about);
  /// `--name` or `--name=TEXT`; without a text, `value` is "true".
  void flag_or_text(const char* name, std::string& value, const char* about);
  /// Given several times, the last counts.
  void text(const char* name, const char* type, std::string& value, const char* about);
  /// Each use adds to `values`.
  void list(const char* name, const char* type, std::vector<std::string>& values, const char* about);
  /// An argument that stands alone.
  void positional(const char* type, std::string& value, const char* about);
  void positional(const char* type, std::vector<std::string>& values, const char* about);
  /// --help-all, beside --help.
  void offer_whole_help();

  /// False when the user asked for help: then `options` has the description of all that can be asked. Refuses what
  /// was not declared.
  bool parse(std::span<const char* const> arguments, Options& options);
  /// Whether it was given. After parse().
  bool has(const char* name) const;

 private:
  void put_in_group(CLI::Option* option) const;

  std::unique_ptr<CLI::App> app_;
  CLI::App* into_;  // where options are declared; CLI11 compares each with all that are there already
  const char* group_ = nullptr;
};

}  // namespace dockerlint::cli
