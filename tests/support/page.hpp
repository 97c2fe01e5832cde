// SPDX-License-Identifier: Apache-2.0
#pragma once
// A page: Markdown whose examples are documentation and tests at once. A rule's own page is
// rules/<rule>.md; cases too odd for it are in tests/rules/<rule>.md, in the same format:
//
//   ```dockerfile               an input; `#  ^^^^ rule text` marks a finding in the line above
//   ```dockerfile fixed         what --fix makes of it; absent: --fix leaves it alone
//   ```dockerfile fixed-unsafe  what --fix --unsafe-fixes makes of it; absent: no more than --fix
//   ```text rendered            what is printed
//   ```toml config              what a .dockerlint.toml says for the next input
//
// After `dockerfile`, `crlf` gives the input \r\n, `no-final-newline` takes its last line end away,
// `bytes` makes `<A0>` stand for the byte A0, and `long` makes `…` stand for as many of the character
// before it as BuildKit bears no more in one line. The caret line is taken out before linting:
// `#   ^^^^` marks these columns, `#^^^^` marks from column 1 (the # counts), `#< ` marks column 1
// alone, and `^^^^...` runs on into later lines or over more than a thousand columns. Columns are code points.

#include "dockerlint/config.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::test {

struct Mark {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::uint32_t width = 1;  // of the part in the first line; a finding with an empty range is 1 wide
  bool runs_on = false;     // into later lines, or far to the right
  std::string rule;
  std::string text;  // what stands behind the rule's name: occurs in the message

  bool same_place(const Mark& other) const {
    return line == other.line && column == other.column && width == other.width && runs_on == other.runs_on &&
           rule == other.rule;
  }
};

/// A fenced block of the page, by its lines: from the opening fence to behind the closing one.
struct Block {
  std::size_t begin = 0;  // index of the opening fence
  std::size_t end = 0;    // index behind the closing fence
  std::string text;       // what is between them
};

struct Example {
  std::uint32_t line = 0;  // of the block's first line, from 1
  std::string heading;     // "Bad", "Bad, in a heredoc"
  std::string section;     // "Bad"
  bool crlf = false;
  bool no_final_newline = false;
  bool bytes = false;
  bool long_lines = false;
  Config settings;  // of rules, from the configuration in front of it

  std::string input;  // with the marks taken out
  std::vector<Mark> marks;
  std::optional<std::string> fixed;
  std::optional<std::string> fixed_unsafe;
  std::optional<std::string> rendered;

  Block input_block;
  std::optional<Block> fixed_block;
  std::optional<Block> fixed_unsafe_block;
  std::optional<Block> rendered_block;
};

struct Page {
  std::string path;
  std::string title;            // the rule that the page is about
  std::string first_paragraph;  // joined to one line
  std::vector<std::string> sections;
  std::vector<Example> examples;
  std::vector<std::string> lines;   // the page, as read
  std::vector<std::string> faults;  // what is wrong with its form
};

Page read_page(std::string path, std::string_view text);

/// Whether DOCKERLINT_BLESS asks that expectations be rewritten to what is now true.
bool blessing();

/// All that the page's examples promise and do not keep; empty: the page is good.
std::vector<std::string> failures(const Page& page);

/// The page with marks, fixed and rendered blocks as they now come out. Good examples get no marks.
std::string blessed(const Page& page);

/// What is wrong with the pages as a whole: a rule without a page, or one that lacks a part.
std::vector<std::string> failures_of_all_rules();

/// The lines that differ: `- ` before what was expected, `+ ` before what came, `  ` around them.
std::string line_diff(std::string_view expected, std::string_view actual);

/// The file's bytes; nothing if it cannot be read.
std::optional<std::string> read_file(const std::string& path);
bool write_file(const std::string& path, std::string_view text);

/// `\n` as `\r\n`, where it is not already.
std::string with_crlf(std::string_view text);
/// Text in which `<A0>` stands for the byte A0.
std::string with_bytes(std::string_view text);
/// The way back: what is not printable, or not UTF-8, as `<A0>`.
std::string without_bytes(std::string_view text);

}  // namespace dockerlint::test
