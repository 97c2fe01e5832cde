// SPDX-License-Identifier: Apache-2.0
#include "data/value.hpp"

#include <algorithm>

namespace dockerlint::data {

std::string_view Value::kind_name() const {
  switch (kind) {
    case Kind::boolean: return "a boolean";
    case Kind::integer: return "a number";
    case Kind::words: return "a string";
    case Kind::list: return "a list";
    case Kind::table: return "a table";
    case Kind::other: break;
  }
  return other;
}

const Entry* Value::find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace dockerlint::data
