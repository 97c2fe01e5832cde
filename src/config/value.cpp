// SPDX-License-Identifier: Apache-2.0
#include "config/value.hpp"

namespace dockerlint::config {

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

}  // namespace dockerlint::config
