// SPDX-License-Identifier: Apache-2.0
#include "text/ignore.hpp"

#include <algorithm>
#include <optional>

namespace dockerlint {
namespace {

constexpr std::string_view kSpecial = "*?[\\";

bool is_in_class(std::string_view name, unsigned char c) {
  const bool upper = c >= 'A' && c <= 'Z';
  const bool lower = c >= 'a' && c <= 'z';
  const bool digit = c >= '0' && c <= '9';
  const bool graph = c > 0x20 && c < 0x7F;
  if (name == "alpha") return upper || lower;
  if (name == "digit") return digit;
  if (name == "alnum") return upper || lower || digit;
  if (name == "upper") return upper;
  if (name == "lower") return lower;
  if (name == "space") return c == ' ' || (c >= '\t' && c <= '\r');
  if (name == "blank") return c == ' ' || c == '\t';
  if (name == "punct") return graph && !(upper || lower || digit);
  if (name == "graph") return graph;
  if (name == "print") return graph || c == ' ';
  if (name == "cntrl") return c < 0x20 || c == 0x7F;
  if (name == "xdigit") return digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  return false;
}

bool is_class(std::string_view name) {
  for (const std::string_view known :
       {"alpha", "digit", "alnum", "upper", "lower", "space", "blank", "punct", "graph", "print", "cntrl", "xdigit"})
    if (name == known) return true;
  return false;
}

/// Reads the bracket expression at the front of `pattern` (behind its `[`) and removes it. Nothing when it is not
/// closed or names a class that does not exist: such a pattern matches nothing.
std::optional<bool> match_bracket(std::string_view& pattern, unsigned char c) {
  bool negated = false;
  bool matched = false;
  if (!pattern.empty() && (pattern.front() == '!' || pattern.front() == '^')) {
    negated = true;
    pattern.remove_prefix(1);
  }
  int from = -1;  // the last single character, if the last was one: a `-` behind it makes a range
  for (bool first = true;; first = false) {
    if (pattern.empty()) return std::nullopt;
    const char p = pattern.front();
    if (p == ']' && !first) break;
    if (p == '[' && pattern.substr(1, 1) == ":") {
      const std::size_t end = pattern.find(']', 2);
      if (end == std::string_view::npos) return std::nullopt;
      if (end > 2 && pattern[end - 1] == ':') {
        const std::string_view name = pattern.substr(2, end - 3);
        if (!is_class(name)) return std::nullopt;
        matched |= is_in_class(name, c);
        pattern.remove_prefix(end + 1);
        from = -1;
        continue;
      }
    }
    if (p == '-' && from >= 0 && pattern.size() > 1 && pattern[1] != ']') {
      pattern.remove_prefix(1);
      if (pattern.front() == '\\') pattern.remove_prefix(1);
      if (pattern.empty()) return std::nullopt;
      matched |= from <= c && c <= static_cast<unsigned char>(pattern.front());
      pattern.remove_prefix(1);
      from = -1;
      continue;
    }
    if (p == '\\') pattern.remove_prefix(1);
    if (pattern.empty()) return std::nullopt;
    from = static_cast<unsigned char>(pattern.front());
    matched |= from == c;
    pattern.remove_prefix(1);
  }
  pattern.remove_prefix(1);
  return matched != negated;
}

/// How many characters may still be tried: patterns such as *a*a*a*a*b cost without end on a long name.
constexpr std::size_t kMaxSteps = 1'000'000;

class Matcher {
 public:
  Matcher(std::string_view pattern, bool path) : whole_(pattern), path_(path) {}

  bool match(std::string_view pattern, std::string_view name) {
    while (!pattern.empty()) {
      if (++steps_ > kMaxSteps) return false;
      const char p = pattern.front();
      if (p == '*') return match_star(pattern, name);
      if (name.empty()) return false;
      const char c = name.front();
      pattern.remove_prefix(1);
      if (p == '?') {
        if (path_ && c == '/') return false;
      } else if (p == '[') {
        const std::optional<bool> matched = match_bracket(pattern, static_cast<unsigned char>(c));
        if (!matched || !*matched || (path_ && c == '/')) return false;
      } else if (p == '\\') {
        if (pattern.empty() || pattern.front() != c) return false;
        pattern.remove_prefix(1);
      } else if (p != c) {
        return false;
      }
      name.remove_prefix(1);
    }
    return name.empty();
  }

 private:
  bool match_star(std::string_view pattern, std::string_view name) {
    const std::size_t stars = std::min(pattern.find_first_not_of('*'), pattern.size());
    const bool at_begin = pattern.size() == whole_.size() || whole_[whole_.size() - pattern.size() - 1] == '/';
    pattern.remove_prefix(stars);
    bool over_slashes = !path_;
    if (path_ && stars >= 2 && at_begin && (pattern.empty() || pattern.front() == '/' || pattern.starts_with("\\/"))) {
      over_slashes = true;
      // `**/` is also no folder at all
      if (!pattern.empty() && pattern.front() == '/' && match(pattern.substr(1), name)) return true;
    }
    for (;; name.remove_prefix(1)) {
      if (match(pattern, name)) return true;
      if (name.empty() || (!over_slashes && name.front() == '/') || steps_ > kMaxSteps) return false;
    }
  }

  std::string_view whole_;
  bool path_;
  std::size_t steps_ = 0;
};

}  // namespace

bool wildcard_match(std::string_view pattern, std::string_view name, bool path) {
  return Matcher(pattern, path).match(pattern, name);
}

std::string_view pattern_fault(std::string_view pattern) {
  if (pattern.starts_with('#')) return "it begins with #, as a comment does: write \\#";
  if (pattern.starts_with('!')) pattern.remove_prefix(1);
  if (pattern.find_first_not_of("/ ") == std::string_view::npos) return "it is empty";
  if (pattern.starts_with("./")) return "nothing matches ./ at the front: / means the folder of the file";
  for (std::string_view rest = pattern; !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    if (part == "..") return "patterns do not lead out of the folder of their file";
  }
  while (!pattern.empty()) {
    const char p = pattern.front();
    pattern.remove_prefix(1);
    if (p == '[' && !match_bracket(pattern, 'x')) return "a [ is not closed, or names a class that does not exist";
    if (p != '\\') continue;
    if (pattern.empty()) return "there is nothing behind the last \\";
    pattern.remove_prefix(1);
  }
  return {};
}

IgnorePatterns::IgnorePatterns(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with('#')) continue;
    std::size_t size = 0;  // without the blanks at the end, unless a backslash keeps one
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '\\' && i + 1 < line.size()) size = ++i + 1;
      else if (line[i] != ' ') size = i + 1;
    }
    line = line.substr(0, size);
    Pattern pattern;
    if (line.starts_with('!')) {
      pattern.negated = true;
      line.remove_prefix(1);
    }
    if (line.ends_with('/')) {
      pattern.directories_only = true;
      line.remove_suffix(1);
    }
    if (line.empty()) continue;
    pattern.anywhere = line.find('/') == std::string_view::npos;
    if (line.starts_with('/')) line.remove_prefix(1);
    pattern.text = line;
    patterns_.push_back(std::move(pattern));
  }
}

bool IgnorePatterns::cover(std::string_view path) const {
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1))
    if (verdict(path.substr(0, slash), true) == Verdict::ignored) return true;
  return verdict(path, false) == Verdict::ignored;
}

Verdict IgnorePatterns::verdict(std::string_view path, bool directory) const {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  for (auto it = patterns_.rbegin(); it != patterns_.rend(); ++it) {
    if (it->directories_only && !directory) continue;
    const std::string_view pattern = it->text;
    bool matched = false;
    if (it->anywhere) {
      matched = wildcard_match(pattern, name, false);
    } else {
      // git compares what stands before the first wildcard byte by byte and matches only the rest, so that in
      // `a**/b` the stars count as standing at a begin.
      const std::size_t plain = std::min(pattern.find_first_of(kSpecial), pattern.size());
      matched =
          path.starts_with(pattern.substr(0, plain)) && wildcard_match(pattern.substr(plain), path.substr(plain), true);
    }
    if (matched) return it->negated ? Verdict::kept : Verdict::ignored;
  }
  return Verdict::none;
}

void IgnoreStack::push(std::string base, IgnorePatterns patterns) {
  if (!patterns.empty()) levels_.push_back({std::move(base), std::move(patterns)});
}

bool IgnoreStack::ignores(std::string_view path, bool directory) const {
  for (auto it = levels_.rbegin(); it != levels_.rend(); ++it) {
    if (!path.starts_with(it->base)) continue;
    const Verdict verdict = it->patterns.verdict(path.substr(it->base.size()), directory);
    if (verdict != Verdict::none) return verdict == Verdict::ignored;
  }
  return false;
}

bool IgnoreStack::covers(std::string_view path) const {
  if (empty()) return false;
  for (std::size_t slash = path.find('/', 1); slash < path.size(); slash = path.find('/', slash + 1))
    if (ignores(path.substr(0, slash), true)) return true;
  return ignores(path, false);
}

}  // namespace dockerlint
