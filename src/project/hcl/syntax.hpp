// SPDX-License-Identifier: Apache-2.0
#pragma once
// HCL as bake files write it, as a tree. The language: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md

#include "dockerlint/text.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::project::hcl {

enum class ExprKind : std::uint8_t {
  null,
  boolean,      // text: "true", "false"
  number,       // text
  string,       // text: a literal, or one part of a template
  text,         // children: the parts of a template
  variable,     // text: the name
  attribute,    // child.text
  index,        // child[child]
  splat,        // child[*] or child.*, then what is asked of each: children[1], of the variable ""
  call,         // text(children); the last one may be spread: `...`
  unary,        // text child
  binary,       // child text child
  conditional,  // child ? child : child
  tuple,        // children
  object,       // key, value, key, value, …
  for_tuple,    // [for text, second in child : child if child]
  for_object,   // {for text, second in child : child => child if child}; `spread`: child => child...
  unsupported,  // text: what it is; valid HCL that is not evaluated here
};

struct Expr {
  ExprKind kind = ExprKind::null;
  TextRange range;
  std::uint32_t file = 0;  // which of the files that are read together
  std::string text;
  std::string second;     // of `for`: the name of the value, when `text` is that of the key
  bool spread = false;    // call: the last argument is spread; for_object: values are grouped
  bool filtered = false;  // for: the last child is the condition
  std::vector<Expr> children;
};

struct Name {
  std::string text;
  TextRange range;
  std::uint32_t file = 0;
};

struct Attribute {
  Name name;
  Expr value;
};

struct Block {
  Name type;
  std::vector<Name> labels;
  std::vector<Attribute> attributes;  // in the order of the file
  std::vector<Block> blocks;

  const Attribute* find(std::string_view name) const;
};

struct Fault {
  TextRange range;
  std::string message;
};

struct File {
  Block root;  // without type and labels; what stands before the fault, if there is one
  std::optional<Fault> fault;
};

/// Linear in the text; what is nested too deeply is a fault. `file` is put into the tree.
File parse(std::string_view text, std::uint32_t file);

/// What `<<-` takes away before each line of the heredoc at `range`; 0 of one with `<<`. Nothing where none stands.
std::optional<std::size_t> heredoc_indentation(std::string_view text, TextRange range);

/// Whether both say the same. `may_differ` is asked of each expression that both have, outer ones first.
bool same(const Block& a, const Block& b, const std::function<bool(const Expr& a, const Expr& b)>& may_differ);

/// The template that a JSON string is; everything in it stands at `range`.
Expr parse_template(std::string_view text, std::uint32_t file, TextRange range, std::optional<Fault>& fault);

}  // namespace dockerlint::project::hcl
