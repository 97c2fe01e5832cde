// SPDX-License-Identifier: Apache-2.0
#pragma once
// What git ignores, by the rules of gitignore(5): the patterns of one file, and the files in force in a folder.
// Nothing is read here; tests compare it with `git check-ignore`.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint {

/// Whether git's wildcards match all of `name`. Only in a `path` pattern do a slash and `**` mean anything.
bool wildcard_match(std::string_view pattern, std::string_view name, bool path);

/// Why `pattern`, one line of such a file, cannot mean what its author meant; empty when nothing is wrong.
std::string_view pattern_fault(std::string_view pattern);

enum class Verdict : std::uint8_t { none, ignored, kept };

/// The patterns of one .gitignore file.
class IgnorePatterns {
 public:
  explicit IgnorePatterns(std::string_view text);

  bool empty() const { return patterns_.empty(); }
  /// Whether the file, or a folder that it lies in, is matched. `path` is relative to the folder of the patterns.
  bool cover(std::string_view path) const;
  /// What the last pattern that matches says. `path` is relative to the folder of the file.
  Verdict verdict(std::string_view path, bool directory) const;

 private:
  struct Pattern {
    std::string text;
    bool negated = false;
    bool directories_only = false;
    bool anywhere = false;  // no slash in it: matches the last part of a path
  };

  std::vector<Pattern> patterns_;
};

/// The pattern files in force at one place of a walk, from the weakest to the strongest.
class IgnoreStack {
 public:
  /// `base` is the folder of the file, written as the walk writes paths and ending in `/` unless empty.
  void push(std::string base, IgnorePatterns patterns);
  bool empty() const { return levels_.empty(); }
  std::size_t size() const { return levels_.size(); }
  void shrink(std::size_t size) { levels_.resize(size, Level{{}, IgnorePatterns("")}); }

  /// Whether the entry itself is ignored. What lies in an ignored directory is ignored too: do not go there.
  bool ignores(std::string_view path, bool directory) const;
  /// Whether the file, or a folder that it lies in, is ignored.
  bool covers(std::string_view path) const;

 private:
  struct Level {
    std::string base;
    IgnorePatterns patterns;
  };

  std::vector<Level> levels_;
};

}  // namespace dockerlint
