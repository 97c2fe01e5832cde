// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/text.hpp"

namespace dockerlint {

const TextPiece& LogicalText::piece_at(TextSize at) const {
  const auto after = std::upper_bound(pieces_, pieces_ + piece_count_, at,
                                      [](TextSize offset, const TextPiece& piece) { return offset < piece.at; });
  return after == pieces_ ? *after : *(after - 1);
}

LogicalText LogicalText::slice(std::size_t begin, std::size_t end) const {
  LogicalText part = *this;
  const std::string_view kept = text().substr(begin, end - begin);
  part.text_ = kept.data();
  part.size_ = static_cast<TextSize>(kept.size());
  part.base_ += static_cast<TextSize>(begin);
  return part;
}

std::size_t LogicalText::run_end(std::size_t at) const {
  if (piece_count_ == 0) return size_;
  const TextPiece& piece = piece_at(base_ + static_cast<TextSize>(at));
  if (piece.size != piece.source.size()) return at + 1;
  return std::min<std::size_t>(piece.at + piece.size - base_, size_);
}

TextRange LogicalText::through_pieces(std::size_t begin, std::size_t end) const {
  const auto first_byte = [](const TextPiece& piece, TextSize at) {
    const TextSize inside = std::min(at - piece.at, piece.size);
    if (piece.size == piece.source.size()) return piece.source.begin + inside;
    return inside < piece.size ? piece.source.begin : piece.source.end;
  };
  const auto after_byte = [](const TextPiece& piece, TextSize at) {
    return piece.size == piece.source.size() ? piece.source.begin + (at - piece.at) + 1 : piece.source.end;
  };
  const TextSize from = base_ + static_cast<TextSize>(begin);
  if (begin == end) {
    // Behind the last byte of this text, which need not be where the next byte of the whole stands.
    const bool behind = begin == size_ && begin > 0;
    return TextRange::at(behind ? after_byte(piece_at(from - 1), from - 1) : first_byte(piece_at(from), from));
  }
  const TextSize last = base_ + static_cast<TextSize>(end) - 1;
  const TextPiece& piece = piece_at(from);
  const bool same = last - piece.at < piece.size;  // most words lie in one line
  return {first_byte(piece, from), after_byte(same ? piece : piece_at(last), last)};
}

}  // namespace dockerlint
