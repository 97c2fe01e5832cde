// SPDX-License-Identifier: Apache-2.0
#include "syntax/dump.hpp"

#include "text/shown.hpp"

#include <fmt/core.h>

#include <array>
#include <iterator>

namespace dockerlint {
namespace {

// In the order of Form.
constexpr std::array<std::string_view, 7> kForms{"", "words", "text", "json", "pairs", "legacy", "nested"};

class TreePrinter {
 public:
  explicit TreePrinter(const Document& document) : source_(document.source()) {}

  void instruction(const Instruction& in, int indent) {
    line(indent, "{} {}-{} {}{}{}{}", in.kind == InstructionKind::unknown ? "?" : to_string(in.kind), in.first_line,
         in.last_line, place(in.range), in.form == Form::none ? "" : " ", kForms[static_cast<std::size_t>(in.form)],
         in.broken ? " broken" : "");
    if (in.empty_continuation) line(indent + 1, "empty continuation");
    for (const Flag& flag : in.flags) {
      if (flag.has_value) line(indent + 1, "flag {} {} = {}", place(flag.range), flag.name, quoted(flag.value.text()));
      else line(indent + 1, "flag {} {}", place(flag.range), flag.name);
    }
    for (const Argument& argument : in.arguments)
      line(indent + 1, "{} {}", place(argument.range), quoted(argument.text));
    for (const Assignment& a : in.assignments) {
      if (a.has_value) line(indent + 1, "{} {} = {}", place(a.range), quoted(a.name.text), quoted(a.value.text));
      else line(indent + 1, "{} {}", place(a.range), quoted(a.name.text));
    }
    for (const Heredoc& h : in.heredocs)
      line(indent + 1, "heredoc {} {}{}{}{} {}", place(h.marker), quoted(h.name), h.expands ? "" : " literal",
           h.strips_tabs ? " strips tabs" : "", h.terminated ? "" : " unterminated", quoted(source_.slice(h.body)));
    if (in.nested != nullptr) instruction(*in.nested, indent + 1);
  }

  template <typename... Args>
  void line(int indent, fmt::format_string<Args...> format, Args&&... args) {
    out.append(static_cast<std::size_t>(indent) * 2, ' ');
    fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
    out += '\n';
  }

  std::string place(TextRange range) const { return dockerlint::place(source_, range); }

  std::string out;

 private:
  const SourceText& source_;
};

}  // namespace

std::string dump_tokens(const Document& document) {
  std::string out;
  for (const Token& token : document.tokens()) {
    const LineColumn at = document.source().line_column(token.range.begin);
    fmt::format_to(std::back_inserter(out), "{}:{} {} {}\n", at.line, at.column, to_string(token.kind),
                   quoted(document.source().slice(token.range)));
  }
  return out;
}

std::string dump_tree(const Document& document) {
  TreePrinter printer(document);
  if (document.escape() != '\\') printer.line(0, "escape {}", document.escape());
  for (const Directive& d : document.directives())
    printer.line(0, "directive {} {} = {}", printer.place(d.range), d.name, quoted(d.value.text));
  for (const Instruction& in : document.instructions()) printer.instruction(in, 0);
  for (const SyntaxError& error : document.errors())
    printer.line(0, "error {} {}", printer.place(error.range), error.message);
  return std::move(printer.out);
}

}  // namespace dockerlint
