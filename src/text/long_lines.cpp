// SPDX-License-Identifier: Apache-2.0
#include "text/long_lines.hpp"

#include <atomic>
#include <iterator>

namespace dockerlint {
namespace {

constexpr TextSize kLongLine = 4096;

constinit std::atomic<std::uint64_t> files_made = 0;

}  // namespace

void LongLines::file_made() { ++files_made; }

std::size_t LongLines::before(const SourceText& source, TextSize offset) {
  Known now{source.line_start(source.line_of(offset)), 0};
  if (offset - now.at >= kLongLine) {
    if (source_ != &source || files_ != files_made) read(source);
    const auto after = std::upper_bound(known_.begin(), known_.end(), offset,
                                        [](TextSize value, const Known& known) { return value < known.at; });
    if (after != known_.begin() && std::prev(after)->at > now.at) now = *std::prev(after);
  }
  while (now.at < offset) step(source, offset, now);
  return now.columns;
}

void LongLines::read(const SourceText& source) {
  source_ = &source;
  files_ = files_made;
  known_.clear();
  for (std::uint32_t number = 1; number <= source.line_count(); ++number) {
    const TextRange line = source.line_range(number);
    if (line.size() < kLongLine) continue;
    Known now{line.begin, 0};
    for (TextSize last = now.at; now.at < line.end; step(source, line.end, now)) {
      if (now.at - last < kLongLine) continue;
      known_.push_back(now);
      last = now.at;
    }
  }
}

void LongLines::step(const SourceText& source, TextSize end, Known& now) const {
  const CodePoint c = decode(source.slice({now.at, end}));
  now.columns += width_(now.at, now.columns, c);
  now.at += static_cast<TextSize>(c.length);
}

}  // namespace dockerlint
