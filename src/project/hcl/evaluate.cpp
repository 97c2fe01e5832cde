// SPDX-License-Identifier: Apache-2.0
#include "project/hcl/evaluate.hpp"

#include "project/hcl/functions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace dockerlint::project::hcl {
namespace {

constexpr std::size_t kBudget = 4'000'000;  // steps and bytes for all expressions of a project
constexpr int kMaxDepth = 256;              // variables in variables, functions in functions

}  // namespace

const Value* Locals::find(std::string_view name) const {
  const auto found = values.find(name);
  if (found != values.end()) return &found->second;
  return outer == nullptr ? nullptr : outer->find(name);
}

Evaluator::Evaluator(const std::vector<const Block*>& files) : budget_(kBudget) {
  for (const Block* const file : files) {
    for (const Attribute& attribute : file->attributes)
      globals_.insert_or_assign(attribute.name.text, &attribute.value);
    for (const Block& block : file->blocks) {
      if (block.labels.size() != 1) continue;
      const std::string& label = block.labels.front().text;
      if (block.type.text == "function") functions_.insert_or_assign(label, &block);
      if (block.type.text == "target") targets_[label].push_back(&block);
      if (block.type.text != "variable") continue;
      variables_.insert_or_assign(label, &block);
      if (const Attribute* const value = block.find("default")) globals_.insert_or_assign(label, &value->value);
    }
  }
}

Value Evaluator::evaluate(const Expr& expr, const Locals& locals) { return expression(expr, locals); }

std::optional<Remark> Evaluator::take_remark() { return std::exchange(remark_, std::nullopt); }

Value Evaluator::unknown(const Expr& expr, std::string message) {
  if (!remark_) remark_ = Remark{expr.file, expr.range, std::move(message), false};
  return {};
}

Value Evaluator::refused(const Expr& expr, std::string message) {
  if (!remark_) remark_ = Remark{expr.file, expr.range, std::move(message), true};
  return {};
}

bool Evaluator::spend(std::size_t much) {
  budget_ -= std::min(budget_, much);
  return budget_ > 0;
}

Value Evaluator::expression(const Expr& expr, const Locals& locals) {
  if (!spend(1)) return unknown(expr, "the file makes too much of too little");
  if (depth_ >= kMaxDepth) return unknown(expr, "nested too deeply");
  ++depth_;
  Value value;
  switch (expr.kind) {
    case ExprKind::null: value = Value::null(); break;
    case ExprKind::boolean: value = Value::of(expr.text == "true"); break;
    case ExprKind::number:
      value = Value::of(as_number(Value::of(expr.text)).value_or(NAN));
      if (std::isnan(value.number)) value = unknown(expr, "the number is not understood");
      break;
    case ExprKind::string: value = Value::of(expr.text); break;
    case ExprKind::text: value = text(expr, locals); break;
    case ExprKind::variable: value = name(expr, locals); break;
    case ExprKind::attribute: value = attribute(expr, locals); break;
    case ExprKind::index: value = index(expr, locals); break;
    case ExprKind::splat: value = splat(expr, locals); break;
    case ExprKind::call: value = call(expr, locals); break;
    case ExprKind::unary: value = unary(expr, locals); break;
    case ExprKind::binary: value = binary(expr, locals); break;
    case ExprKind::conditional: value = conditional(expr, locals); break;
    case ExprKind::tuple: value = tuple(expr, locals); break;
    case ExprKind::object: value = object(expr, locals); break;
    case ExprKind::for_tuple:
    case ExprKind::for_object: value = for_each(expr, locals); break;
    case ExprKind::unsupported: value = unknown(expr, fmt::format("{} is not evaluated", expr.text)); break;
  }
  --depth_;
  return spend(value.string.size()) ? value : Value();
}

Value Evaluator::name(const Expr& expr, const Locals& locals) {
  const Value* const local = locals.find(expr.text);
  return local == nullptr ? global(expr) : *local;
}

Value Evaluator::global(const Expr& expr) {
  const std::string& wanted = expr.text;
  if (const auto known = known_.find(wanted); known != known_.end())
    return known->second.known() ? known->second : unknown(expr, fmt::format("{} is unknown", wanted));
  const auto found = globals_.find(wanted);
  if (found == globals_.end()) {
    if (variables_.contains(wanted)) return unknown(expr, fmt::format("the variable {} has no default", wanted));
    if (wanted.starts_with("BAKE_")) return unknown(expr, fmt::format("{} is known when bake runs", wanted));
    return refused(expr, fmt::format("there is no variable {}", wanted));
  }
  if (!open_.insert(wanted).second) return refused(expr, fmt::format("the variable {} needs itself", wanted));
  Value value = expression(*found->second, {});
  open_.erase(wanted);
  known_.insert_or_assign(wanted, value);
  return value;
}

/// target.NAME.ATTRIBUTE, as the target says it itself.
Value Evaluator::block_attribute(const Expr& expr, std::string_view type, std::string_view label) {
  const auto found = targets_.find(label);
  if (type != "target" || found == targets_.end())
    return unknown(expr, fmt::format("{}.{} is not evaluated", type, label));
  const Expr* value = nullptr;
  for (const Block* const block : found->second)
    if (const Attribute* const attribute = block->find(expr.text)) value = &attribute->value;
  if (value == nullptr) return unknown(expr, fmt::format("target.{} does not say its {}", label, expr.text));
  const std::string key = fmt::format("target.{}.{}", label, expr.text);
  if (!open_.insert(key).second) return refused(expr, fmt::format("{} needs itself", key));
  Value made = expression(*value, {});
  open_.erase(key);
  return made;
}

Value Evaluator::attribute(const Expr& expr, const Locals& locals) {
  const Expr& base = expr.children.front();
  if (base.kind == ExprKind::attribute && base.children.front().kind == ExprKind::variable) {
    const std::string& type = base.children.front().text;
    const bool names_block = (type == "target" || type == "group") && locals.find(type) == nullptr;
    if (names_block && !globals_.contains(type)) return block_attribute(expr, type, base.text);
  }
  const Value object = expression(base, locals);
  if (!object.known()) return {};
  if (!object.is(Value::Kind::object)) return refused(expr, fmt::format("what has no members has no .{}", expr.text));
  const auto found = object.members->find(expr.text);
  if (found == object.members->end()) return refused(expr, fmt::format("there is no member {}", expr.text));
  return found->second;
}

Value Evaluator::index(const Expr& expr, const Locals& locals) {
  const Value base = expression(expr.children[0], locals);
  const Value key = expression(expr.children[1], locals);
  if (!base.known() || !key.known()) return {};
  if (base.is(Value::Kind::object)) {
    const std::optional<std::string> name = as_text(key);
    const auto found = name ? base.members->find(*name) : base.members->end();
    if (found != base.members->end()) return found->second;
    return refused(expr, "there is no such member");
  }
  const std::optional<double> number = as_number(key);
  if (!base.is(Value::Kind::list) || !number || *number != std::floor(*number) || *number < 0)
    return refused(expr, "this has no such index");
  if (*number >= static_cast<double>(base.items->size())) return refused(expr, "the list is shorter than that");
  return (*base.items)[static_cast<std::size_t>(*number)];
}

Value Evaluator::splat(const Expr& expr, const Locals& locals) {
  const Value base = expression(expr.children[0], locals);
  if (!base.known()) return {};
  List items;
  std::size_t bytes = 0;
  if (base.is(Value::Kind::list))
    for (const Value& item : *base.items) bytes += 1 + item.string.size();
  if (!spend(bytes)) return unknown(expr, "the file makes too much of too little");
  if (base.is(Value::Kind::list)) items = *base.items;
  else if (!base.is(Value::Kind::null)) items.push_back(base);
  List out;
  for (Value& item : items) {
    Locals inner{&locals};
    inner.values.emplace("", std::move(item));
    out.push_back(expression(expr.children[1], inner));
  }
  return Value::of(std::move(out));
}

Value Evaluator::text(const Expr& expr, const Locals& locals) {
  // A template that is nothing but `${…}` is what stands in it.
  if (expr.children.size() == 1 && expr.children.front().kind != ExprKind::string)
    return expression(expr.children.front(), locals);
  std::string out;
  bool known = true;
  for (const Expr& part : expr.children) {
    const Value value = expression(part, locals);
    const std::optional<std::string> text = as_text(value);
    if (!value.known()) {
      known = false;
      continue;
    }
    if (value.is(Value::Kind::null)) return refused(part, "null cannot be put into a text");
    if (!text)
      return value.is(Value::Kind::number) ? unknown(part, "the number is not understood")
                                           : refused(part, "only texts, numbers and booleans can be put into a text");
    if (!spend(text->size())) return unknown(expr, "the file makes too much of too little");
    out += *text;
  }
  return known ? Value::of(std::move(out)) : Value();
}

Value Evaluator::unary(const Expr& expr, const Locals& locals) {
  const Value operand = expression(expr.children.front(), locals);
  if (!operand.known()) return {};
  if (expr.text == "!") {
    const std::optional<bool> boolean = as_boolean(operand);
    return boolean ? Value::of(!*boolean) : refused(expr, "`!` is for booleans");
  }
  const std::optional<double> number = as_number(operand);
  return number ? Value::of(-*number) : refused(expr, "`-` is for numbers");
}

Value Evaluator::binary(const Expr& expr, const Locals& locals) {
  const Value left = expression(expr.children[0], locals);
  const Value right = expression(expr.children[1], locals);
  const std::string& op = expr.text;
  if (op == "==" || op == "!=") {
    const std::optional<bool> same = equal(left, right, budget_);
    return same ? Value::of(*same == (op == "==")) : Value();
  }
  if (op == "&&" || op == "||") {
    const std::optional<bool> a = as_boolean(left);
    const std::optional<bool> b = as_boolean(right);
    const bool decides = op == "||";  // whichever side it is on
    if ((a && *a == decides) || (b && *b == decides)) return Value::of(decides);
    if (!left.known() || !right.known()) return {};
    return a && b ? Value::of(!decides) : refused(expr, fmt::format("`{}` is for booleans", op));
  }
  if (!left.known() || !right.known()) return {};
  const std::optional<double> a = as_number(left);
  const std::optional<double> b = as_number(right);
  if (!a || !b) return refused(expr, fmt::format("`{}` is for numbers", op));
  if (op == "+") return Value::of(*a + *b);
  if (op == "-") return Value::of(*a - *b);
  if (op == "*") return Value::of(*a * *b);
  if (op == "<") return Value::of(*a < *b);
  if (op == ">") return Value::of(*a > *b);
  if (op == "<=") return Value::of(*a <= *b);
  if (op == ">=") return Value::of(*a >= *b);
  if (*b == 0) return refused(expr, "it divides by zero");
  return Value::of(op == "/" ? *a / *b : std::fmod(*a, *b));
}

Value Evaluator::conditional(const Expr& expr, const Locals& locals) {
  const Value condition = expression(expr.children[0], locals);
  if (condition.known()) {
    const std::optional<bool> yes = as_boolean(condition);
    return yes ? expression(expr.children[*yes ? 1 : 2], locals) : refused(expr.children[0], "`?` wants a boolean");
  }
  // Whatever it is, if both ways lead to the same.
  const Value yes = expression(expr.children[1], locals);
  const Value no = expression(expr.children[2], locals);
  return equal(yes, no, budget_).value_or(false) ? yes : Value();
}

Value Evaluator::tuple(const Expr& expr, const Locals& locals) {
  List out;
  for (const Expr& item : expr.children) out.push_back(expression(item, locals));
  return Value::of(std::move(out));
}

Value Evaluator::object(const Expr& expr, const Locals& locals) {
  Object out;
  bool known = true;
  for (std::size_t i = 0; i + 1 < expr.children.size(); i += 2) {
    const Value key = expression(expr.children[i], locals);
    Value value = expression(expr.children[i + 1], locals);
    const std::optional<std::string> name = as_text(key);
    if (!key.known()) known = false;
    else if (!name) return refused(expr.children[i], "the name of a member is a text");
    else out.insert_or_assign(*name, std::move(value));
  }
  return known ? Value::of(std::move(out)) : Value();
}

Value Evaluator::for_each(const Expr& expr, const Locals& locals) {
  const Value in = expression(expr.children[0], locals);
  if (!in.known()) return {};
  std::vector<std::pair<Value, Value>> pairs;
  if (in.is(Value::Kind::list)) {
    for (std::size_t i = 0; i < in.items->size() && spend((*in.items)[i].string.size()); ++i)
      pairs.emplace_back(Value::of(static_cast<double>(i)), (*in.items)[i]);
  } else if (in.is(Value::Kind::object)) {
    for (const auto& [name, value] : *in.members) pairs.emplace_back(Value::of(name), value);
  } else {
    return refused(expr.children[0], "`for` goes through lists and objects");
  }
  const bool makes_object = expr.kind == ExprKind::for_object;
  if (expr.spread) return unknown(expr, "`...` in `for` is not evaluated");
  List list;
  Object object;
  for (auto& [key, value] : pairs) {
    if (!spend(1)) return unknown(expr, "the file makes too much of too little");
    Locals inner{&locals};
    if (expr.second.empty()) {
      inner.values.emplace(expr.text, std::move(value));
    } else {
      inner.values.emplace(expr.text, std::move(key));
      inner.values.insert_or_assign(expr.second, std::move(value));
    }
    if (expr.filtered) {
      const std::optional<bool> keep = as_boolean(expression(expr.children.back(), inner));
      if (!keep) return unknown(expr.children.back(), "the condition is unknown");
      if (!*keep) continue;
    }
    Value first = expression(expr.children[1], inner);
    if (!makes_object) {
      list.push_back(std::move(first));
      continue;
    }
    const std::optional<std::string> name = as_text(first);
    if (!name) return unknown(expr.children[1], "the name of a member is unknown");
    object.insert_or_assign(*name, expression(expr.children[2], inner));
  }
  return makes_object ? Value::of(std::move(object)) : Value::of(std::move(list));
}

/// The first argument that can be told: try(a.b, "c"). What bake would refuse is passed over, what is unknown is not.
Value Evaluator::try_each(const Expr& expr, const Locals& locals) {
  for (const Expr& argument : expr.children) {
    std::optional<Remark> outer = std::exchange(remark_, std::nullopt);
    Value value = expression(argument, locals);
    const bool passed_over = remark_ && remark_->refused && &argument != &expr.children.back();
    if (passed_over || outer) remark_ = std::move(outer);
    if (!passed_over) return value;
  }
  return refused(expr, "try wants an argument");
}

Value Evaluator::call(const Expr& expr, const Locals& locals) {
  if (expr.text == "try") return try_each(expr, locals);
  std::vector<Value> arguments;
  bool known = true;
  for (std::size_t i = 0; i < expr.children.size(); ++i) {
    Value value = expression(expr.children[i], locals);
    known &= value.known();
    if (!expr.spread || i + 1 < expr.children.size() || !value.known()) {
      arguments.push_back(std::move(value));
      continue;
    }
    if (!value.is(Value::Kind::list)) return refused(expr.children[i], "`...` spreads a list");
    for (const Value& item : *value.items) {
      known &= item.known();
      if (!spend(1 + item.string.size())) return unknown(expr, "the file makes too much of too little");
      arguments.push_back(item);
    }
  }
  const auto own = functions_.find(expr.text);
  if (own != functions_.end()) return user_function(expr, *own->second, std::move(arguments));
  const Function function = function_named(expr.text);
  if (function == nullptr) return unknown(expr, fmt::format("{}() is not evaluated", expr.text));
  if (!known) return {};
  try {
    Value value = function(Arguments(arguments, budget_));
    return value.known() ? value : unknown(expr, fmt::format("{}() is asked for something unknown", expr.text));
  } catch (const Refused& refusal) {
    return unknown(expr, fmt::format("{}(): {}", expr.text, refusal.why));
  }
}

Value Evaluator::user_function(const Expr& expr, const Block& function, std::vector<Value> arguments) {
  const Attribute* const parameters = function.find("params");
  const Attribute* const rest = function.find("variadic_params");
  const Attribute* const result = function.find("result");
  if (result == nullptr) return refused(expr, fmt::format("the function {} has no result", expr.text));
  Locals locals;
  std::size_t used = 0;
  if (parameters != nullptr) {
    for (const Expr& parameter : parameters->value.children) {
      if (used == arguments.size()) return refused(expr, fmt::format("{}() wants more arguments", expr.text));
      locals.values.insert_or_assign(parameter.text, std::move(arguments[used++]));
    }
  }
  if (rest != nullptr) {
    List more;
    while (used < arguments.size()) more.push_back(std::move(arguments[used++]));
    locals.values.insert_or_assign(rest->value.text, Value::of(std::move(more)));
  }
  if (used < arguments.size()) return refused(expr, fmt::format("{}() takes fewer arguments", expr.text));
  return expression(result->value, locals);
}

}  // namespace dockerlint::project::hcl
