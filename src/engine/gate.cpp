// SPDX-License-Identifier: Apache-2.0
#include "engine/gate.hpp"

#include "dockerlint/effects.hpp"
#include "dockerlint/model.hpp"
#include "dockerlint/rule.hpp"
#include "engine/instruction_at.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace dockerlint {
namespace {

using Refused = std::optional<std::string>;

/// Where the bytes of the old text are in the new one.
class EditMap {
 public:
  explicit EditMap(std::span<const TextEdit> edits) : edits_(edits) {
    std::int64_t shift = 0;
    for (const TextEdit& edit : edits) {
      shift += static_cast<std::int64_t>(edit.text.size()) - edit.range.size();
      shifts_.push_back(shift);
    }
  }

  /// Whether an edit changes, or inserts into the inside of, the range.
  bool touches(TextRange range) const {
    const std::size_t i = first_ending_after(range.begin);
    return i < edits_.size() && overlaps(edits_[i].range, range);
  }
  /// Whether an edit also changes, or inserts at, one of the range's ends.
  bool reaches(TextRange range) const {
    const auto first = std::partition_point(edits_.begin(), edits_.end(),
                                            [&](const TextEdit& e) { return e.range.end < range.begin; });
    return first != edits_.end() && first->range.begin <= range.end;
  }
  bool removes(TextRange range) const {
    const std::size_t i = first_ending_after(range.begin);
    return i < edits_.size() && !range.empty() && edits_[i].range.contains(range);
  }
  /// Of a range that is not touched.
  TextRange moved(TextRange range) const {
    const std::int64_t shift = shift_before(range.begin);
    return {offset(range.begin, shift), offset(range.end, shift)};
  }
  /// Where the text that begins at `at` begins now; inside an edit, where its new text begins.
  TextSize begin(TextSize at) const {
    const std::size_t i = first_ending_after(at);
    if (i < edits_.size() && edits_[i].range.begin <= at) return inserted(i).begin;
    return offset(at, shift_before(at));
  }
  /// Whether a range of the new text lies in what an edit has put there.
  bool has_inserted(TextRange range) const {
    std::size_t low = 0, high = edits_.size();
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      if (inserted(middle).end <= range.begin) low = middle + 1;
      else high = middle;
    }
    return low < edits_.size() && inserted(low).contains(range);
  }

 private:
  static TextSize offset(TextSize at, std::int64_t shift) { return static_cast<TextSize>(at + shift); }
  /// What an edit has put into the new text.
  TextRange inserted(std::size_t i) const {
    const TextSize begin = offset(edits_[i].range.begin, i == 0 ? 0 : shifts_[i - 1]);
    return {begin, begin + static_cast<TextSize>(edits_[i].text.size())};
  }
  std::size_t first_ending_after(TextSize at) const {
    return static_cast<std::size_t>(
        std::partition_point(edits_.begin(), edits_.end(), [&](const TextEdit& e) { return e.range.end <= at; }) -
        edits_.begin());
  }
  /// Of all edits that end at or before `at`: an insertion at `at` comes before what stands there.
  std::int64_t shift_before(TextSize at) const {
    const std::size_t count = first_ending_after(at);
    return count == 0 ? 0 : shifts_[count - 1];
  }

  std::span<const TextEdit> edits_;
  std::vector<std::int64_t> shifts_;
};

/// What BuildKit refuses in a file: by message, because places move, and which instructions.
class Refusals {
 public:
  explicit Refusals(const Document& document) {
    const Model model(document);
    for (const SyntaxError& error : document.errors()) add(error.range, error.message, document);
    for (const BuildError& error : model.errors()) add(error.range, error.message, document);
  }

  struct Refusal {
    std::string message;
    TextSize instruction;  // where it begins
  };
  const std::vector<Refusal>& all() const { return all_; }

 private:
  void add(TextRange range, std::string_view message, const Document& document) {
    const Instruction* const in = instruction_at(range.begin, document);
    all_.push_back({std::string(message), in != nullptr ? in->range.begin : range.begin});
  }
  std::vector<Refusal> all_;
};

/// Instructions that BuildKit refused before, by where they begin now. Behind one mistake there may be
/// another: to put the first right breaks nothing, even if the second shows then.
std::set<TextSize> broken_before(const Refusals& before, const EditMap& map) {
  std::set<TextSize> places;
  for (const Refusals::Refusal& refusal : before.all()) places.insert(map.begin(refusal.instruction));
  return places;
}

/// Whether what stands at `at` is in one of these instructions.
bool is_in(const std::set<TextSize>& places, TextSize at, const Document& document) {
  if (places.empty()) return false;
  const Instruction* const in = instruction_at(at, document);
  return in != nullptr && places.contains(in->range.begin);
}

Refused check_refusals(const Refusals& before, const Document& after, const std::set<TextSize>& broken) {
  std::map<std::string_view, int> counts;
  for (const Refusals::Refusal& refusal : before.all()) ++counts[refusal.message];
  const Refusals now(after);
  for (const Refusals::Refusal& refusal : now.all())
    if (--counts[refusal.message] < 0 && !broken.contains(refusal.instruction))
      return fmt::format("the result would be refused: {}", refusal.message);
  return std::nullopt;
}

class InstructionDiff {
 public:
  InstructionDiff(const Document& before, const Document& after, const EditMap& map)
      : before_(before), after_(after), map_(map) {}

  Refused run() const {
    const auto old = before_.instructions();
    const auto now = after_.instructions();
    std::size_t next = 0;
    for (const Instruction& in : old) {
      if (map_.removes(in.range)) continue;
      while (next < now.size() && is_new(now[next])) ++next;
      if (next == now.size() || now[next].range.begin != map_.begin(in.range.begin) || now[next].kind != in.kind)
        return fmt::format("the {} of line {} would be read differently", name(in), in.first_line);
      if (Refused why = parts(in, now[next])) return why;
      ++next;
    }
    while (next < now.size() && is_new(now[next])) ++next;
    if (next < now.size()) return fmt::format("line {} would become an instruction", now[next].first_line);
    return std::nullopt;
  }

 private:
  static std::string_view name(const Instruction& in) {
    return in.kind == InstructionKind::unknown ? std::string_view("text") : to_string(in.kind);
  }
  bool is_new(const Instruction& in) const { return map_.has_inserted(in.range); }

  Refused parts(const Instruction& old, const Instruction& now) const {
    const auto changed = [&](std::string_view what) -> Refused {
      return fmt::format("the {} of the {} in line {} would change", what, name(old), old.first_line);
    };
    const bool touched = map_.reaches(old.range);
    const auto flag = [](const Flag& f) { return std::pair(f.range, f.text); };
    const auto argument = [](const Argument& a) { return std::pair(a.range, a.text); };
    const auto assignment = [](const Assignment& a) { return std::pair(a.range, a.value.text); };
    const auto heredoc = [](const Heredoc& h) { return std::pair(h.marker, h.name); };
    if (!kept(old.flags, now.flags, touched, flag)) return changed("flags");
    if (!kept(old.arguments, now.arguments, touched, argument)) return changed("arguments");
    if (!kept(old.assignments, now.assignments, touched, assignment)) return changed("variables");
    if (!kept(old.heredocs, now.heredocs, touched, heredoc)) return changed("heredocs");
    for (std::size_t i = 0; i < old.heredocs.size() && old.heredocs.size() == now.heredocs.size(); ++i)
      if (!map_.reaches(old.heredocs[i].body) && map_.moved(old.heredocs[i].body) != now.heredocs[i].body)
        return changed("heredocs");
    if (!touched && (old.form != now.form || old.broken != now.broken)) return changed("form");
    if (old.nested != nullptr && now.nested != nullptr) return parts(*old.nested, *now.nested);
    return std::nullopt;
  }

  /// Whether each part that no edit touches is still there, in order; in an instruction that is not
  /// touched at all, nothing may be added either.
  template <typename Part, typename Key>
  bool kept(const KeptList<Part>& old, const KeptList<Part>& now, bool touched, Key key) const {
    if (!touched && old.size() != now.size()) return false;
    std::size_t next = 0;
    for (const Part& part : old) {
      const auto [range, text] = key(part);
      if (map_.reaches(range)) continue;
      const TextRange place = map_.moved(range);
      while (next < now.size() && key(now[next]) != std::pair(place, text)) ++next;
      if (next == now.size()) return false;
      ++next;
    }
    return true;
  }

  const Document& before_;
  const Document& after_;
  const EditMap& map_;
};

/// The comments that fixed findings are about, by where these begin: such a fix may change its comment or take it away.
class Subjects {
 public:
  explicit Subjects(std::span<const Diagnostic* const> fixed) {
    for (const Diagnostic* const found : fixed) places_.push_back(found->range);
    std::sort(places_.begin(), places_.end(), [](TextRange a, TextRange b) { return a.begin < b.begin; });
  }
  bool include(TextRange comment) const {
    auto at =
        std::partition_point(places_.begin(), places_.end(), [&](TextRange r) { return r.begin < comment.begin; });
    while (at != places_.end() && at->begin <= comment.end && at->end > comment.end) ++at;
    return at != places_.end() && comment.contains(*at);
  }

 private:
  std::vector<TextRange> places_;
};

Refused check_comments(const Document& before, const Document& after, const EditMap& map, const Subjects& subjects) {
  const auto now = after.comments();
  auto next = now.begin();
  for (const Token& token : before.comments()) {
    const TextRange place = map.moved(token.range);
    next = std::partition_point(next, now.end(), [&](const Token& t) { return t.range.begin < place.begin; });
    const bool there = next != now.end() && next->range.begin == place.begin && next->kind == token.kind;
    // A directive is no remark of somebody: its value may be put right.
    const bool as_it_was = there && next->range == place && !map.touches(token.range);
    if (token.kind == TokenKind::comment && map.touches(token.range) && subjects.include(token.range)) continue;
    if (!there || (!as_it_was && token.kind != TokenKind::directive))
      return fmt::format("the comment in line {} would be lost", before.source().line_of(token.range.begin));
  }
  return std::nullopt;
}

using FindingKey = std::pair<std::string_view, std::string_view>;
FindingKey key_of(const Diagnostic& d) { return {d.rule->name, d.message}; }

/// Nothing as grave as what was fixed may be new, wherever it stands. What is only advice may be: two steps that are
/// alike now could be one.
Refused check_findings(const Reading& before, const Reading& after, const Applied& applied, const EditMap& map,
                       const std::set<TextSize>& broken) {
  // At a place where something was fixed, only what was found before and not fixed may still be found.
  std::map<std::pair<FindingKey, TextSize>, int> places;
  for (const Diagnostic* fixed : applied.fixed) places[{key_of(*fixed), map.begin(fixed->range.begin)}] = 0;
  const auto at_place = [&](const Diagnostic& d, TextSize place) { return places.find({key_of(d), place}); };
  for (const Diagnostic& d : before.findings)
    if (const auto it = at_place(d, map.begin(d.range.begin)); it != places.end()) ++it->second;
  for (const Diagnostic* fixed : applied.fixed) --places[{key_of(*fixed), map.begin(fixed->range.begin)}];
  for (const Diagnostic& d : after.findings)
    if (const auto it = at_place(d, d.range.begin); it != places.end() && --it->second < 0)
      return fmt::format("{} would still find the same", d.rule->name);

  Severity gravest = Severity::warning;
  for (const Diagnostic* fixed : applied.fixed) gravest = std::max(gravest, fixed->severity);
  std::map<FindingKey, int> counts;
  std::map<std::pair<FindingKey, TextSize>, int> known;
  for (const Diagnostic& d : before.findings) {
    ++counts[key_of(d)];
    ++known[{key_of(d), map.begin(d.range.begin)}];
  }
  std::vector<const Diagnostic*> elsewhere;  // than where the same was found before
  for (const Diagnostic& d : after.findings) {
    const auto there = known.find({key_of(d), d.range.begin});
    if (there != known.end() && --there->second >= 0) --counts[key_of(d)];
    else elsewhere.push_back(&d);
  }
  for (const Diagnostic* const found : elsewhere) {
    const Diagnostic& d = *found;
    if (d.severity < gravest || --counts[key_of(d)] >= 0) continue;
    // One mistake may have hidden another, which the next pass puts right.
    if (d.fix && d.fix->applicability == Applicability::safe) continue;
    const auto is_about_broken = [&](const Label& label) { return is_in(broken, label.range.begin, after.document); };
    if (!is_in(broken, d.range.begin, after.document) &&
        std::none_of(d.labels.begin(), d.labels.end(), is_about_broken))
      return fmt::format("{} would be new: {}", d.rule->name, d.message);
  }
  return std::nullopt;
}

/// Whether the reader looks in vain, or may: into a mount of another RUN, or one of its own that nobody has filled.
bool is_lost(const PathRead& read) {
  using Where = Content::Where;
  if (read.tolerant) return false;
  if (read.content.where == Where::absent) return true;
  if (read.content.where != Where::mount) return false;
  return read.content.mount->run != read.run || read.content.write == nullptr;
}

/// The readers that look in vain, by path and by where they will stand in the new text.
std::set<std::pair<std::string_view, TextSize>> lost_reads(const Effects& effects, const EditMap& map) {
  std::set<std::pair<std::string_view, TextSize>> lost;
  for (const PathRead* read : effects.reads())
    if (is_lost(*read)) lost.emplace(read->path, map.begin(read->range.begin));
  return lost;
}

Refused check_readers(const Document& before, const Document& after, const EditMap& map, const Catalog& catalog,
                      const std::set<TextSize>& broken) {
  const Facts old_facts(before, catalog), new_facts(after, catalog);
  const auto known = lost_reads(old_facts.effects(), map);
  for (const PathRead* read : new_facts.effects().reads()) {
    const TextSize at = read->range.begin;
    if (!is_lost(*read) || known.contains({read->path, at}) || is_in(broken, at, after)) continue;
    // A mount that was refused has hidden nothing yet.
    const Mount* const mount = read->content.where == Content::Where::mount ? read->content.mount : nullptr;
    if (mount != nullptr && is_in(broken, mount->run->instruction->range.begin, after)) continue;
    return fmt::format("line {} would look for {} in vain", after.source().line_of(at), read->path);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> gate(const Reading& before, const Reading& after, const Applied& applied,
                                const Catalog& catalog) {
  const EditMap map(applied.edits);
  const Refusals refusals(before.document);
  const std::set<TextSize> broken = broken_before(refusals, map);
  if (Refused why = check_refusals(refusals, after.document, broken)) return why;
  if (Refused why = InstructionDiff(before.document, after.document, map).run()) return why;
  if (Refused why = check_comments(before.document, after.document, map, Subjects(applied.fixed))) return why;
  if (Refused why = check_findings(before, after, applied, map, broken)) return why;
  return check_readers(before.document, after.document, map, catalog, broken);
}

}  // namespace dockerlint
