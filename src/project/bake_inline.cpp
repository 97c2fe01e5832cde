// SPDX-License-Identifier: Apache-2.0
#include "project/bake_inline.hpp"

#include <utility>

namespace dockerlint::project {

InlineDockerfile read_bake_inline(const hcl::Expr& expr, std::string text, std::string_view file, FilePlace where) {
  InlineDockerfile made;
  made.text = std::move(text);
  made.where = std::move(where);
  if (expr.kind != hcl::ExprKind::text) return made;
  TextSize at = 0;
  for (const hcl::Expr& part : expr.children) {
    if (part.kind != hcl::ExprKind::string || part.file != expr.file) {
      made.pieces.clear();
      return made;
    }
    const auto size = static_cast<TextSize>(part.text.size());
    if (size > 0) made.pieces.push_back({at, size, part.range});
    at += size;
  }
  // All of a JSON text stands in one place: nothing in it has a place of its own.
  const bool in_one_place = made.pieces.size() == 1 && made.pieces.front().size != made.pieces.front().source.size();
  if (in_one_place || at != made.text.size() || (!made.pieces.empty() && made.pieces.front().source == expr.range))
    made.pieces.clear();
  if (made.pieces.empty()) return made;
  if (const auto indentation = hcl::heredoc_indentation(file, expr.range)) {
    made.editable = true;
    made.indentation = std::string(*indentation, ' ');
  }
  return made;
}

}  // namespace dockerlint::project
