// SPDX-License-Identifier: Apache-2.0
#pragma once
// JSON as it is written here: one finding a line, blanks inside of braces.

#include <cstdint>
#include <string>
#include <string_view>

namespace dockerlint {

/// Appends `text` as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD. Control characters,
/// C1 and DEL among them, are escaped, so that the output is harmless on a terminal too.
void append_json(std::string& out, std::string_view text);

/// Writes values with the commas between them. Those who use it see that members have names, and elements none.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  template <typename Fill>
  void object(Fill fill) {
    enclosed("{ ", fill, " }");
  }
  template <typename Fill>
  void array(Fill fill) {
    enclosed("[", fill, "]");
  }
  void text(std::string_view value);

  template <typename Fill>
  void object(std::string_view name, Fill fill) {
    key(name);
    enclosed("{ ", fill, " }");
  }
  template <typename Fill>
  void array(std::string_view name, Fill fill) {
    key(name);
    enclosed("[", fill, "]");
  }
  void member(std::string_view name, std::string_view value);
  void member(std::string_view name, std::uint32_t value);

 private:
  template <typename Fill>
  void enclosed(std::string_view open, Fill fill, std::string_view close) {
    comma();
    out_ += open;
    first_ = true;
    fill();
    out_ += close;
    first_ = false;
  }
  void comma();
  void key(std::string_view name);

  std::string& out_;
  bool first_ = true;  // nothing before it needs a comma
};

}  // namespace dockerlint
