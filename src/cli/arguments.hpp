// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one command takes: declared once, parsed, and described for the help, the manual and the completions. CLI11 is
// known to arguments.cpp alone.

#include "cli/options.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace CLI {
class App;
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
  void group(const char* heading) { group_ = heading; }

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
  enum class Kind : std::uint8_t { flag, flag_or_text, text, list, positional };
  struct Declared {
    Kind kind;
    const char* name;
    const char* type;  // null: it takes no value
    std::variant<bool*, std::string*, std::vector<std::string>*> value;
    const char* about;
    const char* group;  // null: the only one

    /// Whether the argument is this option, with or without a value.
    bool is(std::string_view argument) const;
  };

  bool needs_all(std::span<const char* const> arguments) const;
  void tell_parser(const Declared& declared);

  std::unique_ptr<CLI::App> app_;
  std::vector<Declared> declared_;
  const char* group_ = nullptr;
};

}  // namespace dockerlint::cli
