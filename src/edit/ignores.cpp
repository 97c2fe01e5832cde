// SPDX-License-Identifier: Apache-2.0
// Edits in comments that ask to be silent.
#include "dockerlint/edit.hpp"

#include <string>

namespace dockerlint::edit {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The line of a comment, with its line end.
TextRange line_of(const SourceText& source, TextRange comment) {
  const std::uint32_t line = source.line_of(comment.begin);
  TextSize begin = source.line_start(line);
  if (begin == 0 && source.bytes().starts_with(kByteOrderMark)) begin = static_cast<TextSize>(kByteOrderMark.size());
  return {begin, line < source.line_count() ? source.line_start(line + 1) : source.size()};
}

/// Whether without the line a comment would be read by BuildKit that is not now.
bool opens_directives(const Document& document, TextRange line) {
  constexpr std::uint32_t kLastLine = 16;  // there are three directives, and the first line that is none ends them
  const SourceText& source = document.source();
  if (source.line_of(line.begin) > kLastLine) return false;
  const auto instructions = document.instructions();
  const TextSize head = instructions.empty() ? source.size() : source.line_start(instructions.front().first_line);
  if (line.end > head) return false;
  std::string rest(source.bytes().substr(0, head));
  rest.erase(line.begin, line.size());
  const Document without = Document::parse({}, std::move(rest));
  return without.directives().size() != document.directives().size() || without.escape() != document.escape();
}

}  // namespace

std::vector<TextEdit> remove_ignored(const Document& document, const IgnoreComment& comment,
                                     std::span<const IgnoredName* const> names) {
  if (names.size() == comment.names.size()) {
    const TextRange line = line_of(document.source(), comment.range);
    if (opens_directives(document, line)) return {};
    if (document.instructions().empty()) return {};  // the comment is all that there is
    return {{line, ""}};
  }
  std::vector<TextEdit> edits;
  bool kept_before = false;
  auto next = names.begin();  // both are in the order of the comment
  for (std::size_t i = 0; i < comment.names.size(); ++i) {
    const IgnoredName& name = comment.names[i];
    if (next == names.end() || *next != &name) {
      kept_before = true;
      continue;
    }
    ++next;
    TextRange range = name.range;
    if (kept_before) range.begin = comment.names[i - 1].range.end;
    else range.end = comment.names[i + 1].range.begin;  // a name is kept, and not before: it comes
    if (!edits.empty() && edits.back().range.end == range.begin) edits.back().range.end = range.end;
    else edits.push_back({range, ""});
  }
  return edits;
}

}  // namespace dockerlint::edit
