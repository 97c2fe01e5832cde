// SPDX-License-Identifier: Apache-2.0
#include "support/reduce.hpp"

#include "dockerlint/syntax.hpp"

#include <algorithm>
#include <vector>

namespace dockerlint::test {
namespace {

using Pieces = std::vector<std::string>;

/// The text in pieces that begin at `starts`, which are in order.
Pieces cut(std::string_view text, const std::vector<std::size_t>& starts) {
  Pieces pieces;
  std::size_t from = 0;
  for (const std::size_t start : starts) {
    if (start <= from || start >= text.size()) continue;
    pieces.emplace_back(text.substr(from, start - from));
    from = start;
  }
  if (from < text.size()) pieces.emplace_back(text.substr(from));
  return pieces;
}

Pieces instructions(std::string_view text) {
  const Document document = Document::parse("Dockerfile", std::string(text));
  const SourceText& source = document.source();
  std::vector<std::size_t> starts;
  for (const Instruction& instruction : document.instructions()) {
    starts.push_back(source.line_start(instruction.first_line));
    if (instruction.last_line < source.line_count()) starts.push_back(source.line_start(instruction.last_line + 1));
  }
  return cut(text, starts);
}

Pieces lines(std::string_view text) {
  std::vector<std::size_t> starts;
  for (std::size_t i = text.find('\n'); i != text.npos; i = text.find('\n', i + 1)) starts.push_back(i + 1);
  return cut(text, starts);
}

/// Tokens, and the words and the parts between commas in them.
Pieces tokens(std::string_view text) {
  const Document document = Document::parse("Dockerfile", std::string(text));
  std::vector<std::size_t> starts;
  for (const Token& token : document.tokens()) {
    starts.push_back(token.range.begin);
    for (std::size_t i = token.range.begin + 1; i < token.range.end; ++i) {
      const auto separates = [&](std::size_t at) { return std::string_view(" \t\n,").find(text[at]) != text.npos; };
      if (separates(i) != separates(i - 1) || text[i] == ',') starts.push_back(i);
    }
  }
  return cut(text, starts);
}

class Reducer {
 public:
  Reducer(std::string bytes, const std::function<bool(std::string_view)>& shows, std::size_t tries)
      : best_(std::move(bytes)), shows_(shows), tries_(tries) {}

  std::string run() && {
    for (std::size_t before = best_.size() + 1; best_.size() < before && tries_ > 0;) {
      before = best_.size();
      for (const auto into : {instructions, lines, tokens}) without_parts(into(best_));
    }
    return std::move(best_);
  }

 private:
  /// Takes away as many pieces at once as can be, at last one by one.
  void without_parts(Pieces pieces) {
    for (std::size_t size = std::max<std::size_t>(pieces.size() / 2, 1); tries_ > 0; size /= 2) {
      for (std::size_t at = 0; at < pieces.size() && tries_ > 0;) {
        const auto begin = pieces.begin() + static_cast<std::ptrdiff_t>(at);
        const auto end = pieces.begin() + static_cast<std::ptrdiff_t>(std::min(at + size, pieces.size()));
        Pieces rest(pieces.begin(), begin);
        rest.insert(rest.end(), end, pieces.end());
        if (still_shows(rest)) pieces = std::move(rest);
        else at += size;
      }
      if (size <= 1) return;
    }
  }

  bool still_shows(const Pieces& pieces) {
    std::string text;
    for (const std::string& piece : pieces) text += piece;
    --tries_;
    if (!shows_(text)) return false;
    best_ = std::move(text);
    return true;
  }

  std::string best_;
  const std::function<bool(std::string_view)>& shows_;
  std::size_t tries_;
};

}  // namespace

std::string reduced(std::string bytes, const std::function<bool(std::string_view)>& shows, std::size_t tries) {
  return Reducer(std::move(bytes), shows, tries).run();
}

}  // namespace dockerlint::test
