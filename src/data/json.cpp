// SPDX-License-Identifier: Apache-2.0
#include "data/json.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <iterator>
#include <utility>

namespace dockerlint {
namespace {

using nlohmann::json;

/// The library says nothing of lines, but asks for one character after the other: count them.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* line, std::size_t* read) : at_(at), line_(line), read_(read) {}

  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    if (*at_ == '\n') ++*line_;
    ++at_;
    ++*read_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator old = *this;
    ++*this;
    return old;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  std::size_t* line_;
  std::size_t* read_;
};

/// Builds the tree from the parser's events.
class TreeBuilder : public nlohmann::json_sax<json> {
 public:
  explicit TreeBuilder(JsonDocument& document) : document_(document) {}

  std::size_t line = 1;
  std::size_t read = 0;  // bytes

  bool null() override { return add(JsonValue::Kind::null, "null"); }
  bool boolean(bool value) override { return add(JsonValue::Kind::boolean, value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return add(JsonValue::Kind::number, std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return add(JsonValue::Kind::number, std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override { return add(JsonValue::Kind::number, text); }
  bool binary(binary_t&) override { return false; }  // JSON has none
  bool string(string_t& text) override { return add(JsonValue::Kind::text, std::move(text)); }
  bool start_object(std::size_t) override { return open(JsonValue::Kind::object); }
  bool start_array(std::size_t) override { return open(JsonValue::Kind::array); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    open_.back()->members.push_back({std::move(name), line, {}, read});
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    // "[json.exception.parse_error.101] parse error at line 3, column 1: syntax error while parsing …"
    const std::string_view what = error.what();
    const std::size_t colon = what.find(": ");
    return fail(std::string(colon == std::string_view::npos ? what : what.substr(colon + 2)));
  }

 private:
  static constexpr std::size_t kMaxDepth = 16;  // a tool's file has four levels

  bool fail(std::string why) {
    document_.error = std::move(why);
    document_.error_line = line;
    document_.error_end = read;
    return false;
  }

  JsonValue* place(JsonValue value) {
    JsonValue* at = &document_.root;
    if (!open_.empty() && open_.back()->kind == JsonValue::Kind::object) at = &open_.back()->members.back().value;
    else if (!open_.empty()) at = &open_.back()->items.emplace_back();
    *at = std::move(value);
    return at;
  }

  bool add(JsonValue::Kind kind, std::string text) {
    place({.kind = kind, .line = line, .text = std::move(text), .end = read});
    return true;
  }

  bool open(JsonValue::Kind kind) {
    if (open_.size() == kMaxDepth) return fail("nested too deeply");
    open_.push_back(place({.kind = kind, .line = line, .end = read}));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  JsonDocument& document_;
  std::vector<JsonValue*> open_;  // outermost first; none of their parents grows while they are open
};

}  // namespace

JsonDocument parse_json(std::string_view bytes) {
  JsonDocument document;
  TreeBuilder builder(document);
  const char* const begin = bytes.data();
  const char* const end = begin + bytes.size();
  json::sax_parse(CountingIterator(begin, &builder.line, &builder.read),
                  CountingIterator(end, &builder.line, &builder.read), &builder);
  return document;
}

}  // namespace dockerlint
