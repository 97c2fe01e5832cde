// SPDX-License-Identifier: Apache-2.0
#pragma once
// The characters of an HCL file, one after the other.

#include "project/hcl/syntax.hpp"

#include <string>
#include <string_view>

namespace dockerlint::project::hcl {

bool begins_name(char c);
bool in_name(char c);

/// Where the reading stands. A fault is thrown, and caught where parsing began.
class Scanner {
 public:
  Scanner(std::string_view text, std::uint32_t file) : text_(text), file_(file) {}

  std::size_t at() const { return at_; }
  void go(std::size_t offset) { at_ = offset; }
  bool done() const { return at_ >= text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  std::string_view rest() const { return text_.substr(at_); }
  std::string_view text() const { return text_; }
  std::uint32_t file() const { return file_; }

  bool looks_at(std::string_view what) const { return rest().starts_with(what); }
  bool take(std::string_view what);
  void expect(std::string_view what, std::string_view where);
  /// A name, or nothing.
  std::string_view take_name();

  /// Blanks and comments; line ends too if `lines`. A comment to the end of its line leaves the line end.
  void skip(bool lines);

  /// All in one place, when the text is not what stands in the file.
  void set_place(TextRange range) { place_ = range; }
  TextRange range(std::size_t begin, std::size_t end) const;
  TextRange from(std::size_t begin) const { return range(begin, at_); }
  [[noreturn]] void fail(std::string message) const {
    fail(range(at_, std::min(at_ + 1, text_.size())), std::move(message));
  }
  [[noreturn]] static void fail(TextRange range, std::string message);

 private:
  std::string_view text_;
  std::uint32_t file_;
  std::size_t at_ = 0;
  std::optional<TextRange> place_;
};

}  // namespace dockerlint::project::hcl
