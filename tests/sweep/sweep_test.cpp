// SPDX-License-Identifier: Apache-2.0
// That the sweep would tell: what is wrong is reported, and made small.

#include "support/catch.hpp"
#include "support/reduce.hpp"
#include "sweep/judge.hpp"

using namespace dockerlint::sweep;
using dockerlint::test::reduced;

TEST_CASE("reduce: by instructions, lines and words") {
  const std::string file =
      "# syntax=docker/dockerfile:1\nFROM debian:12 AS build\nENV A=1 \\\n    B=2 \\\n    # why\n    C=3\n"
      "RUN --mount=type=cache,target=/a,sharing=locked,id=x make all\nCOPY a b\n";
  const auto contains = [](std::string_view what) {
    return [what](std::string_view text) { return text.find(what) != text.npos; };
  };
  CHECK(reduced(file, contains("COPY")) == "COPY");
  CHECK(reduced(file, contains("B=2")) == "B=2");
  CHECK(reduced(file, contains("target=/a")) == "target=/a");
  CHECK(reduced(file, [](std::string_view text) {
          return text.find("FROM") < text.find("COPY") && text.find("COPY") != text.npos;
        }) == "FROMCOPY");
  CHECK(reduced(file, [](std::string_view) { return true; }).empty());
}

TEST_CASE("reduce: stops asking") {
  std::size_t asked = 0;
  const std::string file(1000, '\n');
  const auto counts = [&](std::string_view text) {
    ++asked;
    return text.size() > 500;
  };
  CHECK(reduced(file, counts, 5).size() < file.size());
  CHECK(asked == 5);
}

TEST_CASE("sweep: faults of one kind") {
  CHECK(kind_of("line 3: cache/x: has a fix without a title") ==
        kind_of("line 14: cache/x: has a fix without a title"));
  CHECK(kind_of("with safe fixes: a comment is lost: # a") == kind_of("with safe fixes: a comment is lost: # b"));
  CHECK(kind_of("with safe fixes: a comment is lost: # a") != kind_of("with unsafe fixes: a comment is lost: # a"));
}

TEST_CASE("sweep: a builder that takes no sharing= finds what the fix has broken") {
  const Case input{"Dockerfile", ".",
                   "FROM debian:12\n# first\nRUN true\n"
                   "RUN --mount=type=cache,target=/var/cache/apt \\\n    apt-get update && apt-get install -y git\n"};
  Settings settings;
  settings.builder = "! grep -q sharing=";
  const Judgement judgement = judge(input, settings);
  REQUIRE(judgement.faults == std::vector<std::string>{"builds before the fix, not after"});
  const std::string small = smallest(input, judgement.faults.front(), settings);
  CHECK(small == "FROM\nRUN --mount=type=cache,target=/var/cache/apt");
}

TEST_CASE("sweep: a program that is too slow, writes something else, or fails") {
  const Case input{"Dockerfile", ".", "FROM debian:12\n"};
  const auto faults = [&](const char* program, double slow = 1) {
    Settings settings;
    settings.program = program;
    settings.slow = slow;
    return judge(input, settings).faults;
  };
  CHECK(faults("echo", 0).front().starts_with("the program takes"));
  CHECK(faults("echo") == std::vector<std::string>{"the program writes another text than the library makes"});
  CHECK(faults("false").front().starts_with("the program exits with 1"));
  CHECK(faults("no-such-program").front().starts_with("the program exits with 127"));
}
