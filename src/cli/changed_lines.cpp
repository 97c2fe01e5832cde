// SPDX-License-Identifier: Apache-2.0
#include "cli/changed_lines.hpp"

#include "text/diff.hpp"

#include <algorithm>

namespace dockerlint::cli {
namespace {

bool at(const std::vector<bool>& lines, std::size_t line) { return line < lines.size() && lines[line]; }

LineDifference nothing(std::size_t lines) {
  return {std::vector<bool>(lines + 2, false), std::vector<bool>(lines + 2, false)};
}

}  // namespace

LineDifference carried(const LineDifference& before, std::string_view text, std::string_view now) {
  const std::size_t lines = lines_of(now).size();
  LineDifference result = nothing(lines);
  std::size_t old_line = 1, line = 1;
  const auto keep_until = [&](std::size_t end) {
    for (; line < end; ++line, ++old_line) {
      result.is_new[line] = at(before.is_new, old_line);
      result.gone_behind[line] = at(before.gone_behind, old_line);
    }
  };
  for (const LineChange& change : line_changes(text, now)) {
    keep_until(change.after + 1);
    if (change.added == 0) result.gone_behind[change.after] = true;
    for (std::size_t i = 0; i < change.added; ++i) result.is_new[line++] = true;
    old_line += change.removed;
  }
  keep_until(lines + 1);
  return result;
}

LineDifference difference(std::string_view was, std::string_view is) { return carried({}, was, is); }

LineDifference of_embedded(const LineDifference& of_file, const SourceText& file, const InlineDockerfile& text) {
  const SourceText lines(text.where.path, text.text);
  LineDifference result = nothing(lines.line_count());
  const LogicalText logical = text.logical();
  for (std::uint32_t line = 1; line <= lines.line_count(); ++line) {
    const TextSize begin = lines.line_start(line);
    const TextSize end = line < lines.line_count() ? lines.line_start(line + 1) : lines.size();
    if (begin == end) continue;
    const TextRange range = text.pieces.empty() ? text.where.range : logical.in_source(begin, end);
    const std::uint32_t first = file.line_of(range.begin);
    const std::uint32_t last = range.empty() ? first : file.line_of(range.end - 1);
    for (std::uint32_t in_file = first; in_file <= last; ++in_file)
      if (at(of_file.is_new, in_file)) result.is_new[line] = true;
    result.gone_behind[line] = at(of_file.gone_behind, last);
  }
  return result;
}

ChangedLines::ChangedLines(const Document& document, const LineDifference& difference)
    : source_(document.source()), before_(source_.line_count() + 2, 0) {
  for (std::size_t line = 1; line < difference.is_new.size(); ++line)
    if (difference.is_new[line]) mark(line);
  for (const Instruction& in : document.instructions()) {
    for (std::size_t line = in.first_line; line < in.last_line; ++line) {
      if (!at(difference.gone_behind, line)) continue;
      mark(line);
      mark(line + 1);
    }
  }
  for (std::size_t i = 1; i < before_.size(); ++i) before_[i] += before_[i - 1];
}

bool ChangedLines::touch(TextRange range) const {
  const std::uint32_t first = source_.line_of(range.begin);
  const std::uint32_t last = range.empty() ? first : source_.line_of(range.end - 1);
  return before_[last] > before_[first - 1];
}

void ChangedLines::mark(std::size_t line) {
  if (line < before_.size()) before_[line] = 1;
}

}  // namespace dockerlint::cli
