// SPDX-License-Identifier: Apache-2.0
#pragma once
// A configuration file as it is read, before anything is known of its meaning: one shape for TOML and YAML, in
// which everything knows where it stands. toml++ is known to toml.cpp alone, yaml-cpp to yaml.cpp.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::config {

struct Place {
  std::uint32_t line = 0;  // from 1; 0: the file as a whole
  std::uint32_t column = 0;
};

struct Problem {
  Place place;
  std::string message;
};

struct Entry;

struct Value {
  enum class Kind : std::uint8_t { boolean, integer, words, list, table, other };

  Kind kind = Kind::other;
  Place place;
  bool boolean = false;
  std::int64_t integer = 0;
  std::string words;
  std::vector<Value> items;
  std::vector<Entry> entries;   // in the order of the file
  std::string_view other = {};  // what it is instead: "a date"

  /// "a boolean", "a list".
  std::string_view kind_name() const;
};

struct Entry {
  std::string key;
  Place place;
  Value value;
};

struct Parsed {
  Value root;  // a table, if nothing is wrong
  std::optional<Problem> problem;
};

/// Longer texts are no configuration: parsers of other people's making are not to be trusted with them.
inline constexpr std::size_t kMaxConfigSize = std::size_t{1} << 20;

Parsed parse_toml(std::string_view text);
/// An empty text is an empty table. Aliases are followed; a text that grows beyond measure by them is refused.
Parsed parse_yaml(std::string_view text);

}  // namespace dockerlint::config
