// SPDX-License-Identifier: Apache-2.0
// What a Dockerfile means: tests/model/*.txt, whose trees are what `dump --model` prints, and what only code
// can ask.

#include "dockerlint/model.hpp"

#include "model/dump.hpp"
#include "support/catch.hpp"
#include "support/corpus_case.hpp"
#include "support/page.hpp"

#include <string>

using namespace dockerlint;
using namespace dockerlint::test;

namespace {

std::string dumped(const std::string& source) {
  const Document document = Document::parse("Dockerfile", source);
  return dump_model(Model(document));
}

std::string repeated(std::string_view part, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

}  // namespace

TEST_CASE("model corpus") {
  for (const std::string& path : corpus_files("tests/model")) {
    DYNAMIC_SECTION(path) {
      const auto failures = run_corpus(path, [](const CorpusCase& c) { return dumped(c.source); });
      for (const std::string& failure : failures) FAIL_CHECK(failure);
      if (failures.empty()) SUCCEED();
    }
  }
}

TEST_CASE("any part of a Dockerfile has a model") {
  for (const std::string& path : corpus_files("tests/model"))
    for (const CorpusCase& c : read_corpus(path, read_file(path).value_or("")).cases)
      for (std::size_t i = 0; i <= c.source.size(); ++i) CHECK_NOTHROW(dumped(c.source.substr(0, i)));
}

TEST_CASE("any place of a stage can be asked about, later too") {
  const Document document =
      Document::parse("Dockerfile", "FROM debian\nENV A=1\nRUN a\nENV A=2\nRUN useradd -u 7 me\nRUN b\n");
  const Model model(document);
  const auto runs = model.stages()[0].runs;
  CHECK(runs[0].before.env.find("A").value == "1");
  CHECK(runs[2].before.env.find("A").value == "2");
  CHECK(model.stages()[0].end.env.find("A").value == "2");
  CHECK(runs[0].before.env.at(0).find("A").set == false);
  CHECK_FALSE(runs[1].before.env.user("me").uid.has_value());
  CHECK(runs[2].before.env.user("me").uid == 7U);
  CHECK(runs[2].before.env.user("7").name == "me");
  CHECK(runs[2].before.env.user("me:9").gid == 9U);
}

TEST_CASE("what a trigger does in another build is not known") {
  const Document document = Document::parse("Dockerfile", "FROM debian\nENV A=1\nONBUILD RUN a\n");
  const Model model(document);
  const RunStep& run = model.stages()[0].runs[0];
  CHECK(run.on_build);
  CHECK_FALSE(run.before.env.find("A").known);
  CHECK_FALSE(run.before.user.is_root().has_value());
}

TEST_CASE("facts about images can be left out") {
  const Document document = Document::parse("Dockerfile", "FROM golang\nRUN --mount=type=cache,target=$GOPATH/x a\n");
  CHECK(Model(document).stages()[0].runs[0].mounts[0].target == "/go/x");
  const Model bare(document, [](std::string_view) -> const Image* { return nullptr; });
  CHECK(bare.stages()[0].image_facts == nullptr);
  CHECK_FALSE(bare.stages()[0].runs[0].mounts[0].target.has_value());
}

TEST_CASE("the model of a hostile file takes no longer than its length allows") {
  constexpr std::size_t kMany = 20000;
  std::string chain = "FROM a AS s0\n";
  for (std::size_t i = 1; i < kMany; ++i)
    chain += "FROM s" + std::to_string(i - 1) + " AS s" + std::to_string(i) + "\nENV A=$B\nUSER $A\n";
  CHECK_NOTHROW(dumped(chain));
  const std::string triggers = "FROM a AS b\n" + repeated("ONBUILD ENV A=$A\n", kMany) + repeated("FROM b\n", kMany);
  CHECK_NOTHROW(dumped(triggers));
  CHECK_NOTHROW(dumped("FROM a\n" + repeated("ENV A=1\nRUN useradd b\nUSER b\n", kMany)));
}
