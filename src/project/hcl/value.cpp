// SPDX-License-Identifier: Apache-2.0
#include "project/hcl/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace dockerlint::project::hcl {

Value Value::of(bool value) {
  Value out;
  out.kind = Kind::boolean;
  out.boolean = value;
  return out;
}
Value Value::of(double value) {
  Value out;
  out.kind = Kind::number;
  out.number = value;
  return out;
}
Value Value::of(std::string value) {
  Value out;
  out.kind = Kind::string;
  out.string = std::move(value);
  return out;
}
Value Value::of(List value) {
  Value out;
  out.kind = Kind::list;
  out.items = std::make_shared<const List>(std::move(value));
  return out;
}
Value Value::of(Object value) {
  Value out;
  out.kind = Kind::object;
  out.members = std::make_shared<const Object>(std::move(value));
  return out;
}
Value Value::null() {
  Value out;
  out.kind = Kind::null;
  return out;
}

std::optional<std::string> as_text(const Value& value) {
  constexpr double kExact = 1e15;  // HCL counts with more digits than we do
  switch (value.kind) {
    case Value::Kind::string: return value.string;
    case Value::Kind::boolean: return value.boolean ? "true" : "false";
    case Value::Kind::number: {
      if (!(std::fabs(value.number) < kExact)) return std::nullopt;
      if (value.number == std::floor(value.number)) return fmt::format("{:.0f}", value.number + 0.0);
      std::string text = fmt::format("{}", value.number);
      if (text.find('e') != std::string::npos) return std::nullopt;
      return text;
    }
    default: return std::nullopt;
  }
}

std::optional<double> as_number(const Value& value) {
  if (value.is(Value::Kind::number)) return value.number;
  if (!value.is(Value::Kind::string) || value.string.empty()) return std::nullopt;
  double number = 0;
  const char* const end = value.string.data() + value.string.size();
  const auto [stop, error] = std::from_chars(value.string.data(), end, number, std::chars_format::fixed);
  if (stop != end || error != std::errc() || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<bool> as_boolean(const Value& value) {
  if (value.is(Value::Kind::boolean)) return value.boolean;
  if (value.is(Value::Kind::string) && (value.string == "true" || value.string == "1")) return true;
  if (value.is(Value::Kind::string) && (value.string == "false" || value.string == "0")) return false;
  return std::nullopt;
}

std::optional<bool> equal(const Value& a, const Value& b, std::size_t& budget) {
  if (budget == 0 || !a.known() || !b.known()) return std::nullopt;
  --budget;
  if (a.kind != b.kind) {
    // A number in quotes is a number to some functions, to `==` it is not.
    return false;
  }
  switch (a.kind) {
    case Value::Kind::boolean: return a.boolean == b.boolean;
    case Value::Kind::number: return a.number == b.number;
    case Value::Kind::string: return a.string == b.string;
    case Value::Kind::list: {
      if (a.items->size() != b.items->size()) return false;
      bool sure = true;
      for (std::size_t i = 0; i < a.items->size(); ++i) {
        const std::optional<bool> same = equal((*a.items)[i], (*b.items)[i], budget);
        if (same && !*same) return false;
        sure &= same.has_value();
      }
      return sure ? std::optional(true) : std::nullopt;
    }
    case Value::Kind::object: {
      if (a.members->size() != b.members->size()) return false;
      bool sure = true;
      for (auto one = a.members->begin(), other = b.members->begin(); one != a.members->end(); ++one, ++other) {
        if (one->first != other->first) return false;
        const std::optional<bool> same = equal(one->second, other->second, budget);
        if (same && !*same) return false;
        sure &= same.has_value();
      }
      return sure ? std::optional(true) : std::nullopt;
    }
    default: return true;  // null
  }
}

}  // namespace dockerlint::project::hcl
