// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/text.hpp"
#include "text/utf8.hpp"

#include <atomic>
#include <cstring>
#include <iterator>

namespace dockerlint {
namespace {

constexpr TextSize kLongLine = 4096;

/// All files made so far: tells one from another that was at its address before.
constinit std::atomic<std::uint64_t> files_made = 0;

/// Columns here and there in the long lines of the file that was asked last: no column is counted from afar, and a file
/// without such lines pays nothing.
class LongLines {
 public:
  struct Known {
    TextSize at;
    std::uint32_t column;
  };

  /// The last place that is known up to `offset`, which is in the line that begins at `line`.
  Known before(const SourceText& file, TextSize line, TextSize offset) {
    if (file_ != &file || made_ != files_made) read(file);
    const auto after = std::upper_bound(known_.begin(), known_.end(), offset,
                                        [](TextSize value, const Known& known) { return value < known.at; });
    return after == known_.begin() || std::prev(after)->at < line ? Known{line, 1} : *std::prev(after);
  }

 private:
  void read(const SourceText& file) {
    file_ = &file;
    made_ = files_made;
    known_.clear();
    for (std::uint32_t number = 1; number <= file.line_count(); ++number) {
      const TextRange line = file.line_range(number);
      Known now{line.begin, 1};
      if (line.size() < kLongLine) continue;
      for (TextSize last = now.at; now.at < line.end; ++now.column) {
        if (now.at - last >= kLongLine) {
          known_.push_back(now);
          last = now.at;
        }
        now.at += static_cast<TextSize>(decode(file.slice({now.at, line.end})).length);
      }
    }
  }

  const SourceText* file_ = nullptr;
  std::uint64_t made_ = 0;
  std::vector<Known> known_;
};

}  // namespace

SourceText::SourceText(std::string path, std::string bytes) : path_(std::move(path)), bytes_(std::move(bytes)) {
  ++files_made;
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
  LineColumn at{line_of(offset), 1};
  TextSize from = line_starts_[at.line - 1];
  if (offset - from >= kLongLine) {
    static thread_local LongLines long_lines;
    const auto [known, column] = long_lines.before(*this, from, offset);
    from = known;
    at.column = column;
  }
  std::string_view before = slice({from, offset});
  for (; !before.empty(); ++at.column) before.remove_prefix(decode(before).length);
  return at;
}

}  // namespace dockerlint
