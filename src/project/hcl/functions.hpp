// SPDX-License-Identifier: Apache-2.0
#pragma once
// The functions that bake offers, as far as bake files use them.
// https://github.com/docker/buildx/blob/master/docs/bake-stdlib.md

#include "project/hcl/value.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace dockerlint::project::hcl {

/// Why a function gave nothing.
struct Refused {
  std::string why;
};

class Arguments {
 public:
  /// `budget` is what all functions of a file may still look at or make.
  Arguments(std::span<const Value> values, std::size_t& budget) : values_(values), budget_(budget) {}

  std::size_t size() const { return values_.size(); }
  const Value& operator[](std::size_t i) const { return values_[i]; }
  std::span<const Value> all() const { return values_; }
  std::span<const Value> from(std::size_t i) const { return values_.subspan(i); }
  std::size_t& budget() const { return budget_; }

  // Each throws Refused when the argument is something else.
  std::string text(std::size_t i) const;
  double number(std::size_t i) const;
  bool boolean(std::size_t i) const;
  const List& list(std::size_t i) const;
  const Object& object(std::size_t i) const;
  void count(std::size_t least, std::size_t most) const;
  /// Throws when more is made than may be.
  void spend(std::size_t much) const;

 private:
  std::span<const Value> values_;
  std::size_t& budget_;
};

using Function = Value (*)(const Arguments&);

struct NamedFunction {
  std::string_view name;
  Function function;
};
std::span<const NamedFunction> text_functions();
std::span<const NamedFunction> list_functions();

[[noreturn]] void refuse(std::string why);
/// Refuses what is no whole number from 0.
std::size_t index_of(double number);

/// Null: not one that is evaluated here. None of the arguments is unknown, save in lists and objects.
Function function_named(std::string_view name);

}  // namespace dockerlint::project::hcl
