// SPDX-License-Identifier: Apache-2.0
// Texts with `${…}` in them: in quotes, in heredocs, and in the strings of JSON.
#include "project/hcl/expressions.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace dockerlint::project::hcl {
namespace {

/// A literal is one part as long as it stands in the file as it is.
void put(Expr& out, const Scanner& in, std::size_t begin, std::size_t end) {
  if (begin == end) return;
  Expr part;
  part.kind = ExprKind::string;
  part.range = in.range(begin, end);
  part.file = in.file();
  part.text = in.text().substr(begin, end - begin);
  out.children.push_back(std::move(part));
}

void put(Expr& out, const Scanner& in, std::size_t begin, std::size_t end, std::string text) {
  Expr part;
  part.kind = ExprKind::string;
  part.range = in.range(begin, end);
  part.file = in.file();
  part.text = std::move(text);
  out.children.push_back(std::move(part));
}

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

std::optional<std::size_t> heredoc_indentation(std::string_view text, TextRange range) {
  text = text.substr(0, range.end);
  if (text.substr(std::min<std::size_t>(range.begin, text.size())).substr(0, 2) != "<<") return std::nullopt;
  if (text.substr(range.begin + 2, 1) != "-") return 0;
  std::size_t indentation = std::string_view::npos;
  for (std::size_t line = text.find('\n', range.begin); line != text.npos;) {
    const std::size_t end = text.find('\n', ++line);
    if (end == text.npos) break;  // the marker
    const std::string_view content = text.substr(line, end - line);
    if (!is_blank(content)) indentation = std::min(indentation, content.find_first_not_of(' '));
    line = end;
  }
  return indentation == std::string_view::npos ? 0 : indentation;
}

Expr Expressions::quoted() {
  const std::size_t begin = in_.at();
  in_.take("\"");
  Expr out = make(ExprKind::text, begin);
  template_parts(out, in_.text().size(), true, 0);
  in_.expect("\"", "a text in quotes");
  out.range = in_.from(begin);
  return out;
}

Expr Expressions::bare_template(std::size_t end) {
  const std::size_t begin = in_.at();
  Expr out = make(ExprKind::text, begin);
  template_parts(out, end, false, 0);
  out.range = in_.from(begin);
  return out;
}

Expr Expressions::heredoc() {
  const std::size_t begin = in_.at();
  in_.take("<<");
  const bool flush = in_.take("-");
  const std::string marker(in_.take_name());
  if (marker.empty()) in_.fail("a heredoc wants a name behind `<<`");
  in_.skip(false);
  if (!in_.take("\n")) in_.fail("the text of a heredoc begins on the next line");
  const std::string_view text = in_.text();
  const std::size_t body = in_.at();
  std::size_t indentation = std::string_view::npos;
  std::size_t end = body;  // of the body
  for (std::size_t line = body;;) {
    if (line >= text.size()) in_.fail(in_.range(begin, body), "the heredoc is not closed");
    const std::size_t line_end = std::min(text.find('\n', line), text.size());
    const std::string_view content = text.substr(line, line_end - line);
    if (trim(content) == marker) {
      end = line;
      break;
    }
    if (!is_blank(content)) indentation = std::min(indentation, content.find_first_not_of(' '));
    line = line_end + 1;
  }
  Expr out = make(ExprKind::text, begin);
  template_parts(out, end, false, flush && indentation != std::string_view::npos ? indentation : 0);
  if (in_.at() != end) in_.fail(in_.range(begin, body), "a template in the heredoc is not closed");
  in_.skip(false);
  in_.take(marker);
  out.range = in_.from(begin);
  return out;
}

/// Stops at `end`, or, with escapes, at the quote.
void Expressions::template_parts(Expr& out, std::size_t end, bool escapes, std::size_t indentation) {
  const std::string_view text = in_.text();
  const auto skip_indentation = [&] {
    for (std::size_t skipped = 0; skipped < indentation && in_.at() < end && in_.peek() == ' '; ++skipped)
      in_.go(in_.at() + 1);
  };
  skip_indentation();
  std::size_t begin = in_.at();
  const auto flush = [&] { put(out, in_, begin, in_.at()); };
  while (in_.at() < end) {
    const char c = in_.peek();
    if (escapes && c == '"') break;
    if (escapes && c == '\n') in_.fail("a text in quotes ends on its line");
    if (c == '\n' && indentation > 0) {
      in_.go(in_.at() + 1);
      flush();
      skip_indentation();
      begin = in_.at();
    } else if (escapes && c == '\\') {
      flush();
      const std::size_t at = in_.at();
      std::string made;
      escape(made);
      put(out, in_, at, in_.at(), std::move(made));
      begin = in_.at();
    } else if (in_.looks_at("$${") || in_.looks_at("%%{")) {
      flush();
      const std::size_t at = in_.at();
      in_.go(at + 3);
      put(out, in_, at, at + 3, std::string(text.substr(at + 1, 2)));
      begin = in_.at();
    } else if (in_.looks_at("${")) {
      flush();
      interpolation(out);
      begin = in_.at();
    } else if (in_.looks_at("%{")) {
      flush();
      directive(out, end);
      begin = in_.at();
    } else {
      in_.go(in_.at() + 1);
    }
  }
  flush();
}

void Expressions::interpolation(Expr& out) {
  in_.take("${");
  in_.take("~");
  in_.skip(true);
  out.children.push_back(expression(true));
  in_.skip(true);
  in_.take("~");
  in_.expect("}", "`${`");
}

/// %{ if … } and %{ for … } are rare in bake files: the text is not evaluated.
void Expressions::directive(Expr& out, std::size_t end) {
  const std::size_t begin = in_.at();
  const std::size_t close = in_.text().find('}', begin);
  if (close == std::string_view::npos || close >= end) in_.fail("`%{` is not closed");
  in_.go(close + 1);
  out.children.push_back(make(ExprKind::unsupported, begin, "`%{`"));
}

void Expressions::escape(std::string& out) {
  const std::size_t begin = in_.at();
  in_.take("\\");
  if (in_.done()) in_.fail(in_.from(begin), "the file ends in the middle of an escape");
  const char c = in_.peek();
  in_.go(in_.at() + 1);
  switch (c) {
    case 'n': out += '\n'; return;
    case 'r': out += '\r'; return;
    case 't': out += '\t'; return;
    case '"':
    case '\\': out += c; return;
    case 'u':
    case 'U': {
      char32_t point = 0;
      for (int i = 0; i < (c == 'u' ? 4 : 8); ++i) {
        const int digit = in_.done() ? -1 : hex_value(in_.peek());
        if (digit < 0) in_.fail(in_.from(begin), "`\\u` wants four digits, `\\U` eight");
        point = point * 16 + static_cast<char32_t>(digit);
        in_.go(in_.at() + 1);
      }
      append_utf8(out, point <= 0x10FFFF ? point : 0xFFFD);
      return;
    }
    default: in_.fail(in_.from(begin), "HCL knows no such escape");
  }
}

}  // namespace dockerlint::project::hcl
