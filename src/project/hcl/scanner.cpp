// SPDX-License-Identifier: Apache-2.0
#include "project/hcl/scanner.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dockerlint::project::hcl {

bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool in_name(char c) { return begins_name(c) || (c >= '0' && c <= '9') || c == '-'; }

bool Scanner::take(std::string_view what) {
  if (!looks_at(what)) return false;
  at_ += what.size();
  return true;
}

void Scanner::expect(std::string_view what, std::string_view where) {
  if (take(what)) return;
  if (done()) fail(fmt::format("the file ends, but {} wants `{}`", where, what));
  fail(fmt::format("{} wants `{}` here", where, what));
}

std::string_view Scanner::take_name() {
  const std::size_t begin = at_;
  if (!done() && begins_name(peek()))
    while (!done() && in_name(peek())) ++at_;
  return text_.substr(begin, at_ - begin);
}

void Scanner::skip(bool lines) {
  while (!done()) {
    const char c = peek();
    if (c == ' ' || c == '\t' || c == '\r' || (lines && c == '\n')) {
      ++at_;
    } else if (c == '#' || looks_at("//")) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (looks_at("/*")) {
      const std::size_t end = text_.find("*/", at_ + 2);
      if (end == std::string_view::npos) fail("the comment is not closed");
      at_ = end + 2;
    } else {
      return;
    }
  }
}

TextRange Scanner::range(std::size_t begin, std::size_t end) const {
  return place_ ? *place_ : TextRange{static_cast<TextSize>(begin), static_cast<TextSize>(end)};
}

void Scanner::fail(TextRange range, std::string message) { throw Fault{range, std::move(message)}; }

}  // namespace dockerlint::project::hcl
