// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a scalar of YAML stands, byte for byte: yaml-cpp says where it begins.

#include "data/value.hpp"
#include "dockerlint/text.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::data {

/// Where the scalar itself begins that yaml-cpp says to be at `begin`: behind `&anchor` and `!tag`.
std::size_t behind_properties(std::string_view text, std::size_t begin);

struct ScalarPlace {
  Style style = Style::plain;
  TextRange range;  // with quotes, or with the head of a block; of a plain scalar on several lines the first of them
};
/// `value` is what yaml-cpp makes of it.
ScalarPlace scalar_at(std::string_view text, std::size_t begin, std::string_view value);

/// The pieces of `text` that make `value`, in order, tiling it. Empty where that cannot be told for certain.
std::vector<TextPiece> pieces_of(std::string_view text, const Value& value);

/// A block scalar, line by line.
struct Block {
  std::size_t indentation = 0;
  std::vector<TextRange>
      lines;  // without indentation and line end; empty ones too, but none behind the last that is not
};
/// Nothing when the text at `range` is no block scalar.
std::optional<Block> block_at(std::string_view text, TextRange range);

}  // namespace dockerlint::data
