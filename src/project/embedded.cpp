// SPDX-License-Identifier: Apache-2.0
#include "project/embedded.hpp"

#include "data/scalar.hpp"
#include "data/value.hpp"
#include "project/interpolate.hpp"
#include "project/service.hpp"
#include "text/diff.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
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

/// Walks through the file as it was and as it is at once.
class Comparison {
 public:
  /// `texts` are what may differ.
  explicit Comparison(const std::vector<InlineDockerfile>& texts) : now_(texts.size(), nullptr) {
    for (std::size_t i = 0; i < texts.size(); ++i) places_.emplace(texts[i].where.range.begin, i);
  }

  /// Whether both say the same, save for the texts.
  bool same(const data::Value& was, const data::Value& is) {
    if (was.is_scalar()) {
      const auto place = places_.find(was.range.begin);
      if (place != places_.end()) {
        now_[place->second] = &is;
        return is.is_scalar() && was.style == is.style;
      }
    }
    if (was.kind != is.kind || was.words != is.words || was.tag != is.tag || was.items.size() != is.items.size() ||
        was.entries.size() != is.entries.size())
      return false;
    for (std::size_t i = 0; i < was.items.size(); ++i)
      if (!same(was.items[i], is.items[i])) return false;
    for (std::size_t i = 0; i < was.entries.size(); ++i)
      if (was.entries[i].key != is.entries[i].key || !same(was.entries[i].value, is.entries[i].value)) return false;
    return true;
  }

  /// The text's scalar as it is; null: it is not there.
  const data::Value* now(std::size_t text) const { return now_[text]; }

 private:
  std::map<TextSize, std::size_t> places_;
  std::vector<const data::Value*> now_;
};

/// Where the lines of a block begin, whatever stands in them, and where the last of them ends.
std::vector<TextSize> line_starts(std::string_view file, TextSize block, std::size_t count) {
  std::vector<TextSize> starts;
  for (std::size_t at = block; starts.size() <= count && at < file.size();) {
    at = file.find('\n', at);
    if (at == std::string_view::npos) break;
    starts.push_back(static_cast<TextSize>(++at));
  }
  return starts;
}

/// What has to be done in the file; nothing when it cannot be told.
std::vector<TextEdit> edits_for(std::string_view file, const InlineDockerfile& text, std::string_view wanted) {
  std::vector<TextEdit> edits;
  const std::vector<std::string_view> before = lines_of(text.text);
  const std::vector<std::string_view> after = lines_of(wanted);
  const std::vector<TextSize> starts = line_starts(file, text.where.range.begin, before.size());
  if (!text.editable || starts.empty() || starts.size() < before.size()) return edits;
  const std::string_view line_end = starts.front() > 1 && file[starts.front() - 2] == '\r' ? "\r\n" : "\n";
  const auto start = [&](std::size_t line) {
    return line < starts.size() ? starts[line] : static_cast<TextSize>(file.size());
  };
  for (const LineChange& change : changes_between(before, after)) {
    TextEdit edit{{start(change.before), start(change.before + change.removed)}, {}};
    for (std::size_t i = change.after; i < change.after + change.added; ++i) {
      std::string_view line = after[i];
      if (line.ends_with('\n')) line.remove_suffix(1);
      if (!line.empty()) edit.text += text.indentation + written(line, "");
      edit.text += line_end;
    }
    edits.push_back(std::move(edit));
  }
  return edits;
}

std::string applied(std::string_view file, const std::vector<TextEdit>& edits) {
  std::string out;
  TextSize done = 0;
  for (const TextEdit& edit : edits) {
    out += file.substr(done, edit.range.begin - done);
    out += edit.text;
    done = edit.range.end;
  }
  return out.append(file.substr(done));
}

/// The text as it stands at `scalar` of `file` now.
InlineDockerfile moved(const InlineDockerfile& text, const data::Value& scalar, std::string_view file) {
  FilePlace where{text.where.path, {scalar.place.line, text.where.at.column}, scalar.range};
  if (text.editable)
    if (std::optional<InlineDockerfile> made = read_inline(file, scalar, where, {})) {
      made->build = text.build;
      return std::move(*made);
    }
  InlineDockerfile out = text;
  const auto by = static_cast<std::int64_t>(scalar.range.begin) - static_cast<std::int64_t>(text.where.range.begin);
  const auto move = [&](TextSize& place) { place = static_cast<TextSize>(static_cast<std::int64_t>(place) + by); };
  for (TextPiece& piece : out.pieces) {
    move(piece.source.begin);
    move(piece.source.end);
  }
  out.where = std::move(where);
  return out;
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

Rewritten rewritten(std::string_view file, const std::vector<InlineDockerfile>& texts,
                    std::vector<std::string> wanted) {
  const data::Parsed was = data::parse_yaml(file);
  constexpr int kTries = 2;  // the second without what was not as wanted
  for (int i = 0; i < kTries && !was.problem; ++i) {
    std::vector<TextEdit> edits;
    for (std::size_t text = 0; text < texts.size(); ++text) {
      std::vector<TextEdit> more = edits_for(file, texts[text], wanted[text]);
      std::move(more.begin(), more.end(), std::back_inserter(edits));
    }
    if (edits.empty()) break;
    Rewritten out{applied(file, edits), {}};
    const data::Parsed is = data::parse_yaml(out.file);
    Comparison comparison(texts);
    if (is.problem || !comparison.same(was.root, is.root)) break;
    bool good = true;
    for (std::size_t text = 0; text < texts.size(); ++text) {
      const data::Value* const scalar = comparison.now(text);
      const bool as_wanted = scalar != nullptr && (!texts[text].editable || wanted[text] == texts[text].text ||
                                                   interpolate(scalar->words, {}).text == wanted[text]);
      if (!as_wanted) wanted[text] = texts[text].text;
      else out.texts.push_back(moved(texts[text], *scalar, out.file));
      good &= as_wanted;
    }
    if (good) return out;
  }
  return {std::string(file), texts};
}

}  // namespace dockerlint::project
