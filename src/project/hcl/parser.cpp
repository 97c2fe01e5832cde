// SPDX-License-Identifier: Apache-2.0
#include "project/hcl/expressions.hpp"
#include "project/hcl/scanner.hpp"
#include "project/hcl/syntax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace dockerlint::project::hcl {
namespace {

constexpr int kMaxBlocks = 16;  // in one another

class Parser {
 public:
  Parser(std::string_view text, std::uint32_t file) : in_(text, file), expressions_(in_) { in_.take("\xEF\xBB\xBF"); }

  File run() {
    File file;
    try {
      body(file.root, 0);
      if (!in_.done()) in_.fail("`}` closes nothing");
    } catch (const Fault& fault) {
      file.fault = fault;
    }
    return file;
  }

 private:
  Name name(std::size_t begin, std::string text) const { return {std::move(text), in_.from(begin), in_.file()}; }

  /// Up to the brace that closes it, or to the end of the file.
  void body(Block& block, int depth) {
    if (depth > kMaxBlocks) in_.fail("nested too deeply");
    for (;;) {
      in_.skip(true);
      if (in_.done() || in_.peek() == '}') return;
      item(block, depth);
      in_.skip(false);
      if (!in_.done() && in_.peek() != '\n' && in_.peek() != '}') in_.fail("a line end is wanted here");
    }
  }

  void item(Block& block, int depth) {
    const std::size_t begin = in_.at();
    const std::string_view word = in_.take_name();
    if (word.empty()) in_.fail("the name of an attribute or a block is wanted here");
    Name first = name(begin, std::string(word));
    in_.skip(false);
    if (in_.peek() == '=' && !in_.looks_at("==")) {
      in_.take("=");
      in_.skip(false);
      block.attributes.push_back({std::move(first), expressions_.expression(false)});
      return;
    }
    Block inner;
    inner.type = std::move(first);
    while (in_.peek() != '{') {
      inner.labels.push_back(label());
      in_.skip(false);
    }
    in_.take("{");
    body(inner, depth + 1);
    in_.expect("}", fmt::format("the block '{}'", inner.type.text));
    block.blocks.push_back(std::move(inner));
  }

  Name label() {
    const std::size_t begin = in_.at();
    if (in_.peek() == '"') {
      const Expr text = expressions_.quoted();
      std::string joined;
      for (const Expr& part : text.children) {
        if (part.kind != ExprKind::string) in_.fail(part.range, "the label of a block is a plain text");
        joined += part.text;
      }
      return name(begin, std::move(joined));
    }
    const std::string_view word = in_.take_name();
    if (word.empty()) in_.fail("`=`, a label or `{` is wanted here");
    return name(begin, std::string(word));
  }

  Scanner in_;
  Expressions expressions_;
};

}  // namespace

const Attribute* Block::find(std::string_view name) const {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const Attribute& attribute) { return attribute.name.text == name; });
  return found == attributes.end() ? nullptr : &*found;
}

File parse(std::string_view text, std::uint32_t file) { return Parser(text, file).run(); }

Expr parse_template(std::string_view text, std::uint32_t file, TextRange range, std::optional<Fault>& fault) {
  Scanner in(text, file);
  in.set_place(range);
  try {
    Expr expr = Expressions(in).bare_template(text.size());
    if (!in.done()) in.fail("a template is not closed");
    return expr;
  } catch (const Fault& found) {
    fault = found;
  }
  Expr nothing;
  nothing.kind = ExprKind::unsupported;
  nothing.range = range;
  nothing.file = file;
  nothing.text = "a broken template";
  return nothing;
}

}  // namespace dockerlint::project::hcl
