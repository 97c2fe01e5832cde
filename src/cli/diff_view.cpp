// SPDX-License-Identifier: Apache-2.0
#include "cli/diff_view.hpp"

#include "report/visible.hpp"
#include "text/diff.hpp"
#include "text/utf8.hpp"

#include <algorithm>

namespace dockerlint::cli {
namespace {

constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kHunk = "\x1b[36m";
constexpr std::string_view kRemoved = "\x1b[31m";
constexpr std::string_view kAdded = "\x1b[32m";
constexpr std::string_view kReset = "\x1b[0m";

std::string_view paint_of(std::string_view line, bool in_hunk) {
  if (!in_hunk) return kBold;
  switch (line.empty() ? ' ' : line.front()) {
    case '@': return kHunk;
    case '-': return kRemoved;
    case '+': return kAdded;
    default: return {};
  }
}

void append(std::string& out, std::string_view text, bool terminal) {
  if (terminal) append_visible(out, text);
  else out += text;
}

}  // namespace

std::string painted(std::string_view diff, bool color, bool terminal) {
  if (!color && !terminal) return std::string(diff);
  std::string out;
  bool in_hunk = false;
  while (!diff.empty()) {
    std::string_view line = diff.substr(0, diff.find('\n'));
    diff.remove_prefix(std::min(diff.size(), line.size() + 1));
    in_hunk |= line.starts_with("@@");
    const std::string_view paint = color ? paint_of(line, in_hunk) : std::string_view();
    const bool crlf = terminal && line.ends_with('\r');
    if (crlf) line.remove_suffix(1);
    std::string_view plain;  // what names a hunk has no colour
    if (line.starts_with("@@"))
      if (const std::size_t end = line.find(" @@ "); end != std::string_view::npos) {
        plain = line.substr(end + 3);
        line.remove_suffix(plain.size());
      }
    out += paint;
    append(out, line, terminal);
    if (!paint.empty()) out += kReset;
    append(out, plain, terminal);
    out += crlf ? "\r\n" : "\n";
  }
  return out;
}

bool begins_stage(std::string_view line) {
  return line.size() > 5 && equal_ignoring_case(line.substr(0, 4), "FROM") && (line[4] == ' ' || line[4] == '\t');
}

std::string diff_of_file(std::string_view path, bool is_new, std::string_view before, std::string_view after) {
  std::string diff = unified_diff(path, before, after);
  if (is_new && !diff.empty()) diff.replace(0, diff.find('\n'), "--- /dev/null");
  return diff;
}

}  // namespace dockerlint::cli
