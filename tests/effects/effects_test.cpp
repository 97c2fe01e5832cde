// SPDX-License-Identifier: Apache-2.0
// What steps read and write: tests/effects/*.txt. Each case is a Dockerfile; below it is what `dump --effects` prints.

#include "effects/dump.hpp"
#include "support/catch.hpp"
#include "support/corpus_case.hpp"
#include "support/page.hpp"

#include <string>

using namespace dockerlint;
using namespace dockerlint::test;

TEST_CASE("effects corpus") {
  for (const std::string& path : corpus_files("tests/effects")) {
    DYNAMIC_SECTION(path) {
      const auto failures = run_corpus(path, [](const CorpusCase& c) {
        const Document document = Document::parse("Dockerfile", c.source);
        return dump_effects(Model(document), Catalog::builtin());
      });
      for (const std::string& failure : failures) FAIL_CHECK(failure);
      if (failures.empty()) SUCCEED();
    }
  }
}

TEST_CASE("any part of a Dockerfile has effects that can be shown") {
  for (const std::string& path : corpus_files("tests/effects"))
    for (const CorpusCase& c : read_corpus(path, read_file(path).value_or("")).cases)
      for (std::size_t i = 0; i <= c.source.size(); ++i) {
        const Document document = Document::parse("Dockerfile", c.source.substr(0, i));
        CHECK_NOTHROW(dump_effects(Model(document), Catalog::builtin()));
      }
}
