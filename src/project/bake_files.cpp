// SPDX-License-Identifier: Apache-2.0
#include "project/bake_files.hpp"

#include "data/json.hpp"

#include <algorithm>
#include <utility>

namespace dockerlint::project {
namespace {

/// Makes HCL's tree of a JSON document. Texts are templates.
class JsonReader {
 public:
  JsonReader(std::string_view text, std::uint32_t file) : text_(text), file_(file) {}

  hcl::File run() {
    hcl::File out;
    const JsonDocument document = parse_json(text_);
    if (!document.error.empty()) {
      const std::size_t end = std::min(document.error_end, text_.size());
      out.fault = hcl::Fault{TextRange::at(static_cast<TextSize>(end == 0 ? 0 : end - 1)), document.error};
      return out;
    }
    for (const JsonMember& member : document.root.members) {
      if (is_block(member.key)) blocks(member, out.root);
      else attribute(member, out.root);
    }
    out.fault = fault_;
    return out;
  }

 private:
  static bool is_block(std::string_view name) {
    return name == "target" || name == "group" || name == "variable" || name == "function";
  }

  /// The scalar that ends before `end`: back to where it begins.
  TextRange range_of(std::size_t end, bool quoted) const {
    end = std::min(end, text_.size());
    std::size_t begin = end;
    if (!quoted) return TextRange::at(static_cast<TextSize>(begin == 0 ? 0 : begin - 1));
    for (begin = end - std::min<std::size_t>(end, 1); begin > 0;) {
      --begin;
      if (text_[begin] != '"') continue;
      std::size_t slashes = 0;
      while (slashes < begin && text_[begin - 1 - slashes] == '\\') ++slashes;
      if (slashes % 2 == 0) break;
    }
    return {static_cast<TextSize>(begin), static_cast<TextSize>(end)};
  }

  hcl::Name name_of(const JsonMember& member) const { return {member.key, range_of(member.end, true), file_}; }

  void blocks(const JsonMember& member, hcl::Block& into) {
    for (const JsonMember& labelled : member.value.members) {
      if (labelled.value.kind == JsonValue::Kind::array) {  // several blocks of one name
        for (const JsonValue& item : labelled.value.items) block(member, labelled, item, into);
      } else {
        block(member, labelled, labelled.value, into);
      }
    }
  }

  void block(const JsonMember& member, const JsonMember& labelled, const JsonValue& body, hcl::Block& into) {
    hcl::Block block;
    block.type = name_of(member);
    block.labels.push_back(name_of(labelled));
    for (const JsonMember& one : body.members) attribute(one, block);
    into.blocks.push_back(std::move(block));
  }

  void attribute(const JsonMember& member, hcl::Block& into) {
    into.attributes.push_back({name_of(member), expression(member.value)});
  }

  hcl::Expr expression(const JsonValue& value) {
    hcl::Expr expr;
    expr.file = file_;
    expr.range = range_of(value.end, value.kind == JsonValue::Kind::text);
    switch (value.kind) {
      case JsonValue::Kind::text: return hcl::parse_template(value.text, file_, expr.range, fault_);
      case JsonValue::Kind::null: break;
      case JsonValue::Kind::boolean:
        expr.kind = hcl::ExprKind::boolean;
        expr.text = value.text;
        break;
      case JsonValue::Kind::number:
        expr.kind = hcl::ExprKind::number;
        expr.text = value.text;
        break;
      case JsonValue::Kind::array:
        expr.kind = hcl::ExprKind::tuple;
        for (const JsonValue& item : value.items) expr.children.push_back(expression(item));
        break;
      case JsonValue::Kind::object:
        expr.kind = hcl::ExprKind::object;
        for (const JsonMember& member : value.members) {
          hcl::Expr& key = expr.children.emplace_back();
          key.kind = hcl::ExprKind::string;
          key.file = file_;
          key.range = range_of(member.end, true);
          key.text = member.key;
          expr.children.push_back(expression(member.value));
        }
        break;
    }
    return expr;
  }

  std::string_view text_;
  std::uint32_t file_;
  std::optional<hcl::Fault> fault_;
};

}  // namespace

hcl::File parse_bake_json(std::string_view text, std::uint32_t file) { return JsonReader(text, file).run(); }

void BakeFiles::add(const std::string& path, std::string bytes, Troubles& troubles) {
  auto read = std::make_unique<BakeFile>(path, std::move(bytes));
  const auto index = static_cast<std::uint32_t>(files_.size());
  const std::string_view text = read->source.bytes();
  hcl::File parsed = path.ends_with(".json") ? parse_bake_json(text, index) : hcl::parse(text, index);
  if (parsed.fault) troubles.error(read->source.at(parsed.fault->range), parsed.fault->message);
  read->root = std::move(parsed.root);
  files_.push_back(std::move(read));
}

}  // namespace dockerlint::project
