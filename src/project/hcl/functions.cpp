// SPDX-License-Identifier: Apache-2.0
#include "project/hcl/functions.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

namespace dockerlint::project::hcl {
namespace {

constexpr std::size_t kMany = std::numeric_limits<std::size_t>::max();

Value is_equal(const Arguments& in, bool wanted) {
  in.count(2, 2);
  const std::optional<bool> same = equal(in[0], in[1], in.budget());
  return same ? Value::of(*same == wanted) : Value();
}
Value equal_to(const Arguments& in) { return is_equal(in, true); }
Value not_equal(const Arguments& in) { return is_equal(in, false); }
Value both(const Arguments& in) {
  in.count(2, 2);
  return Value::of(in.boolean(0) && in.boolean(1));
}
Value either(const Arguments& in) {
  in.count(2, 2);
  return Value::of(in.boolean(0) || in.boolean(1));
}
Value negation(const Arguments& in) {
  in.count(1, 1);
  return Value::of(!in.boolean(0));
}

template <typename Operation>
Value of_two(const Arguments& in, Operation operation) {
  in.count(2, 2);
  return Value::of(operation(in.number(0), in.number(1)));
}
Value add(const Arguments& in) {
  return of_two(in, [](double a, double b) { return a + b; });
}
Value subtract(const Arguments& in) {
  return of_two(in, [](double a, double b) { return a - b; });
}
Value multiply(const Arguments& in) {
  return of_two(in, [](double a, double b) { return a * b; });
}
Value divide(const Arguments& in) {
  return of_two(in, [](double a, double b) { return b == 0 ? (refuse("it divides by zero"), 0.0) : a / b; });
}
Value modulo(const Arguments& in) {
  return of_two(in, [](double a, double b) { return b == 0 ? (refuse("it divides by zero"), 0.0) : std::fmod(a, b); });
}
Value less(const Arguments& in) {
  return of_two(in, [](double a, double b) { return a < b; });
}
Value less_or_equal(const Arguments& in) {
  return of_two(in, [](double a, double b) { return a <= b; });
}
Value greater(const Arguments& in) {
  return of_two(in, [](double a, double b) { return a > b; });
}
Value greater_or_equal(const Arguments& in) {
  return of_two(in, [](double a, double b) { return a >= b; });
}

Value least(const Arguments& in) {
  in.count(1, kMany);
  double out = in.number(0);
  for (std::size_t i = 1; i < in.size(); ++i) out = std::min(out, in.number(i));
  return Value::of(out);
}
Value most(const Arguments& in) {
  in.count(1, kMany);
  double out = in.number(0);
  for (std::size_t i = 1; i < in.size(); ++i) out = std::max(out, in.number(i));
  return Value::of(out);
}

constexpr NamedFunction kFunctions[] = {
    {"add", add},
    {"and", both},
    {"divide", divide},
    {"equal", equal_to},
    {"greaterthan", greater},
    {"greaterthanorequalto", greater_or_equal},
    {"lessthan", less},
    {"lessthanorequalto", less_or_equal},
    {"max", most},
    {"min", least},
    {"modulo", modulo},
    {"multiply", multiply},
    {"not", negation},
    {"notequal", not_equal},
    {"or", either},
    {"subtract", subtract},
};

}  // namespace

void refuse(std::string why) { throw Refused{std::move(why)}; }

std::size_t index_of(double number) {
  if (!(number >= 0) || number != std::floor(number) || number > 1e9) refuse("an index is a whole number");
  return static_cast<std::size_t>(number);
}

Function function_named(std::string_view name) {
  for (const std::span<const NamedFunction> functions :
       {std::span<const NamedFunction>(kFunctions), text_functions(), list_functions()}) {
    const auto found = std::find_if(functions.begin(), functions.end(),
                                    [&](const NamedFunction& function) { return function.name == name; });
    if (found != functions.end()) return found->function;
  }
  return nullptr;
}

}  // namespace dockerlint::project::hcl
