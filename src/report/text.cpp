// SPDX-License-Identifier: Apache-2.0
// What a person reads: the message, the lines it speaks of with the ranges underlined, why, and what to do.
#include "dockerlint/config.hpp"
#include "dockerlint/rule.hpp"
#include "report/reporters.hpp"
#include "report/visible.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace dockerlint {
namespace {

constexpr std::size_t kMaxWidth = 160;  // columns of a line that are shown; more is cut around the range
constexpr std::size_t kBefore = 40;     // columns before the range, when it is cut

/// The part of a range that stands on one line.
struct Mark {
  std::uint32_t line;
  TextRange range;  // cut to the line; empty: one column at its begin
  bool primary;
  std::string_view label;
};

/// Most of a report is short fixed pieces, for which a format would cost more than they do.
template <typename... Parts>
void append(std::string& out, const Parts&... parts) {
  ((out += std::string_view(parts)), ...);
}

std::string_view digits(const fmt::format_int& number) { return {number.data(), number.size()}; }

class Excerpt {
 public:
  Excerpt(std::string& out, const SourceText& source, const Palette& palette, const Diagnostic& found)
      : out_(out), source_(source), palette_(palette), severity_(found.severity) {
    add(found.range, true, {});
    for (const Label& label : found.labels) add(label.range, false, label.text);
    std::stable_sort(marks_.begin(), marks_.end(), [](const Mark& a, const Mark& b) { return a.line < b.line; });
    margin_.assign(fmt::format_int(marks_.back().line).size(), ' ');
  }

  const std::string& margin() const { return margin_; }

  void write() {
    append(out_, margin_, " ", palette_.frame, "|", palette_.reset, "\n");
    std::uint32_t last = 0;
    for (auto it = marks_.begin(); it != marks_.end();) {
      const auto end = std::find_if(it, marks_.end(), [&](const Mark& mark) { return mark.line != it->line; });
      const std::uint32_t number = it->line;
      if (last != 0 && number == last + 2) line(last + 1, {});
      else if (last != 0 && number > last + 1) out_ += "...\n";
      line(number, {it, end});
      last = number;
      it = end;
    }
  }

 private:
  /// Of a range over several lines only the first and the last are marked.
  void add(TextRange range, bool primary, std::string_view label) {
    range.end = std::min(range.end, source_.size());
    range.begin = std::min(range.begin, range.end);
    const std::uint32_t first = source_.line_of(range.begin);
    const std::uint32_t last = range.empty() ? first : source_.line_of(range.end - 1);
    const TextSize end = source_.line_range(first).end;
    range.begin = std::min(range.begin, end);  // not within the line end
    if (first == last) {
      marks_.push_back({first, {range.begin, std::max(range.begin, std::min(range.end, end))}, primary, label});
      return;
    }
    marks_.push_back({first, {range.begin, end}, primary, {}});
    TextRange tail = source_.line_range(last);
    const std::size_t indent = source_.slice(tail).find_first_not_of(" \t");
    if (indent != std::string_view::npos) tail.begin += static_cast<TextSize>(indent);
    tail.end = std::min(tail.end, range.end);
    tail.begin = std::min(tail.begin, tail.end);
    marks_.push_back({last, tail, primary, label});
  }

  /// A stretch of a line that is short enough to be shown.
  struct Window {
    TextRange range;
    bool cut_before = false;
    bool cut_after = false;
  };

  Window window(std::uint32_t number, std::span<const Mark> marks) const {
    const TextRange whole = source_.line_range(number);
    if (whole.size() <= kMaxWidth) return {whole};
    Window shown = from(whole.begin, whole);
    if (marks.empty()) return shown;
    const auto primary = std::find_if(marks.begin(), marks.end(), [](const Mark& mark) { return mark.primary; });
    const Mark& anchor = primary == marks.end() ? marks.front() : *primary;
    if (!shown.cut_after || anchor.range.end <= shown.range.end) return shown;
    TextSize begin = anchor.range.begin;
    for (std::size_t i = 0; i < kBefore && begin > whole.begin; ++i) begin = previous(begin, whole.begin);
    return from(begin, whole);
  }

  Window from(TextSize begin, TextRange whole) const {
    Window window{{begin, begin}, begin > whole.begin};
    for (std::size_t width = 0; window.range.end < whole.end;) {
      const Cell cell = first_cell(source_.slice({window.range.end, whole.end}));
      width += cell.width;
      if (width > kMaxWidth) {
        window.cut_after = true;
        break;
      }
      window.range.end += static_cast<TextSize>(cell.length);
    }
    return window;
  }

  TextSize previous(TextSize offset, TextSize begin) const {
    for (TextSize back = 1; back <= 4 && back <= offset - begin; ++back)
      if (first_cell(source_.slice({offset - back, offset})).length == back) return offset - back;
    return offset - 1;
  }

  void line(std::uint32_t number, std::span<const Mark> marks) {
    const Window shown = window(number, marks);
    const fmt::format_int shown_number(number);
    out_ += palette_.frame;
    out_.append(margin_.size() - shown_number.size(), ' ');
    append(out_, digits(shown_number), " |", palette_.reset);
    if (!shown.range.empty()) out_ += ' ';
    if (shown.cut_before) out_ += "…";
    std::string row(shown.cut_before ? 1 : 0, ' ');  // `^`, `-`, tabs and blanks
    std::vector<std::size_t> starts(marks.size(), std::string::npos);
    TextSize at = shown.range.begin;
    while (at < shown.range.end) {
      const std::string_view rest = source_.slice({at, shown.range.end});
      if (const std::size_t plain = plain_length(rest); plain > 0) {
        const TextSize end = change_of_sign(at, at + static_cast<TextSize>(plain), marks);
        append(out_, source_.slice({at, end}));
        row.append(end - at, mark({at, at + 1}, marks, starts, row.size()));
        at = end;
        continue;
      }
      Cell cell = first_cell(rest);
      if (at == 0 && rest.starts_with("\xEF\xBB\xBF")) {
        cell.width = 0;  // the byte order mark is nobody's business
      } else {
        out_ += cell.shown(rest);
      }
      const auto end = at + static_cast<TextSize>(cell.length);
      const char sign = mark({at, end}, marks, starts, row.size());
      if (rest.front() == '\t') row += sign != ' ' && only_tabs(at, marks) ? sign : '\t';
      else row.append(cell.width, sign);
      at = end;
    }
    const char behind = mark({at, at + 1}, marks, starts, row.size());
    if (shown.cut_after) out_ += "…";
    if (behind != ' ') row += behind;
    for (std::size_t i = 0; i < marks.size(); ++i)  // left of the window, or drawn over another character
      if (starts[i] == std::string::npos) starts[i] = 0;
    out_ += '\n';
    if (!marks.empty()) annotate(std::move(row), marks, starts);
  }

  /// Where the first mark behind `at` begins or ends; `end` where none does before it.
  static TextSize change_of_sign(TextSize at, TextSize end, std::span<const Mark> marks) {
    for (const Mark& mark : marks)
      for (const TextSize place : {mark.range.begin, std::max(mark.range.end, mark.range.begin + 1)})
        if (place > at) end = std::min(end, place);
    return end;
  }

  /// The sign under the character at `cell`; the primary range lies over the others.
  char mark(TextRange cell, std::span<const Mark> marks, std::vector<std::size_t>& starts, std::size_t column) const {
    char sign = ' ';
    for (std::size_t i = 0; i < marks.size(); ++i) {
      TextRange range = marks[i].range;
      if (range.empty()) ++range.end;
      if (!overlaps(range, cell)) continue;
      starts[i] = std::min(starts[i], column);
      if (sign != '^') sign = marks[i].primary ? '^' : '-';
    }
    return sign;
  }

  /// A tab is as wide as the terminal likes: a sign under it would put all that follows out of line. It gets one
  /// only if the range would otherwise have none.
  bool only_tabs(TextSize at, std::span<const Mark> marks) const {
    return std::any_of(marks.begin(), marks.end(), [&](const Mark& mark) {
      return mark.range.begin <= at && at < std::max(mark.range.end, mark.range.begin + 1) &&
             source_.slice(mark.range).find_first_not_of('\t') == std::string_view::npos;
    });
  }

  void annotate(std::string row, std::span<const Mark> marks, const std::vector<std::size_t>& starts) {
    std::vector<std::size_t> labelled;
    for (std::size_t i = 0; i < marks.size(); ++i)
      if (!marks[i].label.empty()) labelled.push_back(i);
    std::stable_sort(labelled.begin(), labelled.end(),
                     [&](std::size_t a, std::size_t b) { return starts[a] > starts[b]; });
    const auto is_last = [&](std::size_t i) {
      return std::all_of(marks.begin(), marks.end(),
                         [&](const Mark& other) { return other.range.end <= marks[i].range.end; });
    };
    begin_row();
    paint(row);
    if (!labelled.empty() && is_last(labelled.front())) {
      out_ += ' ';
      label(marks[labelled.front()].label);
      labelled.erase(labelled.begin());
    }
    out_ += '\n';
    if (labelled.empty()) return;
    connect(row, starts, labelled);
    out_ += '\n';
    while (!labelled.empty()) {  // from right to left, so that no text crosses a connector
      const std::size_t i = labelled.front();
      labelled.erase(labelled.begin());
      const std::size_t column = connect(row, starts, labelled);
      for (std::size_t at = column; at < starts[i]; ++at) out_ += row[at] == '\t' ? '\t' : ' ';
      label(marks[i].label);
      out_ += '\n';
    }
  }

  /// A row with a `|` under the begin of each of `labelled`; returns how far it goes.
  std::size_t connect(const std::string& row, const std::vector<std::size_t>& starts,
                      const std::vector<std::size_t>& labelled) {
    begin_row();
    std::size_t column = 0;
    for (auto it = labelled.rbegin(); it != labelled.rend(); ++it) {
      if (starts[*it] < column) continue;
      for (; column < starts[*it]; ++column) out_ += row[column] == '\t' ? '\t' : ' ';
      append(out_, palette_.frame, "|", palette_.reset);
      ++column;
    }
    return column;
  }

  void begin_row() { append(out_, margin_, " ", palette_.frame, "|", palette_.reset, " "); }

  void label(std::string_view text) {
    out_ += palette_.frame;
    append_visible(out_, text);
    out_ += palette_.reset;
  }

  void paint(std::string_view row) {
    while (!row.empty() && (row.back() == ' ' || row.back() == '\t')) row.remove_suffix(1);
    char last = ' ';
    for (const char sign : row) {
      const char kind = sign == '\t' ? ' ' : sign;
      if (kind != last) {
        if (last != ' ') out_ += palette_.reset;
        if (kind != ' ') out_ += kind == '^' ? palette_.of(severity_) : palette_.frame;
      }
      out_ += sign;
      last = kind;
    }
    if (last != ' ') out_ += palette_.reset;
  }

  std::string& out_;
  const SourceText& source_;
  const Palette& palette_;
  Severity severity_;
  std::string margin_;
  std::vector<Mark> marks_;
};

std::string_view word(Applicability applicability) {
  switch (applicability) {
    case Applicability::safe: return "fix";
    case Applicability::unsafe: return "fix (unsafe)";
    case Applicability::display_only: break;
  }
  return "suggestion";
}

class TextReporter final : public Reporter {
 public:
  TextReporter(bool color, std::string rule_pages) : palette_(color), rule_pages_(std::move(rule_pages)) {}

  std::string file(const FileReport& report) const override {
    std::string out;
    const auto write = [&](const Diagnostic& found, const Suppressed* hidden) {
      if (!out.empty()) out += '\n';
      finding(out, report.source, found, hidden);
    };
    by_place(report, write);
    return out;
  }

  std::string_view separator() const override { return "\n"; }

 private:
  void finding(std::string& out, const SourceText& source, const Diagnostic& found, const Suppressed* hidden) const {
    append(out, palette_.of(found.severity), hidden != nullptr ? "ignored " : "", to_string(found.severity), "[",
           linked(*found.rule), "]", palette_.reset, palette_.bold, ": ");
    append_visible(out, found.message);
    append(out, palette_.reset, "\n");
    Excerpt excerpt(out, source, palette_, found);
    const LineColumn at = source.line_column(found.range.begin);
    append(out, excerpt.margin(), palette_.frame, "-->", palette_.reset, " ");
    append_visible(out, source.path());
    append(out, ":", digits(fmt::format_int(at.line)), ":", digits(fmt::format_int(at.column)), "\n");
    excerpt.write();
    for (const Elsewhere& there : found.elsewhere)
      remark(out, excerpt.margin(), "see",
             fmt::format("{}:{}:{}: {}", there.path, there.at.line, there.at.column, there.text));
    for (const std::string& note : found.notes) remark(out, excerpt.margin(), "note", note);
    if (hidden != nullptr && !hidden->in_source)
      return remark(out, excerpt.margin(), "ignored", "it is in the baseline");
    if (hidden != nullptr)
      return remark(out, excerpt.margin(), "ignored", hidden->reason.empty() ? "no reason given" : hidden->reason);
    if (found.fix) remark(out, excerpt.margin(), word(found.fix->applicability), found.fix->title);
  }

  /// The rule's name, as a hyperlink to its page (OSC 8). A fault of our own has no page.
  std::string linked(const Rule& rule) const {
    if (rule_pages_.empty() || RuleSet::place_of(rule) == all_rules().size()) return std::string(rule.name);
    return fmt::format("\x1b]8;;{}{}.md\x1b\\{}\x1b]8;;\x1b\\", rule_pages_, rule.name, rule.name);
  }

  void remark(std::string& out, std::string_view margin, std::string_view kind, std::string_view text) const {
    append(out, margin, " ", palette_.frame, "=", palette_.reset, " ", palette_.bold, kind, palette_.reset, ": ");
    append_visible(out, text);
    out += '\n';
  }

  Palette palette_;
  std::string rule_pages_;
};

}  // namespace

std::unique_ptr<Reporter> make_text_reporter(const ReportSettings& settings) {
  return std::make_unique<TextReporter>(settings.color, settings.rule_pages);
}

}  // namespace dockerlint
