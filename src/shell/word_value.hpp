// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a word means, while it is read.

#include "text/arena.hpp"

#include <string>
#include <string_view>

namespace dockerlint::shell {

/// Most values stand in one piece in the script, and are never copied.
class WordValue {
 public:
  bool empty() const { return piece_.empty() && copy_.empty(); }

  /// `part` is of the script, and stands behind all that was added before.
  void add(std::string_view part) {
    if (part.empty()) return;
    if (empty()) piece_ = part;
    else if (copy_.empty() && piece_.data() + piece_.size() == part.data())
      piece_ = {piece_.data(), piece_.size() + part.size()};
    else add_made(part);
  }

  /// `part` stands nowhere in the script.
  void add_made(std::string_view part) {
    if (copy_.empty()) copy_ = piece_;
    copy_ += part;
  }

  std::string_view keep(Arena& arena) const { return copy_.empty() ? piece_ : arena.keep(std::string_view(copy_)); }

 private:
  std::string_view piece_;  // all of it, unless there is a copy
  std::string copy_;
};

}  // namespace dockerlint::shell
