// SPDX-License-Identifier: Apache-2.0
// Myers' greedy algorithm ("An O(ND) Difference Algorithm and Its Variations", 1986) on what is left between the
// first and the last line that differ. Its cost grows with the square of the edits, so beyond kMaxEdits the whole
// stretch is replaced: never minimal, always right.
#include "text/diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <unordered_map>
#include <vector>

namespace dockerlint {
namespace {

constexpr std::size_t kContext = 3;
constexpr std::int64_t kMaxEdits = 1500;  // 9 MB of history

using Numbers = std::vector<std::uint32_t>;  // equal lines have equal numbers

/// The changes from `a` to `b`, or nothing when there are more than kMaxEdits.
std::optional<std::vector<LineChange>> shortest(const Numbers& a, const Numbers& b) {
  const auto n = static_cast<std::int64_t>(a.size());
  const auto m = static_cast<std::int64_t>(b.size());
  const std::int64_t most = std::min(n + m, kMaxEdits);
  // furthest[most + k]: how far into `a` the diagonal k (= x - y) was followed. history[d]: its middle, 2d + 1
  // wide, as it was before the d-th edit.
  std::vector<std::int32_t> furthest(static_cast<std::size_t>(2 * most + 3), 0);
  const auto slot = [&](std::int64_t k) -> std::int32_t& { return furthest[static_cast<std::size_t>(most + 1 + k)]; };
  std::vector<std::vector<std::int32_t>> history;
  const auto goes_down = [](std::int64_t k, std::int64_t d, std::int32_t left, std::int32_t right) {
    return k == -d || (k != d && left < right);
  };

  std::int64_t edits = 0;
  for (bool found = n == 0 && m == 0; !found; ++edits) {
    if (edits > most) return std::nullopt;
    const auto middle = furthest.begin() + (most + 1 - edits);
    history.emplace_back(middle, middle + 2 * edits + 1);
    for (std::int64_t k = -edits; k <= edits && !found; k += 2) {
      const bool down = goes_down(k, edits, slot(k - 1), slot(k + 1));
      std::int64_t x = edits == 0 ? 0 : down ? slot(k + 1) : slot(k - 1) + 1;
      while (x < n && x - k < m && x - k >= 0 && a[static_cast<std::size_t>(x)] == b[static_cast<std::size_t>(x - k)])
        ++x;
      slot(k) = static_cast<std::int32_t>(x);
      found = x >= n && x - k >= m;
    }
  }

  std::vector<LineChange> changes;  // from the end to the begin
  std::int64_t x = n;
  std::int64_t y = m;
  for (std::int64_t d = edits - 1; d > 0; --d) {
    const std::vector<std::int32_t>& was = history[static_cast<std::size_t>(d)];
    const auto at = [&](std::int64_t k) { return k < -d || k > d ? -1 : was[static_cast<std::size_t>(k + d)]; };
    const std::int64_t k = x - y;
    const bool down = goes_down(k, d, at(k - 1), at(k + 1));
    x = at(down ? k + 1 : k - 1);
    y = x - (down ? k + 1 : k - 1);
    const LineChange step{static_cast<std::size_t>(x), down ? 0U : 1U, static_cast<std::size_t>(y), down ? 1U : 0U};
    if (!changes.empty() && step.before + step.removed == changes.back().before &&
        step.after + step.added == changes.back().after) {
      changes.back() = {step.before, step.removed + changes.back().removed, step.after,
                        step.added + changes.back().added};
    } else {
      changes.push_back(step);
    }
  }
  std::reverse(changes.begin(), changes.end());
  return changes;
}

/// As git names a file in a diff: in quotes with C escapes where a byte is not printable ASCII, and with a tab
/// behind it where it has blanks, since a reader would take what follows them for a date.
std::string header_name(char side, std::string_view path) {
  std::string name{side, '/'};
  bool quoted = false;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    constexpr std::string_view kNamed = "\a\b\t\n\v\f\r\"\\";
    if (const std::size_t at = kNamed.find(c); at != std::string_view::npos && c != '\0') {
      name += {'\\', "abtnvfr\"\\"[at]};
    } else if (byte < 0x20 || byte >= 0x7F) {
      fmt::format_to(std::back_inserter(name), "\\{:03o}", byte);
    } else {
      name += c;
      continue;
    }
    quoted = true;
  }
  if (quoted) return '"' + name + '"';
  if (name.find(' ') != std::string::npos) name += '\t';
  return name;
}

/// `begin` counts from 0. An empty range is named by the line before it.
std::string range_name(std::size_t begin, std::size_t size) {
  if (size == 1) return fmt::format("{}", begin + 1);
  return fmt::format("{},{}", size == 0 ? begin : begin + 1, size);
}

void append_line(std::string& out, char sign, std::string_view line) {
  out += sign;
  out += line;
  if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

/// What git shows of such a line.
std::string_view heading(std::string_view line) {
  constexpr std::size_t kMost = 80;
  std::size_t size = std::min(line.size(), kMost);
  if (size < line.size())
    while (size > 0 && (static_cast<unsigned char>(line[size]) & 0xC0) == 0x80) --size;
  line = line.substr(0, size);
  return line.substr(0, line.find_last_not_of(" \t\r\n") + 1);
}

}  // namespace

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

std::vector<LineChange> changes_between(const std::vector<std::string_view>& before,
                                        const std::vector<std::string_view>& after) {
  const auto [first_a, first_b] = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  const auto prefix = static_cast<std::size_t>(first_a - before.begin());
  std::size_t suffix = 0;
  while (suffix < before.size() - prefix && suffix < after.size() - prefix &&
         before[before.size() - 1 - suffix] == after[after.size() - 1 - suffix])
    ++suffix;

  std::unordered_map<std::string_view, std::uint32_t> numbers;
  const auto number = [&](const std::vector<std::string_view>& lines) {
    Numbers numbered;
    numbered.reserve(lines.size() - prefix - suffix);
    for (std::size_t i = prefix; i < lines.size() - suffix; ++i)
      numbered.push_back(numbers.emplace(lines[i], static_cast<std::uint32_t>(numbers.size())).first->second);
    return numbered;
  };
  const Numbers a = number(before);
  const Numbers b = number(after);
  std::optional<std::vector<LineChange>> found;
  if (!a.empty() && !b.empty()) found = shortest(a, b);
  if (!found) found = std::vector<LineChange>{{0, a.size(), 0, b.size()}};
  for (LineChange& change : *found) {
    change.before += prefix;
    change.after += prefix;
  }
  return std::move(*found);
}

std::string unified_diff(std::string_view path, std::string_view before, std::string_view after,
                         bool (*heads)(std::string_view line)) {
  std::string out;
  if (before == after) return out;
  const std::vector<std::string_view> a = lines_of(before);
  const std::vector<std::string_view> b = lines_of(after);
  const std::vector<LineChange> changes = changes_between(a, b);
  fmt::format_to(std::back_inserter(out), "--- {}\n+++ {}\n", header_name('a', path), header_name('b', path));
  std::string_view head;
  std::size_t looked = 0;  // how far, for heads
  for (auto first = changes.begin(); first != changes.end();) {
    auto last = first;  // changes whose contexts touch share a hunk
    while (last + 1 != changes.end() && (last + 1)->before - (last->before + last->removed) <= 2 * kContext) ++last;
    const std::size_t lead = std::min(first->before, kContext);
    const std::size_t begin_a = first->before - lead;
    const std::size_t begin_b = first->after - lead;
    const std::size_t end_a = std::min(a.size(), last->before + last->removed + kContext);
    const std::size_t end_b = std::min(b.size(), last->after + last->added + kContext);
    for (; heads != nullptr && looked < begin_a; ++looked)
      if (heads(a[looked])) head = heading(a[looked]);
    fmt::format_to(std::back_inserter(out), "@@ -{} +{} @@{}{}\n", range_name(begin_a, end_a - begin_a),
                   range_name(begin_b, end_b - begin_b), head.empty() ? "" : " ", head);
    std::size_t at = begin_a;
    for (; first != last + 1; ++first) {
      for (; at < first->before; ++at) append_line(out, ' ', a[at]);
      for (; at < first->before + first->removed; ++at) append_line(out, '-', a[at]);
      for (std::size_t i = 0; i < first->added; ++i) append_line(out, '+', b[first->after + i]);
    }
    for (; at < end_a; ++at) append_line(out, ' ', a[at]);
  }
  return out;
}

}  // namespace dockerlint
