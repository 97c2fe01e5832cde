// SPDX-License-Identifier: Apache-2.0
#include "project/hcl/syntax.hpp"

#include <algorithm>

namespace dockerlint::project::hcl {
namespace {

using MayDiffer = std::function<bool(const Expr&, const Expr&)>;

bool same(const Expr& a, const Expr& b, const MayDiffer& may_differ) {
  if (a.kind != b.kind) return false;
  if (may_differ(a, b)) return true;
  return a.text == b.text && a.second == b.second && a.spread == b.spread && a.filtered == b.filtered &&
         std::equal(a.children.begin(), a.children.end(), b.children.begin(), b.children.end(),
                    [&](const Expr& x, const Expr& y) { return same(x, y, may_differ); });
}

}  // namespace

bool same(const Block& a, const Block& b, const MayDiffer& may_differ) {
  const auto same_name = [](const Name& x, const Name& y) { return x.text == y.text; };
  return same_name(a.type, b.type) &&
         std::equal(a.labels.begin(), a.labels.end(), b.labels.begin(), b.labels.end(), same_name) &&
         std::equal(a.attributes.begin(), a.attributes.end(), b.attributes.begin(), b.attributes.end(),
                    [&](const Attribute& x, const Attribute& y) {
                      return same_name(x.name, y.name) && same(x.value, y.value, may_differ);
                    }) &&
         std::equal(a.blocks.begin(), a.blocks.end(), b.blocks.begin(), b.blocks.end(),
                    [&](const Block& x, const Block& y) { return same(x, y, may_differ); });
}

}  // namespace dockerlint::project::hcl
