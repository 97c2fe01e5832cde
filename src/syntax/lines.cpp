// SPDX-License-Identifier: Apache-2.0
#include "syntax/lines.hpp"

namespace dockerlint {

Line line_at(const SourceText& source, std::uint32_t number) {
  const std::string_view bytes = source.bytes();
  TextSize begin = source.line_start(number);
  if (number == 1 && bytes.starts_with(kByteOrderMark)) begin += static_cast<TextSize>(kByteOrderMark.size());
  const TextSize end = number < source.line_count() ? source.line_start(number + 1) : source.size();
  TextSize text_end = end;
  if (text_end > begin && bytes[text_end - 1] == '\n') --text_end;
  while (text_end > begin && bytes[text_end - 1] == '\r') --text_end;
  return {{begin, text_end}, end};
}

TextSize continuation(const SourceText& source, TextRange line, char escape) {
  const std::string_view bytes = source.bytes();
  TextSize last = line.end;
  while (last > line.begin && (bytes[last - 1] == ' ' || bytes[last - 1] == '\t')) --last;
  if (last == line.begin || bytes[last - 1] != escape) return line.end;
  if (last - 1 > line.begin && bytes[last - 2] == escape) return line.end;  // `\\` is text
  return last - 1;
}

}  // namespace dockerlint
