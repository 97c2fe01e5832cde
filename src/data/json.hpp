// SPDX-License-Identifier: Apache-2.0
#pragma once
// JSON with the places that its values stand in. nlohmann's library is known to json.cpp alone.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint {

struct JsonMember;

struct JsonValue {
  enum class Kind : unsigned char { object, array, text, number, boolean, null };
  Kind kind = Kind::null;
  std::size_t line = 1;
  std::string text;                 // decoded; of numbers and booleans as they are written
  std::size_t end = 0;              // in bytes: behind a scalar, behind the bracket that opens an object or array
  std::vector<JsonMember> members;  // in the order of the file; a key may come twice
  std::vector<JsonValue> items;
};

struct JsonMember {
  std::string key;
  std::size_t line;
  JsonValue value;
  std::size_t end = 0;  // behind the key's quote
};

struct JsonDocument {
  JsonValue root;
  std::string error;  // why it is no JSON; empty: it is
  std::size_t error_line = 1;
  std::size_t error_end = 0;  // in bytes
};

JsonDocument parse_json(std::string_view bytes);

}  // namespace dockerlint
