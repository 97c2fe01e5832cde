// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/edit.hpp"
#include "text/utf8.hpp"

namespace dockerlint::edit {

std::vector<TextEdit> add_instruction(const Document& document, const Instruction& before, std::string_view keyword,
                                      std::string_view rest) {
  const SourceText& source = document.source();
  std::uint32_t line = before.first_line;
  while (line > 1 && trim(source.line(line - 1)).starts_with('#')) --line;
  const TextSize at = source.line_start(line);
  const TextRange first = source.line_range(before.first_line);
  const bool crlf = first.end < source.size() && source.bytes()[first.end] == '\r';
  std::string text(keyword);
  // In the case of the keyword that it stands before.
  if (!before.keyword.text.empty() && before.keyword.text.front() >= 'a')
    for (char& c : text)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  text.append(" ").append(rest).append(crlf ? "\r\n" : "\n");
  return {{TextRange::at(at), std::move(text)}};
}

std::vector<TextEdit> declare_argument(const Document& document, const Instruction& before, std::string_view name) {
  return add_instruction(document, before, "ARG", name);
}

std::vector<TextEdit> remove_instruction(const Document& document, const Instruction& instruction) {
  const SourceText& source = document.source();
  const std::uint32_t next = instruction.last_line + 1;
  const TextSize end = next <= source.line_count() ? source.line_start(next) : source.size();
  return {{{source.line_start(instruction.first_line), end}, ""}};
}

}  // namespace dockerlint::edit
