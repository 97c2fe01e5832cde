// SPDX-License-Identifier: Apache-2.0
#include "project/hcl/expressions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

namespace dockerlint::project::hcl {
namespace {

constexpr int kMaxDepth = 64;

/// Weakest first. Of two that begin alike the longer one comes first.
constexpr std::string_view kOr[] = {"||"};
constexpr std::string_view kAnd[] = {"&&"};
constexpr std::string_view kEqual[] = {"==", "!="};
constexpr std::string_view kCompare[] = {"<=", ">=", "<", ">"};
constexpr std::string_view kAdd[] = {"+", "-"};
constexpr std::string_view kMultiply[] = {"*", "/", "%"};
constexpr std::span<const std::string_view> kLevels[] = {kOr, kAnd, kEqual, kCompare, kAdd, kMultiply};
constexpr int kLevelCount = 6;

}  // namespace

Expr Expressions::make(ExprKind kind, std::size_t begin, std::string text) const {
  Expr expr;
  expr.kind = kind;
  expr.range = in_.from(begin);
  expr.file = in_.file();
  expr.text = std::move(text);
  return expr;
}

void Expressions::enter() {
  if (++depth_ > kMaxDepth) in_.fail("nested too deeply");
}

Expr Expressions::expression(bool lines) {
  enter();
  const std::size_t begin = in_.at();
  Expr condition = binary(0, lines);
  in_.skip(lines);
  if (in_.peek() == '?') {
    in_.take("?");
    in_.skip(true);
    Expr yes = expression(lines);
    in_.skip(true);
    in_.expect(":", "`?`");
    in_.skip(true);
    Expr no = expression(lines);
    Expr whole = make(ExprKind::conditional, begin);
    whole.children.push_back(std::move(condition));
    whole.children.push_back(std::move(yes));
    whole.children.push_back(std::move(no));
    condition = std::move(whole);
  }
  leave();
  return condition;
}

Expr Expressions::binary(int level, bool lines) {
  if (level == kLevelCount) return unary(lines);
  const std::size_t begin = in_.at();
  Expr left = binary(level + 1, lines);
  int chained = 0;
  for (;;) {
    in_.skip(lines);
    const auto& operators = kLevels[level];
    const auto found =
        std::find_if(operators.begin(), operators.end(), [&](std::string_view op) { return in_.looks_at(op); });
    if (found == operators.end()) return left;
    if (++chained > kMaxDepth) in_.fail("too many operators in one expression");  // the tree grows to the left
    in_.take(*found);
    in_.skip(lines);
    Expr right = binary(level + 1, lines);
    Expr whole = make(ExprKind::binary, begin, std::string(*found));
    whole.children.push_back(std::move(left));
    whole.children.push_back(std::move(right));
    left = std::move(whole);
  }
}

Expr Expressions::unary(bool lines) {
  in_.skip(lines);
  const std::size_t begin = in_.at();
  const char sign = in_.peek();
  if ((sign != '!' || in_.looks_at("!=")) && sign != '-') return postfix(lines);
  enter();
  in_.go(begin + 1);
  Expr operand = unary(lines);
  leave();
  Expr whole = make(ExprKind::unary, begin, std::string(1, sign));
  whole.children.push_back(std::move(operand));
  return whole;
}

Expr Expressions::postfix(bool lines) {
  Expr base = primary(lines);
  for (int steps = 0;; ++steps) {
    if (in_.peek() != '.' && in_.peek() != '[') return base;
    if (in_.looks_at("...")) return base;
    if (steps > kMaxDepth) in_.fail("nested too deeply");
    base = step(std::move(base), lines);
  }
}

Expr Expressions::step(Expr base, bool lines) {
  const std::size_t begin = in_.at();
  Expr whole;
  if (in_.take(".")) {
    if (in_.take("*")) return splat(std::move(base), begin, lines);
    const std::size_t name_begin = in_.at();
    const std::string_view name = in_.take_name();
    if (!name.empty()) {
      whole = make(ExprKind::attribute, begin, std::string(name));
      whole.children.push_back(std::move(base));
      return whole;
    }
    if (in_.peek() < '0' || in_.peek() > '9') in_.fail("`.` wants a name");
    while (in_.peek() >= '0' && in_.peek() <= '9') in_.go(in_.at() + 1);
    Expr key = make(ExprKind::number, name_begin, std::string(in_.text().substr(name_begin, in_.at() - name_begin)));
    whole = make(ExprKind::index, begin);
    whole.children.push_back(std::move(base));
    whole.children.push_back(std::move(key));
    return whole;
  }
  in_.take("[");
  in_.skip(true);
  if (in_.take("*")) {
    in_.skip(true);
    in_.expect("]", "`[*`");
    return splat(std::move(base), begin, lines);
  }
  Expr key = expression(true);
  in_.skip(true);
  in_.expect("]", "an index");
  whole = make(ExprKind::index, begin);
  whole.children.push_back(std::move(base));
  whole.children.push_back(std::move(key));
  return whole;
}

/// What follows a splat is asked of each item: of the variable without a name.
Expr Expressions::splat(Expr base, std::size_t begin, bool lines) {
  Expr each = make(ExprKind::variable, begin);
  for (int steps = 0; (in_.peek() == '.' || in_.peek() == '[') && !in_.looks_at("..."); ++steps) {
    if (steps > kMaxDepth) in_.fail("nested too deeply");
    each = step(std::move(each), lines);
  }
  Expr whole = make(ExprKind::splat, begin);
  whole.children.push_back(std::move(base));
  whole.children.push_back(std::move(each));
  return whole;
}

Expr Expressions::primary(bool lines) {
  in_.skip(lines);
  const std::size_t begin = in_.at();
  const char c = in_.peek();
  if (c == '"') return quoted();
  if (in_.looks_at("<<")) return heredoc();
  if (c == '[') return tuple();
  if (c == '{') return object();
  if (c >= '0' && c <= '9') return number();
  if (begins_name(c)) return name_or_call();
  if (c == '(') {
    in_.take("(");
    in_.skip(true);
    Expr inner = expression(true);
    in_.skip(true);
    in_.expect(")", "`(`");
    return inner;
  }
  if (in_.done()) in_.fail("the file ends where a value is wanted");
  if (c == '\n') in_.fail("a value is wanted here");
  in_.fail(in_.range(begin, begin + 1), fmt::format("`{}` begins no value", c));
}

Expr Expressions::number() {
  const std::size_t begin = in_.at();
  const auto digits = [&] {
    while (in_.peek() >= '0' && in_.peek() <= '9') in_.go(in_.at() + 1);
  };
  digits();
  if (in_.peek() == '.' && in_.rest().size() > 1 && in_.rest()[1] >= '0' && in_.rest()[1] <= '9') {
    in_.take(".");
    digits();
  }
  if (in_.peek() == 'e' || in_.peek() == 'E') {
    in_.go(in_.at() + 1);
    if (in_.peek() == '+' || in_.peek() == '-') in_.go(in_.at() + 1);
    digits();
  }
  return make(ExprKind::number, begin, std::string(in_.text().substr(begin, in_.at() - begin)));
}

Expr Expressions::name_or_call() {
  const std::size_t begin = in_.at();
  std::string name(in_.take_name());
  if (in_.peek() != '(') {
    const ExprKind kind = name == "null"                      ? ExprKind::null
                          : name == "true" || name == "false" ? ExprKind::boolean
                                                              : ExprKind::variable;
    return make(kind, begin, std::move(name));
  }
  in_.take("(");
  std::vector<Expr> arguments;
  bool spread = false;
  for (;;) {
    in_.skip(true);
    if (in_.take(")")) break;
    if (spread) in_.fail("nothing follows `...`");
    arguments.push_back(expression(true));
    in_.skip(true);
    spread = in_.take("...");
    in_.skip(true);
    if (in_.peek() != ')') in_.expect(",", fmt::format("{}(", name));
  }
  Expr call = make(ExprKind::call, begin, std::move(name));
  call.spread = spread;
  call.children = std::move(arguments);
  return call;
}

Expr Expressions::tuple() {
  const std::size_t begin = in_.at();
  in_.take("[");
  in_.skip(true);
  if (in_.looks_at("for") && !in_name(in_.rest().size() > 3 ? in_.rest()[3] : ' '))
    return comprehension(begin, ExprKind::for_tuple, "]");
  std::vector<Expr> items;
  for (;;) {
    in_.skip(true);
    if (in_.take("]")) break;
    items.push_back(expression(true));
    in_.skip(true);
    if (in_.peek() != ']') in_.expect(",", "a list");
  }
  Expr whole = make(ExprKind::tuple, begin);
  whole.children = std::move(items);
  return whole;
}

Expr Expressions::object() {
  const std::size_t begin = in_.at();
  in_.take("{");
  in_.skip(true);
  if (in_.looks_at("for") && !in_name(in_.rest().size() > 3 ? in_.rest()[3] : ' ')) {
    const std::size_t word = in_.at();
    in_.take("for");
    in_.skip(true);
    const bool a_key = in_.peek() == '=' || in_.peek() == ':';  // a member that is called `for`
    in_.go(word);
    if (!a_key) return comprehension(begin, ExprKind::for_object, "}");
  }
  std::vector<Expr> members;
  for (;;) {
    in_.skip(true);
    if (in_.take("}")) break;
    const bool brackets = in_.peek() == '(';
    Expr key = expression(false);
    if (key.kind == ExprKind::variable && !brackets) key.kind = ExprKind::string;  // a name stands for itself
    in_.skip(false);
    if (!in_.take("=") && !in_.take(":")) in_.fail("a member of an object wants `=`");
    in_.skip(true);
    members.push_back(std::move(key));
    members.push_back(expression(false));
    in_.skip(false);
    if (in_.peek() == '}') continue;
    if (!in_.take(",") && !in_.take("\n"))
      in_.fail("members of an object stand on lines of their own, or behind a comma");
  }
  Expr whole = make(ExprKind::object, begin);
  whole.children = std::move(members);
  return whole;
}

Expr Expressions::comprehension(std::size_t begin, ExprKind kind, std::string_view close) {
  in_.take("for");
  in_.skip(true);
  std::string first(in_.take_name());
  if (first.empty()) in_.fail("`for` wants a name");
  std::string second;
  in_.skip(true);
  if (in_.take(",")) {
    in_.skip(true);
    second = in_.take_name();
    in_.skip(true);
  }
  if (in_.take_name() != "in") in_.fail("`for` wants `in` here");
  in_.skip(true);
  std::vector<Expr> parts;
  parts.push_back(expression(true));
  in_.skip(true);
  in_.expect(":", "`for`");
  in_.skip(true);
  parts.push_back(expression(true));
  in_.skip(true);
  bool spread = false;
  if (kind == ExprKind::for_object) {
    in_.expect("=>", "`for`");
    in_.skip(true);
    parts.push_back(expression(true));
    in_.skip(true);
    spread = in_.take("...");
    in_.skip(true);
  }
  bool filtered = false;
  if (in_.looks_at("if")) {
    in_.take("if");
    in_.skip(true);
    parts.push_back(expression(true));
    in_.skip(true);
    filtered = true;
  }
  in_.expect(close, "`for`");
  Expr whole = make(kind, begin, std::move(first));
  whole.second = std::move(second);
  whole.spread = spread;
  whole.filtered = filtered;
  whole.children = std::move(parts);
  return whole;
}

}  // namespace dockerlint::project::hcl
