// SPDX-License-Identifier: Apache-2.0
#include "report/place.hpp"

#include "report/visible.hpp"
#include "text/utf8.hpp"

namespace dockerlint {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::uint32_t width(std::string_view text, Columns columns) {
  if (columns == Columns::bytes) return static_cast<std::uint32_t>(text.size());
  std::size_t sum = 0;
  while (!text.empty()) {
    const CodePoint c = decode(text);
    if (columns == Columns::utf16) sum += c.value >= 0x10000 ? 2 : 1;
    else if (c.value == '\t') sum += 8 - sum % 8;
    else sum += c.valid ? display_width(c.value) : 1;
    text.remove_prefix(c.length);
  }
  return static_cast<std::uint32_t>(sum);
}

}  // namespace

LineColumn place_of(const SourceText& source, TextSize offset, Columns columns) {
  const std::uint32_t line = source.line_of(offset);
  if (offset == source.size() && source.bytes().ends_with('\n')) return {line + 1, 1};
  std::string_view before = source.slice({source.line_start(line), offset});
  if (columns != Columns::bytes && line == 1 && before.starts_with(kByteOrderMark))
    before.remove_prefix(kByteOrderMark.size());
  return {line, 1 + width(before, columns)};
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
