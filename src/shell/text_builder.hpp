// SPDX-License-Identifier: Apache-2.0
#pragma once
// Puts a LogicalText together from parts of the source and of other logical texts.

#include "dockerlint/text.hpp"
#include "text/arena.hpp"

#include <string>
#include <vector>

namespace dockerlint::shell {

class TextBuilder {
 public:
  /// `text` stands for `source`. Of the same length, they match byte by byte; else each is one unit.
  void add(std::string_view text, TextRange source);
  /// The part [begin, end), which keeps its own way back.
  void add(const LogicalText& text, std::size_t begin, std::size_t end);

  LogicalText keep(Arena& arena) const;

 private:
  std::string text_;
  std::vector<TextPiece> pieces_;
};

}  // namespace dockerlint::shell
