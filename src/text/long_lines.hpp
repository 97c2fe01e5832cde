// SPDX-License-Identifier: Apache-2.0
#pragma once
// Columns in lines of many kilobytes: thousands of findings may stand in one, and none of their columns is counted from
// the beginning of the line.

#include "dockerlint/text.hpp"
#include "text/utf8.hpp"

#include <cstdint>
#include <vector>

namespace dockerlint {

/// Knows columns here and there in the long lines of the file that was asked about last; files without such lines cost
/// nothing. One for each way to count, and for each thread.
class LongLines {
 public:
  /// How wide the code point at `at` is, behind so many columns of its line.
  using Width = std::size_t (*)(TextSize at, std::size_t before, const CodePoint& c);

  explicit LongLines(Width width) : width_(width) {}

  /// The columns of the line in front of `offset`.
  std::size_t before(const SourceText& source, TextSize offset);

  /// A file was made, perhaps where another was that somebody knows.
  static void file_made();

 private:
  struct Known {
    TextSize at;
    std::size_t columns;
  };

  void read(const SourceText& source);
  void step(const SourceText& source, TextSize end, Known& now) const;

  Width width_;
  const SourceText* source_ = nullptr;
  std::uint64_t files_ = 0;  // made when this was read
  std::vector<Known> known_;
};

}  // namespace dockerlint
