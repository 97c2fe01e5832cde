// SPDX-License-Identifier: Apache-2.0
#pragma once
// JSON with the lines that its values stand in. nlohmann's library is known to json.cpp alone.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint {

struct JsonMember;

struct JsonValue {
  enum class Kind : unsigned char { object, array, text, number, other };  // other: true, false, null
  Kind kind = Kind::other;
  std::size_t line = 1;
  std::string text;                 // of a number: its digits, if it is a whole one
  std::vector<JsonMember> members;  // in the order of the file; a key may come twice
  std::vector<JsonValue> items;
};

struct JsonMember {
  std::string key;
  std::size_t line;
  JsonValue value;
};

struct JsonDocument {
  JsonValue root;
  std::string error;  // why it is no JSON; empty: it is
  std::size_t error_line = 1;
  std::size_t error_column = 1;
};

JsonDocument parse_json(std::string_view bytes);

}  // namespace dockerlint
