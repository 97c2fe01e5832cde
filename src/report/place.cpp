// SPDX-License-Identifier: Apache-2.0
#include "report/place.hpp"

#include "report/visible.hpp"
#include "text/long_lines.hpp"

namespace dockerlint {
namespace {

/// A byte order mark is none of the text.
bool is_byte_order_mark(TextSize at, const CodePoint& c) { return at == 0 && c.value == 0xFEFF; }

std::size_t utf16_width(TextSize at, std::size_t, const CodePoint& c) {
  if (is_byte_order_mark(at, c)) return 0;
  return c.value >= 0x10000 ? 2 : 1;
}

std::size_t shown_width(TextSize at, std::size_t before, const CodePoint& c) {
  if (is_byte_order_mark(at, c)) return 0;
  if (c.value == '\t') return 8 - before % 8;
  return c.valid ? display_width(c.value) : 1;
}

}  // namespace

LineColumn place_of(const SourceText& source, TextSize offset, Columns columns) {
  const std::uint32_t line = source.line_of(offset);
  if (offset == source.size() && source.bytes().ends_with('\n')) return {line + 1, 1};
  static thread_local LongLines utf16(utf16_width), shown(shown_width);
  const std::size_t before = columns == Columns::bytes   ? offset - source.line_start(line)
                             : columns == Columns::utf16 ? utf16.before(source, offset)
                                                         : shown.before(source, offset);
  return {line, 1 + static_cast<std::uint32_t>(before)};
}

Span span_of(const SourceText& source, TextRange range, Columns columns) {
  const TextSize begin = std::min(range.begin, source.line_range(source.line_of(range.begin)).end);
  TextSize end = std::max(begin, range.end);
  if (end > begin) end = std::min(end, source.line_range(source.line_of(end - 1)).end);
  const LineColumn from = place_of(source, begin, columns);
  return {from, end > begin ? place_of(source, end, columns) : from};
}

std::string tidy_path(std::string_view path, std::string_view directory) {
  std::string out;
  if (path.starts_with('/')) out += '/';
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), part.size() + 1));
    if (part.empty() || part == ".") continue;
    if (!out.empty() && out.back() != '/') out += '/';
    out += part;
  }
  if (directory.starts_with('/') && out.starts_with(directory)) out.erase(0, directory.size());
  return out;
}

}  // namespace dockerlint
