// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a file asks to be silent about (ignores.hpp), and what came of it.

#include "dockerlint/config.hpp"
#include "dockerlint/ignores.hpp"
#include "dockerlint/rule.hpp"
#include "dockerlint/syntax.hpp"

#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace dockerlint {

/// The comments of the file, in its order.
std::vector<IgnoreComment> read_ignores(const Document& document);

class Suppressions {
 public:
  explicit Suppressions(const Document& document);

  /// Why a comment of the file hides what the rule finds at `where`, in its own words, of which there may be none.
  /// Nothing when no comment does. The comment has been of use then.
  std::optional<std::string_view> reason_to_hide(const Rule& rule, TextRange where);

  /// Settles which names could have been of use: those whose rules `config` enables, save the ones that `failed`, and
  /// those that look at other files where the file is `alone`.
  void judge(const Config& config, std::span<const Rule* const> failed, bool alone);
  std::span<const IgnoreComment> comments() const { return comments_; }

  /// The comments that would go as useless; after judge().
  std::vector<const IgnoreComment*> idle() const;
  /// Of those, names of this rule are of use after all: it is silent because a comment stands there.
  void is_used_by(const Rule& rule);

 private:
  static constexpr TextSize kFile = ~TextSize{0};

  /// The first name that hides a rule somewhere; what says the same once more hides nothing.
  struct First {
    std::size_t comment;
    std::size_t name;
  };

  std::optional<std::string_view> use(TextSize scope, const Rule& rule);

  const Document& document_;
  std::vector<IgnoreComment> comments_;
  std::map<std::pair<TextSize, const Rule*>, First> by_scope_;  // where the instruction begins, or kFile
};

}  // namespace dockerlint
