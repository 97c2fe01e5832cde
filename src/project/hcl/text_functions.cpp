// SPDX-License-Identifier: Apache-2.0
#include "project/hcl/functions.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace dockerlint::project::hcl {
namespace {

constexpr std::size_t kMany = std::numeric_limits<std::size_t>::max();

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Case and length of other letters are not for us to know.
std::string ascii(const Arguments& in, std::size_t i) {
  std::string text = in.text(i);
  if (!is_ascii(text)) refuse("only ASCII is understood here");
  return text;
}

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

constexpr NamedFunction kFunctions[] = {
    {"basename", base_name},
    {"chomp", chomp},
    {"dirname", dir_name},
    {"format", format},
    {"join", join},
    {"lower", lower},
    {"replace", replace},
    {"sanitize", sanitize},
    {"split", split},
    {"strlen", string_length},
    {"substr", substr},
    {"title", title},
    {"trim", trim_set},
    {"trimprefix", trim_prefix},
    {"trimspace", trim_space},
    {"trimsuffix", trim_suffix},
    {"upper", upper},
};

}  // namespace

std::span<const NamedFunction> text_functions() { return kFunctions; }

}  // namespace dockerlint::project::hcl
