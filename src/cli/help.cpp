// SPDX-License-Identifier: Apache-2.0
#include "cli/usage.hpp"
#include "report/visible.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace dockerlint::cli {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kLongestName = 23;  // what is longer gets a line of its own

/// What somebody who asks for help looks for first, in this order. One screen of 24 lines holds them and the commands.
constexpr std::string_view kFirst[] = {"--fix",     "--unsafe-fixes", "--diff",     "--select", "--ignore",
                                       "--fail-on", "--format",       "--help-all", "--version"};

/// `text` behind `name`, broken between words; what follows the first line begins under it.
std::string row(std::string_view name, std::string_view text, std::size_t name_width) {
  const std::size_t indent = 2 + name_width + 2;
  std::string out = fmt::format("  {}", name);
  std::size_t at = width_of(out);
  if (at + 2 > indent) {
    out += '\n';
    at = 0;
  }
  out.append(indent - at, ' ');
  at = indent;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    const std::size_t width = width_of(word);
    if (at > indent && at + 1 + width > kWidth) {
      out += '\n' + std::string(indent, ' ');
      at = indent;
    }
    if (at > indent) {
      out += ' ';
      ++at;
    }
    out += word;
    at += width;
  }
  return out + '\n';
}

/// Names and what they are, in two columns.
class Table {
 public:
  /// A row without a text is a heading.
  void heading(std::string_view text) { rows_.push_back({fmt::format("\n{}:\n", text), {}}); }
  void add(std::string name, std::string_view about) {
    if (about.ends_with('.')) about.remove_suffix(1);
    if (const std::size_t width = width_of(name); width <= kLongestName) name_width_ = std::max(name_width_, width);
    rows_.push_back({std::move(name), about});
  }
  void add(const OptionUsage& option) { add(shown_name(option), option.about); }
  void add_commands(const CommandLine& all, bool whole) {
    heading("Commands");
    for (const CommandUsage& command : all)
      if (!command.name.empty() && (whole || command.everyday)) add(command.name, command.about);
  }

  std::string text() const {
    std::string out;
    for (const auto& [name, about] : rows_) out += about.empty() ? name : row(name, about, name_width_);
    return out;
  }

 private:
  std::vector<std::pair<std::string, std::string_view>> rows_;
  std::size_t name_width_ = 0;
};

std::string heading(const CommandUsage& command) {
  std::string out = command.about + "\n\nUsage: ";
  for (const std::string& form : command.forms) out += (&form == command.forms.data() ? "" : "       ") + form + '\n';
  return out;
}

void add_options_by_group(const CommandUsage& command, Table& table) {
  std::vector<std::string_view> groups;  // in the order in which they were first used
  for (const OptionUsage& option : command.options)
    if (std::find(groups.begin(), groups.end(), option.group) == groups.end()) groups.emplace_back(option.group);
  for (const std::string_view group : groups) {
    table.heading(group);
    for (const OptionUsage& option : command.options)
      if (option.group == group) table.add(option);
  }
}

std::string one_screen(const CommandUsage& lint, const CommandLine& all) {
  Table table;
  for (const std::string_view name : kFirst)
    for (const OptionUsage& option : lint.options)
      if (std::find(option.names.begin(), option.names.end(), name) != option.names.end()) table.add(option);
  table.add_commands(all, false);
  return heading(lint) + "       dockerlint COMMAND [--help] …\n\n" + table.text();
}

}  // namespace

std::string shown_name(const OptionUsage& option) {
  std::string out;
  for (const std::string& name : option.names) out += (out.empty() ? "" : ", ") + name;
  if (option.takes == OptionUsage::Takes::nothing) return out;
  return out.empty() ? option.value : out + ' ' + option.value;
}

std::string help_text(const CommandUsage& command, const CommandLine& all, bool whole) {
  const bool lint = command.name.empty();
  if (lint && !whole) return one_screen(command, all);
  Table table;
  add_options_by_group(command, table);
  if (lint) table.add_commands(all, true);
  std::string out = heading(command) + table.text();
  return command.more.empty() ? out : fmt::format("{}\n{}\n", out, command.more);
}

}  // namespace dockerlint::cli
