// SPDX-License-Identifier: Apache-2.0
#include "cli/screens.hpp"

#include "text/diff.hpp"

#include <algorithm>

namespace dockerlint::cli {
namespace {

/// The lines of a document that are not as they were.
class ChangedLines {
 public:
  ChangedLines(std::string_view was, const Document& document)
      : source_(document.source()), before_(source_.line_count() + 2, 0) {
    for (const LineChange& change : line_changes(was, source_.bytes())) {
      for (std::size_t i = 0; i < change.added; ++i) mark(change.after + i + 1);
      if (change.added == 0) deletion(document, static_cast<std::uint32_t>(change.after));
    }
    for (std::size_t i = 1; i < before_.size(); ++i) before_[i] += before_[i - 1];
  }

  bool touch(TextRange range) const {
    const std::uint32_t first = source_.line_of(range.begin);
    const std::uint32_t last = range.empty() ? first : source_.line_of(range.end - 1);
    return before_[last] > before_[first - 1];
  }

 private:
  void mark(std::size_t line) {
    if (line < before_.size()) before_[line] = 1;
  }

  /// Where a part of an instruction is gone, the lines around have changed; an instruction that is gone has none.
  void deletion(const Document& document, std::uint32_t line) {
    const auto all = document.instructions();
    const auto in =
        std::partition_point(all.begin(), all.end(), [&](const Instruction& i) { return i.last_line < line; });
    if (in == all.end() || line < in->first_line || line >= in->last_line) return;
    mark(line);
    mark(line + 1);
  }

  const SourceText& source_;
  std::vector<std::uint32_t> before_;  // changed lines up to this one, which counts from 1
};

std::vector<bool> unchanged(const Past& past, const Document& document, std::span<const Diagnostic> findings) {
  std::vector<bool> result(findings.size(), false);
  if (!past.since || past.was == nullptr || findings.empty()) return result;
  const ChangedLines changed(*past.was, document);
  for (std::size_t i = 0; i < findings.size(); ++i)
    result[i] = !changed.touch(findings[i].range) &&
                std::none_of(findings[i].labels.begin(), findings[i].labels.end(),
                             [&](const Label& label) { return changed.touch(label.range); });
  return result;
}

}  // namespace

Screened screened(const Past& past, const Document& document, std::span<const Diagnostic> findings) {
  BaselineMatch matched = match(past.baseline, document, findings);
  Screened result{std::move(matched.known), unchanged(past, document, findings), std::move(matched.left)};
  for (std::size_t i = 0; i < findings.size(); ++i)
    if (result.known[i]) result.unchanged[i] = false;
  return result;
}

Screen screen_for(const Past& past) {
  if (!past.counts()) return {};
  return [&past](const Document& document, std::span<const Diagnostic> findings) {
    Screened result = screened(past, document, findings);
    for (std::size_t i = 0; i < findings.size(); ++i)
      if (result.unchanged[i]) result.known[i] = true;
    return std::move(result.known);
  };
}

}  // namespace dockerlint::cli
