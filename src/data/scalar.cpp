// SPDX-License-Identifier: Apache-2.0
#include "data/scalar.hpp"

#include <algorithm>

namespace dockerlint::data {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kSpace = " \t\r\n";

TextSize size_of(std::size_t offset) { return static_cast<TextSize>(offset); }

std::size_t end_of_line(std::string_view text, std::size_t at) { return std::min(text.find('\n', at), text.size()); }

/// Behind the closing quote of the scalar that begins at `begin`; the end of the text when there is none.
std::size_t end_of_quoted(std::string_view text, std::size_t begin) {
  const char quote = text[begin];
  for (std::size_t at = begin + 1; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') ++at;
    else if (text[at] == quote) {
      if (quote == '"' || at + 1 == text.size() || text[at + 1] != '\'') return at + 1;
      ++at;
    }
  }
  return text.size();
}

std::size_t leading_spaces(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

/// The line at `at`, without its line end.
TextRange line_at(std::string_view text, std::size_t at) {
  std::size_t end = end_of_line(text, at);
  if (end > at && text[end - 1] == '\r') --end;
  return {size_of(at), size_of(end)};
}

std::string_view slice(std::string_view text, TextRange range) { return text.substr(range.begin, range.size()); }

/// How many columns of each line a block's lines lose: those of the first that is not blank, or what its head says on
/// top of what nobody told us: then nothing is certain.
std::optional<std::size_t> indentation_of(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const TextRange line = line_at(text, at);
    const std::string_view written = slice(text, line);
    const std::size_t spaces = leading_spaces(written);
    if (spaces < written.size()) return spaces == 0 ? std::nullopt : std::optional(spaces);
    at = end_of_line(text, at) + 1;
  }
  return std::nullopt;
}

/// Walks both texts at once: whatever lies between the contents of two lines is one piece.
std::vector<TextPiece> pieces_of_block(std::string_view text, const Value& value) {
  const std::optional<Block> block = block_at(text, value.range);
  if (!block) return {};
  std::vector<TextPiece> pieces;
  const std::string_view words = value.words;
  std::size_t done = 0;   // in `words`
  TextSize last_end = 0;  // in `text`
  for (const TextRange& line : block->lines) {
    if (line.empty()) continue;
    const std::string_view content = slice(text, line);
    std::size_t at = done;
    while (at < words.size() && !words.substr(at).starts_with(content) && (words[at] == '\n' || words[at] == ' ')) ++at;
    if (!words.substr(std::min(at, words.size())).starts_with(content)) return {};
    if (at > done) {
      const TextSize before = pieces.empty() ? value.range.begin : last_end;
      pieces.push_back({size_of(done), size_of(at - done), {before, line.begin}});
    }
    pieces.push_back({size_of(at), line.size(), line});
    done = at + line.size();
    last_end = line.end;
  }
  if (pieces.empty() || words.find_first_not_of('\n', done) != std::string_view::npos) return {};
  if (done < words.size())
    pieces.push_back({size_of(done), size_of(words.size() - done), {last_end, std::max(last_end, value.range.end)}});
  return pieces;
}

/// Between quotes, on one line: each escape is a piece.
std::vector<TextPiece> pieces_of_quoted(std::string_view text, const Value& value) {
  const TextRange inside{value.range.begin + 1, value.range.end - 1};
  const std::string_view written = slice(text, inside);
  if (value.range.size() < 2 || written.find('\n') != std::string_view::npos) return {};
  std::vector<TextPiece> pieces;
  std::size_t done = 0;
  for (std::size_t at = 0; at < written.size();) {
    std::size_t end = at;
    while (end < written.size() && written[end] != '\\' && written[end] != '\'') ++end;
    if (end > at) {
      const TextSize size = size_of(end - at);
      if (value.words.compare(done, size, written, at, size) != 0) return {};
      pieces.push_back({size_of(done), size, {size_of(inside.begin + at), size_of(inside.begin + end)}});
      done += size;
      at = end;
      continue;
    }
    const bool escape = value.style == Style::double_quoted ? written[at] == '\\' : written.substr(at, 2) == "''";
    const std::size_t length = escape ? 2 : 1;
    // Of the escapes, those of one byte: a code point's number would have to be read.
    if (escape && value.style == Style::double_quoted &&
        std::string_view("xuUNLP_").find(written[at + 1]) != std::string_view::npos)
      return {};
    pieces.push_back({size_of(done), 1, {size_of(inside.begin + at), size_of(inside.begin + at + length)}});
    ++done;
    at += length;
  }
  return done == value.words.size() ? pieces : std::vector<TextPiece>();
}

}  // namespace

std::size_t behind_properties(std::string_view text, std::size_t begin) {
  std::size_t at = begin;
  while (at < text.size() && (text[at] == '&' || text[at] == '!')) {
    at = std::min(text.find_first_of(kSpace, at), text.size());
    for (;;) {
      at = std::min(text.find_first_not_of(kSpace, at), text.size());
      if (at == text.size() || text[at] != '#') break;
      at = end_of_line(text, at);
    }
  }
  return at;
}

std::optional<Block> block_at(std::string_view text, TextRange range) {
  if (range.empty() || (text[range.begin] != '|' && text[range.begin] != '>')) return std::nullopt;
  const std::size_t head_end = end_of_line(text, range.begin);
  for (std::size_t at = range.begin + 1; at < head_end && text[at] != '#' && text[at] != ' '; ++at)
    if (text[at] >= '1' && text[at] <= '9') return std::nullopt;  // counted from the parent's indentation
  const std::optional<std::size_t> indentation = indentation_of(text, head_end + 1);
  if (!indentation) return std::nullopt;
  Block block{*indentation, {}};
  std::size_t lines = 0;  // without the empty ones at the end
  for (std::size_t at = head_end + 1; at < text.size(); at = end_of_line(text, at) + 1) {
    const TextRange line = line_at(text, at);
    const std::size_t spaces = leading_spaces(slice(text, line));
    if (spaces < std::min<std::size_t>(block.indentation, line.size())) break;
    block.lines.push_back({std::min(line.begin + size_of(block.indentation), line.end), line.end});
    if (!block.lines.back().empty()) lines = block.lines.size();
  }
  block.lines.resize(lines);
  return block;
}

ScalarPlace scalar_at(std::string_view text, std::size_t begin, std::string_view value) {
  if (begin >= text.size()) return {Style::plain, TextRange::at(size_of(text.size()))};
  const auto to = [&](std::size_t end) { return TextRange{size_of(begin), size_of(end)}; };
  switch (text[begin]) {
    case '"': return {Style::double_quoted, to(end_of_quoted(text, begin))};
    case '\'': return {Style::single_quoted, to(end_of_quoted(text, begin))};
    case '|':
    case '>': {
      const Style style = text[begin] == '|' ? Style::literal : Style::folded;
      ScalarPlace place{style, to(line_at(text, begin).end)};
      const std::optional<Block> block = value.empty() ? std::nullopt : block_at(text, place.range);
      if (block && !block->lines.empty()) place.range.end = block->lines.back().end;
      return place;
    }
    default: break;
  }
  if (text.substr(begin).starts_with(value)) return {Style::plain, to(begin + value.size())};
  const std::string_view line = slice(text, line_at(text, begin));
  return {Style::plain, to(begin + std::min(line.find_last_not_of(kBlanks) + 1, line.size()))};
}

std::vector<TextPiece> pieces_of(std::string_view text, const Value& value) {
  if (value.words.empty()) return {};
  switch (value.style) {
    case Style::literal:
    case Style::folded: return pieces_of_block(text, value);
    case Style::single_quoted:
    case Style::double_quoted: return pieces_of_quoted(text, value);
    case Style::plain: break;
  }
  if (slice(text, value.range) != value.words) return {};
  return {{0, size_of(value.words.size()), value.range}};
}

}  // namespace dockerlint::data
