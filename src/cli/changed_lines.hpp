// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which lines are not as they were.

#include "dockerlint/project.hpp"
#include "dockerlint/syntax.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace dockerlint::cli {

/// Of each line of a text, which counts from 1. Empty: all is as it was.
struct LineDifference {
  std::vector<bool> is_new;
  std::vector<bool> gone_behind;  // what stood between it and the next is gone
};

LineDifference difference(std::string_view was, std::string_view is);
/// The same when the text has become another since.
LineDifference carried(const LineDifference& before, std::string_view text, std::string_view now);
/// Of the lines of a Dockerfile that stands in a file, whose difference is given.
LineDifference of_embedded(const LineDifference& of_file, const SourceText& file, const InlineDockerfile& text);

class ChangedLines {
 public:
  ChangedLines(const Document& document, const LineDifference& difference);

  /// Whether any of its lines is new, or has lost what stood beside it in its instruction. An instruction that is gone
  /// has changed nothing.
  bool touch(TextRange range) const;

 private:
  void mark(std::size_t line);

  const SourceText& source_;
  std::vector<std::uint32_t> before_;  // changed lines up to this one, which counts from 1
};

}  // namespace dockerlint::cli
