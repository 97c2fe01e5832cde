// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/edit.hpp"
#include "text/utf8.hpp"

namespace dockerlint::edit {

std::vector<TextEdit> declare_argument(const Document& document, const Instruction& before, std::string_view name) {
  const SourceText& source = document.source();
  std::uint32_t line = before.first_line;
  while (line > 1 && trim(source.line(line - 1)).starts_with('#')) --line;
  const TextSize at = source.line_start(line);
  const TextRange first = source.line_range(before.first_line);
  const bool crlf = first.end < source.size() && source.bytes()[first.end] == '\r';
  // In the case of the keyword that it stands before.
  const bool small = !before.keyword.text.empty() && before.keyword.text.front() >= 'a';
  return {{TextRange::at(at), std::string(small ? "arg " : "ARG ") + std::string(name) + (crlf ? "\r\n" : "\n")}};
}

std::vector<TextEdit> remove_assignment(const Document& document, const Instruction& in, const Assignment& assignment) {
  const SourceText& source = document.source();
  const auto index = static_cast<std::size_t>(&assignment - in.assignments.data());
  TextRange range;
  if (in.assignments.size() == 1) {
    const std::uint32_t last = source.line_of(in.range.end);
    range = {source.line_start(source.line_of(in.range.begin)),
             last < source.line_count() ? source.line_start(last + 1) : source.size()};
  } else if (index == 0) {
    range = {assignment.range.begin, in.assignments[1].range.begin};
  } else {
    range = {in.assignments[index - 1].range.end, assignment.range.end};
  }
  if (document.has_comment(range)) return {};
  return {{range, ""}};
}

}  // namespace dockerlint::edit
