// SPDX-License-Identifier: Apache-2.0
#pragma once
// Positions. Everything that points into a Dockerfile is a half-open range of bytes;
// lines and columns exist only when something is shown to a person.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint {

/// An offset or a length in bytes. Files of 4 GiB and more are refused before they get here.
using TextSize = std::uint32_t;

struct TextRange {
  TextSize begin = 0;
  TextSize end = 0;

  static constexpr TextRange at(TextSize offset) { return {offset, offset}; }
  constexpr TextSize size() const { return end - begin; }
  constexpr bool empty() const { return begin == end; }
  constexpr bool contains(TextRange inner) const { return begin <= inner.begin && inner.end <= end; }
  constexpr bool operator==(const TextRange&) const = default;
};

/// Touching ranges do not overlap; an insertion overlaps only a range that it falls strictly inside.
constexpr bool overlaps(TextRange a, TextRange b) { return a.begin < b.end && b.begin < a.end; }

constexpr TextRange cover(TextRange a, TextRange b) { return {std::min(a.begin, b.begin), std::max(a.end, b.end)}; }

struct LineColumn {
  std::uint32_t line = 1;    // from 1
  std::uint32_t column = 1;  // from 1, in Unicode code points; a byte that is not UTF-8 counts as one
};

/// One file's bytes. Not movable: every string_view in the program points in here.
class SourceText {
 public:
  SourceText(std::string path, std::string bytes);
  SourceText(const SourceText&) = delete;
  SourceText& operator=(const SourceText&) = delete;

  const std::string& path() const { return path_; }
  std::string_view bytes() const { return bytes_; }
  TextSize size() const { return static_cast<TextSize>(bytes_.size()); }
  std::string_view slice(TextRange r) const { return bytes().substr(r.begin, r.size()); }

  /// Lines end at `\n` only, as in BuildKit: a lone `\r` is text. A file that ends in `\n` has no
  /// empty last line.
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_starts_.size()); }
  /// The 1-based line that `offset` is on; the end of the file is on its last line.
  std::uint32_t line_of(TextSize offset) const;
  /// The offset of the first byte of line `number` (1-based).
  TextSize line_start(std::uint32_t number) const { return line_starts_[number - 1]; }
  /// The line's range without its line end (`\n` or `\r\n`).
  TextRange line_range(std::uint32_t number) const;
  std::string_view line(std::uint32_t number) const { return slice(line_range(number)); }
  LineColumn line_column(TextSize offset) const;

 private:
  std::string path_;
  std::string bytes_;
  std::vector<TextSize> line_starts_;
};

/// A stretch of joined text that stands in one piece in the source.
struct TextPiece {
  TextSize at = 0;    // where it begins in the joined text
  TextSize size = 0;  // how long it is there; where this differs from source.size(), the piece is one unit
  TextRange source;
};

/// Text with parts of the source left out (continuations, comment lines, quotes), and the way back.
/// A view: the text and the pieces live in the Document.
class LogicalText {
 public:
  LogicalText() = default;
  /// Text that stands in one piece in the source, from `offset` on.
  LogicalText(std::string_view text, TextSize offset)
      : text_(text.data()), size_(static_cast<TextSize>(text.size())), base_(offset) {}
  /// `pieces` tile `text`. They may be empty only if `text` is.
  LogicalText(std::string_view text, std::span<const TextPiece> pieces)
      : text_(text.data()),
        size_(static_cast<TextSize>(text.size())),
        piece_count_(static_cast<TextSize>(pieces.size())),
        pieces_(pieces.data()) {}

  std::string_view text() const { return {text_, size_}; }
  TextSize size() const { return size_; }
  bool empty() const { return size_ == 0; }
  /// The part [begin, end), with the way back.
  LogicalText slice(std::size_t begin, std::size_t end) const;
  /// The smallest source range that holds [begin, end). An empty range maps to the place before the
  /// byte at `begin`, or, at the end of the text, behind its last byte.
  TextRange in_source(std::size_t begin, std::size_t end) const {
    if (piece_count_ != 0) return through_pieces(begin, end);
    return {base_ + static_cast<TextSize>(begin), base_ + static_cast<TextSize>(end)};
  }
  TextRange in_source() const { return in_source(0, size_); }
  /// How far the bytes from `at` on stand together in the source, each as itself; one byte where they do not.
  std::size_t run_end(std::size_t at) const;

 private:
  TextRange through_pieces(std::size_t begin, std::size_t end) const;
  const TextPiece& piece_at(TextSize at) const;

  const char* text_ = nullptr;
  TextSize size_ = 0;
  TextSize base_ = 0;         // where the text begins in what the pieces tile; without pieces, in the source
  TextSize piece_count_ = 0;  // 0: it stands there in one
  const TextPiece* pieces_ = nullptr;
};

}  // namespace dockerlint
