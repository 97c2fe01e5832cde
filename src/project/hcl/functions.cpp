// SPDX-License-Identifier: Apache-2.0
#include "project/hcl/functions.hpp"

#include "text/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

namespace dockerlint::project::hcl {
namespace {

constexpr std::size_t kMany = std::numeric_limits<std::size_t>::max();

[[noreturn]] void refuse(std::string why) { throw Refused{std::move(why)}; }

std::size_t index_of(double number) {
  if (!(number >= 0) || number != std::floor(number) || number > 1e9) refuse("an index is a whole number");
  return static_cast<std::size_t>(number);
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Case and length of other letters are not for us to know.
std::string ascii(const Arguments& in, std::size_t i) {
  std::string text = in.text(i);
  if (!is_ascii(text)) refuse("only ASCII is understood here");
  return text;
}

// --- texts ---

Value lower(const Arguments& in) {
  in.count(1, 1);
  std::string text = ascii(in, 0);
  std::transform(text.begin(), text.end(), text.begin(), to_lower);
  return Value::of(std::move(text));
}

Value upper(const Arguments& in) {
  in.count(1, 1);
  std::string text = ascii(in, 0);
  std::transform(text.begin(), text.end(), text.begin(), to_upper);
  return Value::of(std::move(text));
}

Value title(const Arguments& in) {
  in.count(1, 1);
  std::string text = ascii(in, 0);
  for (std::size_t i = 0; i < text.size(); ++i)
    if (i == 0 || text[i - 1] == ' ') text[i] = to_upper(text[i]);
  return Value::of(std::move(text));
}

Value replace(const Arguments& in) {
  in.count(3, 3);
  const std::string text = in.text(0);
  const std::string what = in.text(1);
  const std::string with = in.text(2);
  if (what.empty()) refuse("nothing is replaced by something");
  std::string out;
  for (std::size_t at = 0;;) {
    const std::size_t found = text.find(what, at);
    out += text.substr(at, found - at);
    if (found == std::string::npos) break;
    out += with;
    in.spend(with.size() + 1);
    at = found + what.size();
  }
  return Value::of(std::move(out));
}

Value join(const Arguments& in) {
  in.count(2, kMany);
  const std::string separator = in.text(0);
  std::string out;
  bool first = true;
  for (std::size_t i = 1; i < in.size(); ++i) {
    for (const Value& item : in.list(i)) {
      const std::optional<std::string> text = as_text(item);
      if (!item.known()) return {};
      if (!text) refuse("only texts are joined");
      in.spend(text->size() + separator.size());
      if (!std::exchange(first, false)) out += separator;
      out += *text;
    }
  }
  return Value::of(std::move(out));
}

Value split(const Arguments& in) {
  in.count(2, 2);
  const std::string separator = in.text(0);
  const std::string text = in.text(1);
  if (separator.empty()) refuse("the separator is empty");
  List out;
  for (std::size_t at = 0;;) {
    const std::size_t end = text.find(separator, at);
    in.spend(1);
    out.push_back(Value::of(text.substr(at, end - at)));
    if (end == std::string::npos) return Value::of(std::move(out));
    at = end + separator.size();
  }
}

Value trim_by(const Arguments& in, bool left, bool right) {
  std::string text = in.text(0);
  const std::string set = in.size() > 1 ? in.text(1) : " \t\r\n\v\f";
  if (!is_ascii(set)) refuse("only ASCII is understood here");
  if (right) text.resize(std::min(text.find_last_not_of(set) + 1, text.size()));
  if (left) text.erase(0, std::min(text.find_first_not_of(set), text.size()));
  return Value::of(std::move(text));
}

Value trim_set(const Arguments& in) {
  in.count(2, 2);
  return trim_by(in, true, true);
}

Value trim_space(const Arguments& in) {
  in.count(1, 1);
  return trim_by(in, true, true);
}

Value trim_prefix(const Arguments& in) {
  in.count(2, 2);
  std::string text = in.text(0);
  const std::string prefix = in.text(1);
  if (text.starts_with(prefix)) text.erase(0, prefix.size());
  return Value::of(std::move(text));
}

Value trim_suffix(const Arguments& in) {
  in.count(2, 2);
  std::string text = in.text(0);
  const std::string suffix = in.text(1);
  if (text.ends_with(suffix)) text.resize(text.size() - suffix.size());
  return Value::of(std::move(text));
}

Value chomp(const Arguments& in) {
  in.count(1, 1);
  std::string text = in.text(0);
  text.resize(std::min(text.find_last_not_of("\r\n") + 1, text.size()));
  return Value::of(std::move(text));
}

Value substr(const Arguments& in) {
  in.count(3, 3);
  const std::string text = ascii(in, 0);
  double begin = in.number(1);
  const double length = in.number(2);
  if (begin < 0) begin += static_cast<double>(text.size());
  const std::size_t at = std::min(index_of(std::max(begin, 0.0)), text.size());
  return Value::of(text.substr(at, length < 0 ? kMany : index_of(length)));
}

Value string_length(const Arguments& in) {
  in.count(1, 1);
  return Value::of(static_cast<double>(ascii(in, 0).size()));
}

/// `%s %d %v %q %%`, without widths.
Value format(const Arguments& in) {
  in.count(1, kMany);
  const std::string pattern = in.text(0);
  std::string out;
  std::size_t next = 1;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] != '%') {
      out += pattern[at];
      continue;
    }
    const char verb = ++at < pattern.size() ? pattern[at] : '\0';
    if (verb == '%') {
      out += '%';
      continue;
    }
    if (verb != 's' && verb != 'd' && verb != 'v') refuse("only %s, %d and %v are understood");
    if (next >= in.size()) refuse("it has fewer arguments than its format");
    if (verb == 'd' && in.number(next) != std::floor(in.number(next))) refuse("%d is for whole numbers");
    out += in.text(next++);
  }
  return Value::of(std::move(out));
}

/// buildx, bake/hclparser/stdlib.go: what a target's name may not have becomes `_`.
Value sanitize(const Arguments& in) {
  in.count(1, 1);
  std::string text = ascii(in, 0);
  for (char& c : text)
    if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '_' && c != '-') c = '_';
  return Value::of(std::move(text));
}

Value base_name(const Arguments& in) {
  in.count(1, 1);
  const std::string path = in.text(0);
  if (path.empty() || path.ends_with('/')) refuse("only plain paths are understood");
  return Value::of(path.substr(path.rfind('/') + 1));
}

Value dir_name(const Arguments& in) {
  in.count(1, 1);
  const std::string path = in.text(0);
  const std::size_t slash = path.rfind('/');
  if (path.ends_with('/') || slash == 0) refuse("only plain paths are understood");
  return Value::of(slash == std::string::npos ? std::string(".") : path.substr(0, slash));
}

// --- logic and numbers ---

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

// --- lists and objects ---

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
  if (in[0].is(Value::Kind::string)) return string_length(in);
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

struct Entry {
  std::string_view name;
  Function function;
};

constexpr Entry kFunctions[] = {
    {"add", add},
    {"and", both},
    {"basename", base_name},
    {"chomp", chomp},
    {"coalesce", coalesce},
    {"coalescelist", coalesce_list},
    {"compact", compact},
    {"concat", concat},
    {"contains", contains},
    {"dirname", dir_name},
    {"distinct", distinct},
    {"divide", divide},
    {"element", element},
    {"equal", equal_to},
    {"flatten", flatten},
    {"format", format},
    {"greaterthan", greater},
    {"greaterthanorequalto", greater_or_equal},
    {"hasindex", has_index},
    {"index", index},
    {"join", join},
    {"keys", keys},
    {"length", length},
    {"lessthan", less},
    {"lessthanorequalto", less_or_equal},
    {"lookup", lookup},
    {"lower", lower},
    {"max", most},
    {"merge", merge},
    {"min", least},
    {"modulo", modulo},
    {"multiply", multiply},
    {"not", negation},
    {"notequal", not_equal},
    {"or", either},
    {"range", range},
    {"replace", replace},
    {"reverselist", reverse_list},
    {"sanitize", sanitize},
    {"slice", slice},
    {"sort", sort},
    {"split", split},
    {"strlen", string_length},
    {"substr", substr},
    {"subtract", subtract},
    {"title", title},
    {"trim", trim_set},
    {"trimprefix", trim_prefix},
    {"trimspace", trim_space},
    {"trimsuffix", trim_suffix},
    {"upper", upper},
    {"values", values},
    {"zipmap", zipmap},
};

}  // namespace

Function function_named(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                         [&](const Entry& entry) { return entry.name == name; });
  return found == std::end(kFunctions) ? nullptr : found->function;
}

}  // namespace dockerlint::project::hcl
