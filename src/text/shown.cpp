// SPDX-License-Identifier: Apache-2.0
#include "text/shown.hpp"

#include "text/utf8.hpp"

#include <fmt/core.h>

namespace dockerlint {

std::string shown(std::string_view text) {
  constexpr int kMost = 60;  // code points
  std::string out;
  for (int count = 0; !text.empty(); ++count) {
    if (count == kMost) return out + "…";
    const CodePoint c = decode(text);
    if (c.value == '\n' || c.value == '\r') out += ' ';
    else out += text.substr(0, c.length);
    text.remove_prefix(c.length);
  }
  return out;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const CodePoint c = decode(text);
    const auto byte = static_cast<unsigned char>(text.front());
    if (c.value == '\n') out += "\\n";
    else if (c.value == '\t') out += "\\t";
    else if (c.value == '\r') out += "\\r";
    else if (c.value == '"' || c.value == '\\') (out += '\\') += text.front();
    else if (!c.valid || byte < 0x20 || byte == 0x7F) out += fmt::format("\\x{:02x}", byte);
    else out += text.substr(0, c.length);
    text.remove_prefix(c.length);
  }
  return out += '"';
}

std::string place(const SourceText& source, TextRange range) {
  const LineColumn from = source.line_column(range.begin);
  const LineColumn to = source.line_column(range.end);
  if (from.line == to.line) return fmt::format("{}:{}-{}", from.line, from.column, to.column);
  return fmt::format("{}:{}-{}:{}", from.line, from.column, to.line, to.column);
}

}  // namespace dockerlint
