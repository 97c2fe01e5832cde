// SPDX-License-Identifier: Apache-2.0
#pragma once
// Expressions and templates of HCL.

#include "project/hcl/scanner.hpp"
#include "project/hcl/syntax.hpp"

namespace dockerlint::project::hcl {

class Expressions {
 public:
  explicit Expressions(Scanner& in) : in_(in) {}

  /// `lines`: a line end does not end it, as within brackets.
  Expr expression(bool lines);
  /// A template up to `end`, which is an offset; a quoted one up to its quote, with escapes.
  Expr quoted();
  Expr bare_template(std::size_t end);

 private:
  Expr binary(int level, bool lines);
  Expr unary(bool lines);
  Expr postfix(bool lines);
  Expr step(Expr base, bool lines);
  Expr splat(Expr base, std::size_t begin, bool lines);
  Expr primary(bool lines);
  Expr number();
  Expr name_or_call();
  Expr tuple();
  Expr object();
  Expr comprehension(std::size_t begin, ExprKind kind, std::string_view close);
  Expr heredoc();
  void template_parts(Expr& out, std::size_t end, bool escapes, std::size_t indentation);
  void interpolation(Expr& out);
  void directive(Expr& out, std::size_t end);
  void escape(std::string& out);

  Expr make(ExprKind kind, std::size_t begin, std::string text = {}) const;
  void enter();
  void leave() { --depth_; }

  Scanner& in_;
  int depth_ = 0;
};

}  // namespace dockerlint::project::hcl
