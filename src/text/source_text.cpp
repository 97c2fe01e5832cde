// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/text.hpp"
#include "text/long_lines.hpp"

#include <cstring>

namespace dockerlint {

SourceText::SourceText(std::string path, std::string bytes) : path_(std::move(path)), bytes_(std::move(bytes)) {
  LongLines::file_made();
  line_starts_.reserve(bytes_.size() / 32 + 1);
  line_starts_.push_back(0);
  const char* const begin = bytes_.data();
  const char* const end = begin + bytes_.size();
  for (const char* at = begin; at < end;) {
    at = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    if (at == nullptr || ++at == end) break;
    line_starts_.push_back(static_cast<TextSize>(at - begin));
  }
}

std::uint32_t SourceText::line_of(TextSize offset) const {
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  return static_cast<std::uint32_t>(after - line_starts_.begin());
}

TextRange SourceText::line_range(std::uint32_t number) const {
  const TextSize begin = line_starts_[number - 1];
  TextSize end = number < line_count() ? line_starts_[number] : size();
  if (end > begin && bytes_[end - 1] == '\n') {
    --end;
    if (end > begin && bytes_[end - 1] == '\r') --end;
  }
  return {begin, end};
}

LineColumn SourceText::line_column(TextSize offset) const {
  static thread_local LongLines code_points([](TextSize, std::size_t, const CodePoint&) -> std::size_t { return 1; });
  return {line_of(offset), 1 + static_cast<std::uint32_t>(code_points.before(*this, offset))};
}

}  // namespace dockerlint
