// SPDX-License-Identifier: Apache-2.0
#pragma once
// A file as it is read, before anything is known of its meaning: one shape for TOML and YAML, in which everything knows
// where it stands. toml++ is known to toml.cpp alone, yaml-cpp to yaml.cpp.

#include "dockerlint/text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::data {

struct Place {
  std::uint32_t line = 0;  // from 1; 0: the file as a whole
  std::uint32_t column = 0;
};

struct Problem {
  Place place;
  std::string message;
  TextRange range = {};
};

struct Entry;

/// How YAML writes a scalar.
enum class Style : std::uint8_t { plain, single_quoted, double_quoted, literal, folded };

struct Value {
  enum class Kind : std::uint8_t { boolean, integer, words, list, table, other };

  Kind kind = Kind::other;
  Place place;
  bool boolean = false;
  std::int64_t integer = 0;
  std::string words;  // of YAML: a scalar's text, whatever else it is taken for
  std::vector<Value> items;
  std::vector<Entry> entries;   // in the order of the file
  std::string_view other = {};  // what it is instead: "a date", "nothing"
  Style style = Style::plain;   // of YAML, as the rest
  TextRange range = {};         // in bytes; of a list or table only where it begins
  std::string tag;              // a local one, as compose's !reset

  /// "a boolean", "a list".
  std::string_view kind_name() const;
  bool is_scalar() const { return kind == Kind::words || kind == Kind::boolean || kind == Kind::integer; }
  bool is_nothing() const { return kind == Kind::other && other == "nothing"; }
  /// The first entry of that name; null: there is none, or this is no table.
  const Entry* find(std::string_view key) const;
};

struct Entry {
  std::string key;
  Place place;
  Value value;
  TextRange range = {};  // of the key
};

struct Parsed {
  Value root;  // a table, if nothing is wrong
  std::optional<Problem> problem;
  std::vector<Problem> duplicates;  // keys that a table of YAML has already; many programs refuse them
};

/// Longer texts are no configuration: parsers of other people's making are not to be trusted with them.
inline constexpr std::size_t kMaxDataSize = std::size_t{1} << 20;

Parsed parse_toml(std::string_view text);
/// The first document. An empty text is an empty table. Aliases are followed and `<<` merged; a text that grows beyond
/// measure by them is refused.
Parsed parse_yaml(std::string_view text);

}  // namespace dockerlint::data
