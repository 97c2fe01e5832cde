// SPDX-License-Identifier: Apache-2.0
#include "engine/apply.hpp"

#include <algorithm>
#include <map>

namespace dockerlint {
namespace {

/// Edits that do not overlap, by where they begin.
class ChosenEdits {
 public:
  /// Whether the edit can stand beside those chosen, or is one of them.
  bool accepts(const TextEdit& edit) const {
    const auto same = edits_.find(edit.range.begin);
    if (same != edits_.end()) return *same->second == edit;
    const auto next = edits_.upper_bound(edit.range.begin);
    if (next != edits_.end() && overlaps(edit.range, next->second->range)) return false;
    if (next == edits_.begin()) return true;
    const TextEdit& before = *std::prev(next)->second;
    return !overlaps(before.range, edit.range);
  }
  /// Whether the edit is put right behind what one of the chosen removes, or removes what one of them is put behind:
  /// an option that is added to a mount which goes.
  bool hangs_in_the_air(const TextEdit& edit) const {
    if (edit.range.empty()) {
      const auto next = edits_.lower_bound(edit.range.begin);
      return next != edits_.begin() && is_put_behind(edit, *std::prev(next)->second);
    }
    const auto behind = edits_.find(edit.range.end);
    return behind != edits_.end() && is_put_behind(*behind->second, edit);
  }
  void add(const TextEdit& edit) { edits_.emplace(edit.range.begin, &edit); }
  const auto& all() const { return edits_; }

 private:
  static bool is_put_behind(const TextEdit& edit, const TextEdit& removal) {
    return edit.range.empty() && !removal.range.empty() && removal.text.empty() &&
           removal.range.end == edit.range.begin;
  }

  std::map<TextSize, const TextEdit*> edits_;
};

bool fits_itself(const std::vector<TextEdit>& edits) {
  ChosenEdits alone;
  for (const TextEdit& edit : edits) {
    if (!alone.accepts(edit)) return false;
    alone.add(edit);
  }
  return true;
}

}  // namespace

Applied apply_fixes(std::string_view bytes, std::span<const Diagnostic* const> wanted) {
  ChosenEdits chosen;
  Applied result;
  for (const Diagnostic* found : wanted) {
    const auto& edits = found->fix->edits;
    const bool fits = std::all_of(edits.begin(), edits.end(),
                                  [&](const TextEdit& e) { return chosen.accepts(e) && !chosen.hangs_in_the_air(e); });
    if (!fits || !fits_itself(edits)) continue;  // the next pass reads the result and asks again
    for (const TextEdit& edit : edits) chosen.add(edit);
    result.fixed.push_back(found);
  }

  TextSize at = 0;
  for (const auto& [begin, edit] : chosen.all()) {
    result.text.append(bytes.substr(at, begin - at)).append(edit->text);
    result.edits.push_back(*edit);
    at = edit->range.end;
  }
  result.text.append(bytes.substr(at));
  return result;
}

}  // namespace dockerlint
