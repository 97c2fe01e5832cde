// SPDX-License-Identifier: Apache-2.0
// The parser corpus: tests/syntax/*.txt, one test a case, and what is always true of each source.

#include "support/catch.hpp"
#include "support/corpus_case.hpp"
#include "support/page.hpp"
#include "support/properties.hpp"
#include "syntax/dump.hpp"

using namespace dockerlint;
using namespace dockerlint::test;

TEST_CASE("parser corpus") {
  for (const std::string& path : corpus_files("tests/syntax")) {
    DYNAMIC_SECTION(path) {
      const auto failures =
          run_corpus(path, [](const CorpusCase& c) { return dump_tree(Document::parse("Dockerfile", c.source)); });
      for (const std::string& failure : failures) FAIL_CHECK(failure);
      if (failures.empty()) SUCCEED();
    }
  }
}

TEST_CASE("the sources of the parser corpus keep the properties") {
  constexpr std::size_t kAllTokens = 1000;
  for (const std::string& path : corpus_files("tests/syntax")) {
    for (const CorpusCase& c : read_corpus(path, read_file(path).value_or("")).cases) {
      INFO(path << ":" << c.line << " (" << c.name << ")");
      for (const std::string& fault : broken_properties("Dockerfile", c.source, Config{}, kAllTokens))
        FAIL_CHECK(fault);
    }
  }
  SUCCEED();
}
