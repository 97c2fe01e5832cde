// SPDX-License-Identifier: Apache-2.0
#include "shell/dump.hpp"

#include "shell/run_script.hpp"
#include "text/shown.hpp"

#include <fmt/core.h>

#include <iterator>

namespace dockerlint::shell {
namespace {

class ScriptPrinter {
 public:
  explicit ScriptPrinter(const SourceText& source) : source_(source) {}

  void run(const Instruction& in, const RunScript& run) {
    const Script& script = run.script;
    if (run.interpreter == Interpreter::other) {
      line(0, "RUN {} another interpreter", place(in.range));
    } else if (!script.understood) {
      line(0, "RUN {} not understood", place(in.range));
      line(1, "{} {}", place(script.error), script.reason);
    } else {
      line(0, "RUN {} {}", place(in.range), run.text.empty() ? "words" : shell::to_string(script.dialect));
      list(*script.root, 1);
    }
  }

  std::string out;

 private:
  void list(const List& list, int indent) {
    for (const Pipeline& pipeline : list.pipelines) {
      std::string prefix;
      if (pipeline.joiner != Joiner::first) prefix += fmt::format("{} ", shell::to_string(pipeline.joiner));
      if (pipeline.background) prefix += "background ";
      if (pipeline.timed) prefix += "time ";
      if (pipeline.negated) prefix += "! ";
      if (pipeline.commands.empty()) line(indent, "{}", prefix);
      for (std::size_t i = 0; i < pipeline.commands.size(); ++i) {
        if (i > 0) prefix = fmt::format("{} ", shell::to_string(pipeline.joiners[i - 1]));
        command(pipeline.commands[i], prefix, indent);
      }
    }
  }

  void command(const Command& command, std::string_view prefix, int indent) {
    if (command.simple != nullptr) {
      line(indent, "{}command {}", prefix, place(command.simple->range));
      for (const Assignment& assignment : command.simple->assignments) this->assignment(assignment, indent + 1);
      for (const Word& word : command.simple->words) this->word("", word, indent + 1);
      redirects(command.simple->redirects, indent + 1);
    } else if (command.compound != nullptr) {
      compound(*command.compound, prefix, indent);
    }
  }

  void compound(const CompoundCommand& command, std::string_view prefix, int indent) {
    line(indent, "{}{} {}{}{}", prefix, shell::to_string(command.kind), place(command.range),
         command.name.empty() ? "" : " ", command.name);
    for (const Word& word : command.words) this->word("", word, indent + 1);
    const bool labelled = command.blocks.size() > 1;
    for (const Block& block : command.blocks) {
      for (const Word& pattern : block.patterns) word("pattern ", pattern, indent + 1);
      if (labelled) line(indent + 1, "{}", block.role == BlockRole::condition ? "condition" : "body");
      list(*block.list, indent + (labelled ? 2 : 1));
    }
    redirects(command.redirects, indent + 1);
  }

  void assignment(const Assignment& assignment, int indent) {
    line(indent, "assign {} {} {}", place(assignment.range), assignment.name, quoted(assignment.text));
    for (const List* inner : assignment.substitutions) substitution(*inner, indent + 1);
  }

  void word(std::string_view label, const Word& word, int indent) {
    std::string value;
    if (!word.literal) value = " expands";
    else if (word.value != word.text) value = fmt::format(" = {}", quoted(word.value));
    line(indent, "{}{} {}{}{}", label, place(word.range), quoted(word.text), value, word.pattern ? " pattern" : "");
    for (const List* inner : word.substitutions) substitution(*inner, indent + 1);
  }

  void redirects(std::span<const Redirect> redirects, int indent) {
    for (const Redirect& redirect : redirects) {
      const std::string label = fmt::format("{}{} ", redirect.descriptor, shell::to_string(redirect.op));
      word(label, redirect.target, indent);
      if (redirect.body != nullptr) word("body ", *redirect.body, indent + 1);
    }
  }

  void substitution(const List& list, int indent) {
    line(indent, "substitution");
    this->list(list, indent + 1);
  }

  template <typename... Args>
  void line(int indent, fmt::format_string<Args...> format, Args&&... args) {
    out.append(static_cast<std::size_t>(indent) * 2, ' ');
    fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
    out += '\n';
  }

  std::string place(TextRange range) const { return dockerlint::place(source_, range); }

  const SourceText& source_;
};

}  // namespace
}  // namespace dockerlint::shell

namespace dockerlint {

std::string dump_shell(const Document& document) {
  shell::ScriptPrinter printer(document.source());
  const std::vector<shell::Interpreter> shells = shell::shells_of(document);
  for (std::size_t i = 0; i < shells.size(); ++i) {
    const Instruction& in = document.instructions()[i];
    const Instruction& inner = in.nested != nullptr ? *in.nested : in;
    if (inner.kind != InstructionKind::run || inner.form == Form::none) continue;
    Arena arena;
    printer.run(in, shell::parse_run(document, in, shells[i], arena));
  }
  return std::move(printer.out);
}

}  // namespace dockerlint
