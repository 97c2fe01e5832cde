// SPDX-License-Identifier: Apache-2.0
#include "project/hcl/functions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace dockerlint::project::hcl {
namespace {

constexpr std::size_t kMany = std::numeric_limits<std::size_t>::max();

Value coalesce(const Arguments& in) {
  in.count(1, kMany);
  for (const Value& value : in.all())
    if (!value.is(Value::Kind::null)) return value;
  refuse("all arguments are null");
}

Value coalesce_list(const Arguments& in) {
  in.count(1, kMany);
  for (std::size_t i = 0; i < in.size(); ++i)
    if (!in.list(i).empty()) return in[i];
  refuse("all lists are empty");
}

Value concat(const Arguments& in) {
  in.count(1, kMany);
  List out;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const List& list = in.list(i);
    out.insert(out.end(), list.begin(), list.end());
  }
  return Value::of(std::move(out));
}

Value merge(const Arguments& in) {
  Object out;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (in[i].is(Value::Kind::null)) continue;
    for (const auto& [name, value] : in.object(i)) out.insert_or_assign(name, value);
  }
  return Value::of(std::move(out));
}

Value contains(const Arguments& in) {
  in.count(2, 2);
  bool sure = true;
  for (const Value& item : in.list(0)) {
    const std::optional<bool> same = equal(item, in[1], in.budget());
    if (same && *same) return Value::of(true);
    sure &= same.has_value();
  }
  return sure ? Value::of(false) : Value();
}

Value element(const Arguments& in) {
  in.count(2, 2);
  const List& list = in.list(0);
  if (list.empty()) refuse("the list is empty");
  return list[index_of(in.number(1)) % list.size()];
}

Value length(const Arguments& in) {
  in.count(1, 1);
  if (in[0].is(Value::Kind::object)) return Value::of(static_cast<double>(in.object(0).size()));
  if (in[0].is(Value::Kind::string)) return function_named("strlen")(in);
  return Value::of(static_cast<double>(in.list(0).size()));
}

Value keys(const Arguments& in) {
  in.count(1, 1);
  List out;
  for (const auto& member : in.object(0)) out.push_back(Value::of(member.first));
  return Value::of(std::move(out));
}

Value values(const Arguments& in) {
  in.count(1, 1);
  List out;
  for (const auto& member : in.object(0)) out.push_back(member.second);
  return Value::of(std::move(out));
}

Value lookup(const Arguments& in) {
  in.count(2, 3);
  const Object& object = in.object(0);
  const auto found = object.find(in.text(1));
  if (found != object.end()) return found->second;
  if (in.size() < 3) refuse("there is no such key");
  return in[2];
}

Value has_index(const Arguments& in) {
  in.count(2, 2);
  if (in[0].is(Value::Kind::object)) return Value::of(in.object(0).contains(in.text(1)));
  const double number = in.number(1);
  return Value::of(number >= 0 && number == std::floor(number) && number < static_cast<double>(in.list(0).size()));
}

Value index(const Arguments& in) {
  in.count(2, 2);
  if (in[0].is(Value::Kind::object)) {
    const auto found = in.object(0).find(in.text(1));
    if (found == in.object(0).end()) refuse("there is no such key");
    return found->second;
  }
  const std::size_t at = index_of(in.number(1));
  if (at >= in.list(0).size()) refuse("there is no such item");
  return in.list(0)[at];
}

Value compact(const Arguments& in) {
  in.count(1, 1);
  List out;
  for (const Value& item : in.list(0)) {
    if (!item.known()) return {};
    if (!item.is(Value::Kind::null) && !(item.is(Value::Kind::string) && item.string.empty())) out.push_back(item);
  }
  return Value::of(std::move(out));
}

Value distinct(const Arguments& in) {
  in.count(1, 1);
  List out;
  for (const Value& item : in.list(0)) {
    bool there = false;
    for (const Value& other : out) {
      const std::optional<bool> same = equal(item, other, in.budget());
      if (!same) return {};
      there |= *same;
    }
    if (!there) out.push_back(item);
  }
  return Value::of(std::move(out));
}

void flatten_into(const Arguments& in, const List& list, List& out) {
  for (const Value& item : list) {
    in.spend(1);
    if (item.is(Value::Kind::list)) flatten_into(in, *item.items, out);
    else out.push_back(item);
  }
}

Value flatten(const Arguments& in) {
  in.count(1, 1);
  List out;
  flatten_into(in, in.list(0), out);
  return Value::of(std::move(out));
}

Value reverse_list(const Arguments& in) {
  in.count(1, 1);
  const List& list = in.list(0);
  return Value::of(List(list.rbegin(), list.rend()));
}

Value sort(const Arguments& in) {
  in.count(1, 1);
  List list = in.list(0);
  for (const Value& item : list) {
    if (!item.known()) return {};
    if (!item.is(Value::Kind::string)) refuse("only texts are sorted");
  }
  std::sort(list.begin(), list.end(), [](const Value& a, const Value& b) { return a.string < b.string; });
  return Value::of(std::move(list));
}

Value slice(const Arguments& in) {
  in.count(3, 3);
  const List& list = in.list(0);
  const std::size_t begin = index_of(in.number(1));
  const std::size_t end = index_of(in.number(2));
  if (begin > end || end > list.size()) refuse("there are no such items");
  return Value::of(
      List(list.begin() + static_cast<std::ptrdiff_t>(begin), list.begin() + static_cast<std::ptrdiff_t>(end)));
}

Value range(const Arguments& in) {
  in.count(1, 3);
  const double begin = in.size() > 1 ? in.number(0) : 0;
  const double end = in.number(in.size() > 1 ? 1 : 0);
  const double step = in.size() > 2 ? in.number(2) : begin <= end ? 1 : -1;
  if (step == 0) refuse("the step is zero");
  List out;
  for (double at = begin; step > 0 ? at < end : at > end; at += step) {
    in.spend(1);
    out.push_back(Value::of(at));
  }
  return Value::of(std::move(out));
}

Value zipmap(const Arguments& in) {
  in.count(2, 2);
  const List& names = in.list(0);
  const List& made = in.list(1);
  if (names.size() != made.size()) refuse("the lists are not of one length");
  Object out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::optional<std::string> name = as_text(names[i]);
    if (!name) return {};
    out.insert_or_assign(*name, made[i]);
  }
  return Value::of(std::move(out));
}

constexpr NamedFunction kFunctions[] = {
    {"coalesce", coalesce},  {"coalescelist", coalesce_list},
    {"compact", compact},    {"concat", concat},
    {"contains", contains},  {"distinct", distinct},
    {"element", element},    {"flatten", flatten},
    {"hasindex", has_index}, {"index", index},
    {"keys", keys},          {"length", length},
    {"lookup", lookup},      {"merge", merge},
    {"range", range},        {"reverselist", reverse_list},
    {"slice", slice},        {"sort", sort},
    {"values", values},      {"zipmap", zipmap},
};

}  // namespace

std::span<const NamedFunction> list_functions() { return kFunctions; }

}  // namespace dockerlint::project::hcl
