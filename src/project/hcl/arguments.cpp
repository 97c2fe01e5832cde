// SPDX-License-Identifier: Apache-2.0
#include "project/hcl/functions.hpp"

#include <fmt/format.h>

namespace dockerlint::project::hcl {
namespace {

[[noreturn]] void refuse(std::size_t i, std::string_view wanted) {
  throw Refused{fmt::format("argument {} is no {}", i + 1, wanted)};
}

}  // namespace

std::string Arguments::text(std::size_t i) const {
  std::optional<std::string> text = as_text(values_[i]);
  if (!text) refuse(i, "text");
  spend(text->size());
  return std::move(*text);
}

double Arguments::number(std::size_t i) const {
  const std::optional<double> number = as_number(values_[i]);
  if (!number) refuse(i, "number");
  return *number;
}

bool Arguments::boolean(std::size_t i) const {
  const std::optional<bool> boolean = as_boolean(values_[i]);
  if (!boolean) refuse(i, "boolean");
  return *boolean;
}

const List& Arguments::list(std::size_t i) const {
  if (!values_[i].is(Value::Kind::list)) refuse(i, "list");
  for (const Value& item : *values_[i].items) spend(1 + item.string.size());
  return *values_[i].items;
}

const Object& Arguments::object(std::size_t i) const {
  if (!values_[i].is(Value::Kind::object)) refuse(i, "object");
  for (const auto& [name, value] : *values_[i].members) spend(1 + name.size() + value.string.size());
  return *values_[i].members;
}

void Arguments::count(std::size_t least, std::size_t most) const {
  if (size() < least || size() > most) throw Refused{fmt::format("it does not take {} arguments", size())};
}

void Arguments::spend(std::size_t much) const {
  if (much >= budget_) {
    budget_ = 0;
    throw Refused{"the file makes too much of too little"};
  }
  budget_ -= much;
}

}  // namespace dockerlint::project::hcl
