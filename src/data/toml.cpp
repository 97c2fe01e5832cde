// SPDX-License-Identifier: Apache-2.0
#include "data/value.hpp"

// toml++ 3.3 asserts, or lets the compiler assume, that a key begins right behind the [ of `[!`, and then sees to it
// that it does. The code is what we trust.
#undef NDEBUG
#define TOML_ASSERT(expression) static_cast<void>(0)
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#define TOML_MAX_NESTED_VALUES 16
#include <toml++/toml.h>

#include <algorithm>
#include <exception>
#include <tuple>

namespace dockerlint::data {
namespace {

/// A dot in a key makes a table in a table, which toml++ takes apart by recursion: too many end the program. A key does
/// not go over lines. Which dots are those of keys is not asked: that would take a second parser.
constexpr std::size_t kMaxDots = 256;

/// The first line with too many dots; 0: there is none.
std::uint32_t overdotted_line(std::string_view text) {
  std::uint32_t line = 1;
  std::size_t dots = 0;
  for (const char c : text) {
    if (c == '.' && ++dots > kMaxDots) return line;
    if (c != '\n') continue;
    ++line;
    dots = 0;
  }
  return 0;
}

Place place_of(const toml::source_region& source) { return {source.begin.line, source.begin.column}; }

Value converted(const toml::node& node);

std::vector<Entry> entries_of(const toml::table& table) {
  std::vector<Entry> entries;
  for (const auto& [key, node] : table)
    entries.push_back({std::string(key.str()), place_of(key.source()), converted(node)});
  // toml++ sorts by key.
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
  });
  return entries;
}

Value converted(const toml::node& node) {
  Value value;
  value.place = place_of(node.source());
  if (const toml::table* const table = node.as_table()) {
    value.kind = Value::Kind::table;
    value.entries = entries_of(*table);
  } else if (const toml::array* const array = node.as_array()) {
    value.kind = Value::Kind::list;
    for (const toml::node& item : *array) value.items.push_back(converted(item));
  } else if (const auto* const words = node.as_string()) {
    value.kind = Value::Kind::words;
    value.words = words->get();
  } else if (const auto* const boolean = node.as_boolean()) {
    value.kind = Value::Kind::boolean;
    value.boolean = boolean->get();
  } else if (const auto* const integer = node.as_integer()) {
    value.kind = Value::Kind::integer;
    value.integer = integer->get();
  } else {
    value.other = node.is_floating_point() ? "a fraction" : "a date or a time";
  }
  return value;
}

}  // namespace

Parsed parse_toml(std::string_view text) {
  if (const std::uint32_t line = overdotted_line(text); line != 0)
    return {{}, Problem{{line, 1}, "more than 256 dots in one line"}};
  try {
    return {converted(toml::parse(text)), std::nullopt};
  } catch (const toml::parse_error& error) {
    std::string_view why = error.description();  // "Error while parsing key-value pair: expected value, saw '\n'"
    if (why.starts_with("Error while parsing")) why = why.substr(std::min(why.find(": ") + 2, why.size()));
    return {{}, Problem{place_of(error.source()), "not valid TOML: " + std::string(why)}};
  } catch (const std::exception& error) {
    return {{}, Problem{{}, error.what()}};
  }
}

}  // namespace dockerlint::data
