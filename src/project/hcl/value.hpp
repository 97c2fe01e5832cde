// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an expression of HCL gives. Cheap to copy: lists and objects are shared and never change.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::project::hcl {

struct Value;
using List = std::vector<Value>;
using Object = std::map<std::string, Value, std::less<>>;  // HCL goes through objects in this order

struct Value {
  enum class Kind : std::uint8_t { unknown, null, boolean, number, string, list, object };

  Kind kind = Kind::unknown;
  bool boolean = false;
  double number = 0;
  std::string string;
  std::shared_ptr<const List> items;
  std::shared_ptr<const Object> members;

  static Value of(bool value);
  static Value of(double value);
  static Value of(std::string value);
  static Value of(List value);
  static Value of(Object value);
  static Value null();

  bool known() const { return kind != Kind::unknown; }
  bool is(Kind other) const { return kind == other; }
};

/// As `${…}` puts it into a text; nothing for what is no scalar, null, or a number that we cannot write as HCL does.
std::optional<std::string> as_text(const Value& value);
std::optional<double> as_number(const Value& value);
std::optional<bool> as_boolean(const Value& value);

/// Nothing when it depends on what is unknown. `budget` is what may still be looked at.
std::optional<bool> equal(const Value& a, const Value& b, std::size_t& budget);

}  // namespace dockerlint::project::hcl
