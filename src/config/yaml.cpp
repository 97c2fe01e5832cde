// SPDX-License-Identifier: Apache-2.0
#include "config/value.hpp"

#include <yaml-cpp/yaml.h>

#include <exception>
#include <stdexcept>

namespace dockerlint::config {
namespace {

constexpr std::size_t kMaxValues = 100'000;  // an alias in an alias in an alias … makes billions of a few lines
constexpr int kMaxDepth = 64;

Place place_of(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)};
}

class Converter {
 public:
  Value convert(const YAML::Node& node, int depth) {
    if (++values_ > kMaxValues || depth > kMaxDepth) throw std::length_error("too many values, or too deep");
    Value value;
    value.place = place_of(node.Mark());
    switch (node.Type()) {
      case YAML::NodeType::Map:
        value.kind = Value::Kind::table;
        for (const auto& pair : node)
          value.entries.push_back({pair.first.IsScalar() ? pair.first.Scalar() : std::string(),
                                   place_of(pair.first.Mark()), convert(pair.second, depth + 1)});
        break;
      case YAML::NodeType::Sequence:
        value.kind = Value::Kind::list;
        for (const YAML::Node& item : node) value.items.push_back(convert(item, depth + 1));
        break;
      case YAML::NodeType::Scalar: scalar(node, value); break;
      default: value.other = "nothing";
    }
    return value;
  }

 private:
  static void scalar(const YAML::Node& node, Value& value) {
    value.kind = Value::Kind::words;
    value.words = node.Scalar();
    if (node.Tag() == "!") return;  // in quotes
    if (YAML::convert<bool>::decode(node, value.boolean)) value.kind = Value::Kind::boolean;
  }

  std::size_t values_ = 0;
};

}  // namespace

Parsed parse_yaml(std::string_view text) {
  try {
    const YAML::Node root = YAML::Load(std::string(text));
    Value value = Converter().convert(root, 0);
    if (root.IsNull()) value.kind = Value::Kind::table;
    return {std::move(value), std::nullopt};
  } catch (const YAML::Exception& error) {
    return {{}, Problem{place_of(error.mark), "not valid YAML: " + error.msg}};
  } catch (const std::exception& error) {
    return {{}, Problem{{}, error.what()}};
  }
}

}  // namespace dockerlint::config
