// SPDX-License-Identifier: Apache-2.0
#include "shell/text_builder.hpp"

namespace dockerlint::shell {

void TextBuilder::add(std::string_view text, TextRange source) {
  if (text.empty()) return;
  const auto size = static_cast<TextSize>(text.size());
  const bool even = size == source.size();
  if (even && !pieces_.empty() && pieces_.back().source.end == source.begin &&
      pieces_.back().size == pieces_.back().source.size()) {
    pieces_.back().size += size;
    pieces_.back().source.end = source.end;
  } else {
    pieces_.push_back({static_cast<TextSize>(text_.size()), size, source});
  }
  text_ += text;
}

void TextBuilder::add(const LogicalText& text, std::size_t begin, std::size_t end) {
  for (std::size_t at = begin; at < end;) {
    const std::size_t next = std::min(text.run_end(at), end);
    add(text.text().substr(at, next - at), text.in_source(at, next));
    at = next;
  }
}

LogicalText TextBuilder::keep(Arena& arena) const { return {arena.keep(std::string_view(text_)), arena.keep(pieces_)}; }

}  // namespace dockerlint::shell
