// SPDX-License-Identifier: Apache-2.0
#include "project/embedded.hpp"

#include "data/scalar.hpp"
#include "data/value.hpp"
#include "project/interpolate.hpp"
#include "project/service.hpp"
#include "text/diff.hpp"

#include <algorithm>
#include <utility>

namespace dockerlint::project {
namespace {

/// As it has to be written, so that compose reads it.
std::string written(std::string_view text, std::string_view indentation) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '$') out += '$';
    if (c == '\n') out += indentation;
  }
  return out;
}

const data::Value* scalar_at(const data::Value& tree, TextSize begin) {
  if (tree.is_scalar() && tree.range.begin == begin) return &tree;
  for (const data::Value& item : tree.items)
    if (const data::Value* const found = scalar_at(item, begin)) return found;
  for (const data::Entry& entry : tree.entries)
    if (const data::Value* const found = scalar_at(entry.value, begin)) return found;
  return nullptr;
}

/// Whether both say the same, save for the scalar that begins at `begin` in the first.
bool same_but(const data::Value& a, const data::Value& b, TextSize begin) {
  if (a.is_scalar() && a.range.begin == begin) return b.is_scalar() && a.style == b.style;
  if (a.kind != b.kind || a.words != b.words || a.tag != b.tag || a.items.size() != b.items.size() ||
      a.entries.size() != b.entries.size())
    return false;
  for (std::size_t i = 0; i < a.items.size(); ++i)
    if (!same_but(a.items[i], b.items[i], begin)) return false;
  for (std::size_t i = 0; i < a.entries.size(); ++i)
    if (a.entries[i].key != b.entries[i].key || !same_but(a.entries[i].value, b.entries[i].value, begin)) return false;
  return true;
}

/// Where the lines of a block begin, whatever stands in them, and where the last of them ends.
std::vector<std::size_t> line_starts(std::string_view file, TextSize block, std::size_t count) {
  std::vector<std::size_t> starts;
  for (std::size_t at = block; starts.size() <= count && at < file.size();) {
    at = file.find('\n', at);
    if (at == std::string_view::npos) break;
    starts.push_back(++at);
  }
  return starts;
}

}  // namespace

bool stands_in(std::string_view file, const InlineDockerfile& text) {
  return text.where.range.end <= file.size() &&
         std::all_of(text.pieces.begin(), text.pieces.end(), [&](const TextPiece& piece) {
           if (piece.source.end > file.size()) return false;
           return piece.size != piece.source.size() || piece.size == 1 ||
                  file.compare(piece.source.begin, piece.size, text.text, piece.at, piece.size) == 0;
         });
}

Diagnostic in_file(Diagnostic found, const InlineDockerfile& text, std::string_view file) {
  TextRange head = text.where.range;
  head.end = std::min(head.end, static_cast<TextSize>(std::min(file.find('\n', head.begin), file.size())));
  const LogicalText logical = text.logical();
  const auto place = [&](TextRange range) {
    return text.pieces.empty() ? head : logical.in_source(range.begin, range.end);
  };
  found.range = place(found.range);
  for (Label& label : found.labels) label.range = place(label.range);
  if (!text.editable) found.fix.reset();
  if (found.fix) {
    for (TextEdit& edit : found.fix->edits) {
      edit.range = place(edit.range);
      edit.text = written(edit.text, text.indentation);
    }
  }
  return found;
}

std::optional<std::string> with_text(std::string_view file, const InlineDockerfile& text, std::string_view fixed) {
  if (!text.editable) return std::nullopt;
  const std::vector<std::string_view> before = lines_of(text.text);
  const std::vector<std::string_view> after = lines_of(fixed);
  const std::vector<std::size_t> starts = line_starts(file, text.where.range.begin, before.size());
  if (starts.size() < before.size()) return std::nullopt;
  const std::string_view line_end = starts.front() > 1 && file[starts.front() - 2] == '\r' ? "\r\n" : "\n";
  std::string out(file);
  std::vector<LineChange> changes = changes_between(before, after);
  std::reverse(changes.begin(), changes.end());
  for (const LineChange& change : changes) {
    const auto start = [&](std::size_t line) { return line < starts.size() ? starts[line] : file.size(); };
    std::string made;
    for (std::size_t i = change.after; i < change.after + change.added; ++i) {
      std::string_view line = after[i];
      if (line.ends_with('\n')) line.remove_suffix(1);
      if (!line.empty()) made += text.indentation + written(line, "");
      made += line_end;
    }
    const std::size_t begin = start(change.before);
    out.replace(begin, start(change.before + change.removed) - begin, made);
  }
  const data::Parsed was = data::parse_yaml(file);
  const data::Parsed is = data::parse_yaml(out);
  const TextSize place = text.where.range.begin;
  if (was.problem || is.problem || !same_but(was.root, is.root, place)) return std::nullopt;
  const data::Value* const scalar = scalar_at(is.root, place);
  if (scalar == nullptr || interpolate(scalar->words, {}).text != fixed) return std::nullopt;
  return out;
}

InlineDockerfile read_again(std::string_view file, const InlineDockerfile& text) {
  const data::Parsed parsed = data::parse_yaml(file);
  const data::Value* const scalar = scalar_at(parsed.root, text.where.range.begin);
  if (scalar == nullptr) return text;
  std::optional<InlineDockerfile> made = read_inline(file, *scalar, text.where, {});
  if (!made) return text;
  made->where.range = scalar->range;
  return std::move(*made);
}

void move_by(InlineDockerfile& text, std::ptrdiff_t more, std::ptrdiff_t lines) {
  const auto move = [&](TextRange& range) {
    range.begin = static_cast<TextSize>(range.begin + more);
    range.end = static_cast<TextSize>(range.end + more);
  };
  move(text.where.range);
  text.where.at.line = static_cast<std::uint32_t>(text.where.at.line + lines);
  for (TextPiece& piece : text.pieces) move(piece.source);
}

}  // namespace dockerlint::project
