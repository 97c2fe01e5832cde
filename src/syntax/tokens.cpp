// SPDX-License-Identifier: Apache-2.0
#include "syntax/tokens.hpp"

#include "syntax/lines.hpp"
#include "text/utf8.hpp"

namespace dockerlint {
namespace {

/// Goes through the lines as the parser has gone, and cuts them where the tree says that something begins or ends.
class Tokenizer {
 public:
  explicit Tokenizer(const Document& document)
      : document_(document), source_(document.source()), comments_(document.comments()) {}

  std::vector<Token> file() {
    tokens_.reserve(source_.line_count() * std::size_t{4});
    if (source_.bytes().starts_with(kByteOrderMark))
      token(TokenKind::bom, static_cast<TextSize>(kByteOrderMark.size()));
    auto in = document_.instructions().begin();
    while (line_number_ < source_.line_count()) {
      const Line line = next_line();
      const bool begins = in != document_.instructions().end() && in->first_line == line_number_;
      if (begins) instruction(*in++, line);
      else blank_or_comment(line);
    }
    return std::move(tokens_);
  }

 private:
  Line next_line() { return line_at(source_, ++line_number_); }

  /// The next token reaches to `end`; nothing when it would be empty.
  void token(TokenKind kind, TextSize end) {
    if (end <= token_end_) return;
    tokens_.push_back({kind, {token_end_, end}});
    token_end_ = end;
  }

  void blank_or_comment(const Line& line) {
    for (; !comments_.empty() && comments_.front().range.begin < line.end; comments_ = comments_.subspan(1)) {
      token(TokenKind::whitespace, comments_.front().range.begin);
      token(comments_.front().kind, comments_.front().range.end);
    }
    token(TokenKind::whitespace, line.text.end);
    line_end(line);
  }

  /// The blanks and the line end that are left of a line.
  void line_end(const Line& line) {
    const std::string_view bytes = source_.bytes();
    TextSize newline = line.end;
    if (newline > line.text.end && bytes[newline - 1] == '\n') {
      --newline;
      if (newline > line.text.end && bytes[newline - 1] == '\r') --newline;
    }
    token(TokenKind::whitespace, newline);
    token(TokenKind::newline, line.end);
  }

  void instruction(const Instruction& in, Line line) {
    marks_.clear();
    if (!in.keyword.text.empty()) mark(in);
    for (const Heredoc& heredoc : in.heredocs) marks_.push_back({TokenKind::heredoc_marker, heredoc.marker});
    next_mark_ = 0;
    while (part(line) && line_number_ < source_.line_count()) line = next_line();
    for (const Heredoc& heredoc : in.heredocs) this->heredoc(heredoc);
    line_number_ = in.last_line;
  }

  void mark(const Instruction& in) {
    marks_.push_back({TokenKind::keyword, in.keyword.range});
    for (const Flag& flag : in.flags) marks_.push_back({TokenKind::flag, flag.range});
    if (in.nested != nullptr) mark(*in.nested);
  }

  /// One line of an instruction. False: it is the last. A mark that goes over a continuation marks what it has on each
  /// of the lines.
  bool part(const Line& line) {
    const std::string_view stripped = trim_left(source_.slice(line.text));
    if (stripped.empty() || stripped.front() == '#') {
      blank_or_comment(line);
      return true;
    }
    const TextSize escape = continuation(source_, line.text, document_.escape());
    const std::string_view text = source_.slice({token_end_, escape});
    token(TokenKind::whitespace, escape - static_cast<TextSize>(trim_left(text).size()));
    while (next_mark_ < marks_.size() && marks_[next_mark_].range.begin < escape) {
      const Token& mark = marks_[next_mark_];
      plain(mark.range.begin);
      token(mark.kind, std::min(mark.range.end, escape));
      if (mark.range.end > escape) break;  // goes on in the next line
      ++next_mark_;
    }
    plain(escape);
    if (escape == line.text.end) {
      line_end(line);
      return false;
    }
    token(TokenKind::continuation, line.end);
    return true;
  }

  /// Text that nothing marks, up to `end`, with the blanks around it as tokens of their own.
  void plain(TextSize end) {
    if (end <= token_end_) return;
    const std::string_view text = source_.slice({token_end_, end});
    token(TokenKind::whitespace, end - static_cast<TextSize>(trim_left(text).size()));
    token(TokenKind::text, end - static_cast<TextSize>(text.size() - trim_right(text).size()));
    token(TokenKind::whitespace, end);
  }

  void heredoc(const Heredoc& heredoc) {
    token(TokenKind::heredoc_body, heredoc.body.end);
    if (heredoc.end.empty()) return;
    token(TokenKind::heredoc_end, heredoc.end.end);
    line_end(line_at(source_, source_.line_of(heredoc.end.begin)));
  }

  const Document& document_;
  const SourceText& source_;
  std::span<const Token> comments_;  // that are still to come
  std::vector<Token> tokens_;
  TextSize token_end_ = 0;
  std::uint32_t line_number_ = 0;  // of the line read last
  std::vector<Token> marks_;       // which parts of an instruction's text are more than text
  std::size_t next_mark_ = 0;
};

}  // namespace

std::vector<Token> make_tokens(const Document& document) { return Tokenizer(document).file(); }

}  // namespace dockerlint
