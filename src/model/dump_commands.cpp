// SPDX-License-Identifier: Apache-2.0
#include "model/dump_commands.hpp"

#include "dockerlint/commands.hpp"
#include "model/commands.hpp"
#include "text/shown.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

namespace dockerlint {
namespace {

/// As it is where no one could misread it, else in quotes.
std::string plain(std::string_view text) {
  constexpr std::string_view kMarks = "?{}|<>… \"";
  const bool is_plain =
      !text.empty() && text.find_first_of(kMarks) == text.npos && quoted(text).size() == text.size() + 2;
  return is_plain ? std::string(text) : quoted(text);
}

std::string shown_values(std::span<const std::string_view> values) {
  if (values.empty()) return "?";
  if (values.size() == 1) return plain(values.front());
  std::string out = "{";
  for (const std::string_view value : values) {
    if (out.size() > 1) out += '|';
    out += plain(value);
  }
  return out + "}";
}

std::string shown_word(const CommandWord& word) {
  const std::string values = shown_values(word.values());
  return word.pattern ? fmt::format("<{}>", values) : values;
}

class CommandPrinter {
 public:
  explicit CommandPrinter(const Model& model) : source_(model.document().source()) {}

  void run(const RunStep& run) {
    const LineColumn at = source_.line_column(run.instruction->range.begin);
    fmt::format_to(std::back_inserter(out), "RUN {}:{}\n", at.line, at.column);
    for (const RunCommand& command : run.commands) this->command(command);
  }

  std::string out;

 private:
  void command(const RunCommand& command) {
    const LineColumn at = source_.line_column(command.words.front().range().begin);
    fmt::format_to(std::back_inserter(out), "  {}:{}", at.line, at.column);
    for (const CommandWord& word : command.words) out += ' ' + shown_word(word);
    if (command.more_words) out += " …";
    out += '\n';
    const State& before = command.run->before;
    if (command.around != nullptr) note("inside", std::string(command.around->program()));
    if (!command.wrappers.empty()) {
      std::string names;
      for (const std::string_view name : command.wrappers) (names += names.empty() ? "" : ", ") += name;
      note("through", names);
    }
    if (command.workdir != before.workdir) note("in", shown_value(command.workdir));
    if (command.user->name != before.user.name) note("as", shown_value(command.user->name));
    visit_variables(command, this, [](void* self, std::string_view name, auto values, bool is_set) {
      static_cast<CommandPrinter*>(self)->variable(name, values, is_set);
    });
    for (auto variable = variables_.rbegin(); variable != variables_.rend(); ++variable) note("with", *variable);
    variables_.clear();
    if (command.conditional) note("may not run", "");
    if (command.failure_ignored) note("failure ignored", "");
  }

  void variable(std::string_view name, std::span<const std::string_view> values, bool is_set) {
    if (name.empty()) variables_.emplace_back(is_set ? "others unknown" : "nothing else");
    else variables_.push_back(is_set ? fmt::format("{}={}", name, shown_values(values)) : fmt::format("no {}", name));
  }

  static std::string shown_value(const Value& value) { return value ? plain(*value) : "?"; }

  void note(std::string_view what, const std::string& value) {
    fmt::format_to(std::back_inserter(out), "    {}{}{}\n", what, value.empty() ? "" : " ", value);
  }

  const SourceText& source_;
  std::vector<std::string> variables_;
};

}  // namespace

std::string dump_commands(const Model& model) {
  CommandPrinter printer(model);
  for (const Stage& stage : model.stages())
    for (const RunStep& run : stage.runs) printer.run(run);
  return std::move(printer.out);
}

}  // namespace dockerlint
