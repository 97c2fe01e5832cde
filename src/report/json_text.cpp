// SPDX-License-Identifier: Apache-2.0
#include "report/json_text.hpp"

#include "text/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace dockerlint {

namespace {

/// Printable ASCII that JSON has no other meaning for: nearly all that is ever written.
constexpr auto is_plain = [](char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; };

}  // namespace

void append_json(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto plain = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_plain) - text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const CodePoint c = decode(text);
    switch (c.value) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (c.value < 0x20 || (c.value >= 0x7F && c.value < 0xA0))
          fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<std::uint32_t>(c.value));
        else if (!c.valid) append_utf8(out, 0xFFFD);
        else out += text.substr(0, c.length);
    }
    text.remove_prefix(c.length);
  }
  out += '"';
}

void JsonWriter::text(std::string_view value) {
  comma();
  append_json(out_, value);
}

void JsonWriter::member(std::string_view name, std::string_view value) {
  key(name);
  text(value);
}

void JsonWriter::member(std::string_view name, std::uint32_t value) {
  key(name);
  const fmt::format_int digits(value);
  out_.append(digits.data(), digits.size());
  first_ = false;
}

void JsonWriter::comma() {
  if (!first_) out_ += ", ";
  first_ = false;
}

void JsonWriter::key(std::string_view name) {
  text(name);
  out_ += ": ";
  first_ = true;
}

}  // namespace dockerlint
