// SPDX-License-Identifier: Apache-2.0
#pragma once
// A corpus file: what is read, and the tree that is made of it, case by case.
//
//   ================
//   name of the case
//   :crlf              attributes, one a line: how the source differs from what stands here
//   ================
//   source
//   ---
//   tree
//
// Attributes: `:crlf` gives the source \r\n, `:no-final-newline` takes its last line end away, `:bytes`
// makes `<A0>` stand for the byte A0. One blank line parts a tree from the next case.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::test {

struct CorpusCase {
  std::string name;
  std::uint32_t line = 0;  // of the name, from 1
  std::vector<std::string> attributes;
  std::string source_as_written;
  std::string source;
  std::string tree;  // every line ends in `\n`; the last is not blank
};

struct CorpusFile {
  std::string path;
  std::vector<CorpusCase> cases;
  std::vector<std::string> faults;  // what is wrong with its form
};

CorpusFile read_corpus(std::string path, std::string_view text);

/// The corpus files of a folder, by name.
std::vector<std::string> corpus_files(const std::string& folder);

/// Holds every case of the file at `path` against what `tree_of` makes of its source, and says what
/// differs. With DOCKERLINT_BLESS=1 the trees in the file are rewritten first.
std::vector<std::string> run_corpus(const std::string& path,
                                    const std::function<std::string(const CorpusCase&)>& tree_of);

}  // namespace dockerlint::test
