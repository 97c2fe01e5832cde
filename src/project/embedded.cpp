// SPDX-License-Identifier: Apache-2.0
#include "project/embedded.hpp"

#include "data/scalar.hpp"
#include "data/value.hpp"
#include "project/bake_inline.hpp"
#include "project/hcl/syntax.hpp"
#include "project/interpolate.hpp"
#include "project/service.hpp"
#include "text/diff.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace dockerlint::project {
namespace {

/// A heredoc of HCL, else a block of YAML.
bool is_hcl(const InlineDockerfile& text) { return text.where.path.ends_with(".hcl"); }

/// As it has to be written, so that compose or bake reads it.
std::string written(std::string_view text, bool hcl, std::string_view indentation = {}) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    out += c;
    const bool opens = (c == '$' || c == '%') && text.substr(i + 1, 1) == "{";
    if (hcl ? opens : c == '$') out += c;
    if (c == '\n') out += indentation;
  }
  return out;
}

/// What is read of a file once more, after texts in it have changed.
class Reading {
 public:
  Reading() = default;
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;
  virtual ~Reading() = default;

  /// Whether `file` says what the file said before, save for the texts.
  virtual bool read(std::string_view file) = 0;
  virtual bool has(std::size_t index) const = 0;
  /// What is read as the text; nothing where variables stand in it.
  virtual std::optional<std::string> text(std::size_t index) const = 0;
  /// The text in what was read.
  virtual InlineDockerfile moved(std::size_t index, const InlineDockerfile& was, std::string_view file) const = 0;
};

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
  // Of HCL the text has all of it.
  const std::string_view line_end =
      !is_hcl(text) && starts.front() > 1 && file[starts.front() - 2] == '\r' ? "\r\n" : "\n";
  const auto start = [&](std::size_t line) {
    return line < starts.size() ? starts[line] : static_cast<TextSize>(file.size());
  };
  for (const LineChange& change : changes_between(before, after)) {
    TextEdit edit{{start(change.before), start(change.before + change.removed)}, {}};
    for (std::size_t i = change.after; i < change.after + change.added; ++i) {
      std::string_view line = after[i];
      if (line.ends_with('\n')) line.remove_suffix(1);
      if (!line.empty()) edit.text += text.indentation + written(line, is_hcl(text));
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

/// Where all of a text's places are when it begins elsewhere.
InlineDockerfile shifted(InlineDockerfile text, FilePlace where) {
  const auto by = static_cast<std::int64_t>(where.range.begin) - static_cast<std::int64_t>(text.where.range.begin);
  const auto move = [&](TextSize& place) { place = static_cast<TextSize>(static_cast<std::int64_t>(place) + by); };
  for (TextPiece& piece : text.pieces) {
    move(piece.source.begin);
    move(piece.source.end);
  }
  text.where = std::move(where);
  return text;
}

class YamlReading : public Reading {
 public:
  YamlReading(std::string_view file, const std::vector<InlineDockerfile>& texts)
      : texts_(texts), was_(data::parse_yaml(file)) {}

  bool read(std::string_view file) override {
    is_ = data::parse_yaml(file);
    comparison_.emplace(texts_);
    return !was_.problem && !is_.problem && comparison_->same(was_.root, is_.root);
  }
  bool has(std::size_t index) const override { return comparison_->now(index) != nullptr; }
  std::optional<std::string> text(std::size_t index) const override {
    return interpolate(comparison_->now(index)->words, {}).text;
  }
  InlineDockerfile moved(std::size_t index, const InlineDockerfile& was, std::string_view file) const override {
    const data::Value& scalar = *comparison_->now(index);
    FilePlace where{was.where.path, {scalar.place.line, was.where.at.column}, scalar.range};
    if (was.editable)
      if (std::optional<InlineDockerfile> made = read_inline(file, scalar, where, {})) return std::move(*made);
    return shifted(was, std::move(where));
  }

 private:
  const std::vector<InlineDockerfile>& texts_;
  data::Parsed was_, is_;
  std::optional<Comparison> comparison_;
};

class HclReading : public Reading {
 public:
  HclReading(std::string_view file, const std::vector<InlineDockerfile>& texts)
      : texts_(texts), was_(hcl::parse(file, 0)) {
    for (std::size_t i = 0; i < texts.size(); ++i) places_.emplace(texts[i].where.range.begin, i);
    now_.resize(texts.size());
  }

  bool read(std::string_view file) override {
    is_ = hcl::parse(file, 0);
    std::fill(now_.begin(), now_.end(), nullptr);
    const auto may_differ = [&](const hcl::Expr& was, const hcl::Expr& is) {
      const auto place = places_.find(was.range.begin);
      if (place == places_.end() || now_[place->second] != nullptr) return false;
      now_[place->second] = &is;
      return texts_[place->second].editable;
    };
    return !was_.fault && !is_.fault && hcl::same(was_.root, is_.root, may_differ);
  }
  bool has(std::size_t index) const override { return now_[index] != nullptr; }
  std::optional<std::string> text(std::size_t index) const override {
    std::string text;
    for (const hcl::Expr& part : now_[index]->children) {
      if (part.kind != hcl::ExprKind::string) return std::nullopt;
      text += part.text;
    }
    return text;
  }
  InlineDockerfile moved(std::size_t index, const InlineDockerfile& was, std::string_view file) const override {
    const hcl::Expr& expr = *now_[index];
    const auto lines = std::count(file.begin(), file.begin() + expr.range.begin, '\n');
    FilePlace where{was.where.path, {static_cast<std::uint32_t>(1 + lines), was.where.at.column}, expr.range};
    return was.editable ? read_bake_inline(expr, *text(index), file, std::move(where)) : shifted(was, std::move(where));
  }

 private:
  const std::vector<InlineDockerfile>& texts_;
  hcl::File was_, is_;
  std::map<TextSize, std::size_t> places_;
  std::vector<const hcl::Expr*> now_;
};

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
      edit.text = written(edit.text, is_hcl(text), text.indentation);
    }
  }
  return found;
}

Rewritten rewritten(std::string_view file, const std::vector<InlineDockerfile>& texts,
                    std::vector<std::string> wanted) {
  const bool hcl = std::any_of(texts.begin(), texts.end(), is_hcl);
  std::unique_ptr<Reading> reading;
  if (hcl) reading = std::make_unique<HclReading>(file, texts);
  else reading = std::make_unique<YamlReading>(file, texts);
  constexpr int kTries = 2;  // the second without what was not as wanted
  for (int i = 0; i < kTries; ++i) {
    std::vector<TextEdit> edits;
    for (std::size_t text = 0; text < texts.size(); ++text) {
      std::vector<TextEdit> more = edits_for(file, texts[text], wanted[text]);
      std::move(more.begin(), more.end(), std::back_inserter(edits));
    }
    if (edits.empty()) break;
    Rewritten out{applied(file, edits), {}};
    if (!reading->read(out.file)) break;
    bool good = true;
    for (std::size_t text = 0; text < texts.size(); ++text) {
      const bool unchanged = !texts[text].editable || wanted[text] == texts[text].text;
      const bool as_wanted = reading->has(text) && (unchanged || reading->text(text) == wanted[text]);
      if (!as_wanted) wanted[text] = texts[text].text;
      else out.texts.emplace_back(reading->moved(text, texts[text], out.file)).build = texts[text].build;
      good &= as_wanted;
    }
    if (good) return out;
  }
  return {std::string(file), texts};
}

}  // namespace dockerlint::project
