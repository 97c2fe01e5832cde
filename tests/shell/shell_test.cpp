// SPDX-License-Identifier: Apache-2.0
// The shell corpus: tests/shell/*.txt. Each case is a Dockerfile; its tree is what `dump --shell` prints.

#include "dockerlint/shell.hpp"
#include "shell/dump.hpp"
#include "shell/run_script.hpp"
#include "support/catch.hpp"
#include "support/corpus_case.hpp"
#include "support/page.hpp"

#include <string>

using namespace dockerlint;
using namespace dockerlint::test;

namespace {

bool understood(const std::string& text, shell::Dialect dialect = shell::Dialect::bash) {
  const auto size = static_cast<TextSize>(text.size());
  const TextPiece whole{0, size, {0, size}};
  Arena arena;
  return shell::parse({text, {&whole, 1}}, dialect, arena).understood;
}

std::string repeated(std::string_view part, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

}  // namespace

TEST_CASE("shell corpus") {
  for (const std::string& path : corpus_files("tests/shell")) {
    DYNAMIC_SECTION(path) {
      const auto failures =
          run_corpus(path, [](const CorpusCase& c) { return dump_shell(Document::parse("Dockerfile", c.source)); });
      for (const std::string& failure : failures) FAIL_CHECK(failure);
      if (failures.empty()) SUCCEED();
    }
  }
}

TEST_CASE("any part of a shell script is read without a crash") {
  for (const std::string& path : corpus_files("tests/shell")) {
    for (const CorpusCase& c : read_corpus(path, read_file(path).value_or("")).cases) {
      for (std::size_t i = 0; i <= c.source.size(); ++i) {
        understood(c.source.substr(0, i));
        understood(c.source.substr(i), shell::Dialect::posix);
        dump_shell(Document::parse("Dockerfile", c.source.substr(0, i)));
      }
    }
  }
  SUCCEED();
}

TEST_CASE("nesting has a limit, and time does not run away below it") {
  constexpr std::size_t kFine = 60;
  CHECK(understood(repeated("(", kFine) + "a" + repeated(")", kFine), shell::Dialect::posix));
  CHECK(understood(repeated("a $(", kFine) + repeated(")", kFine)));
  constexpr std::size_t kMany = 20000;
  for (const std::string_view open : {"(",
                                      "{ ",
                                      "$(",
                                      "$((",
                                      "((",
                                      "${a:-",
                                      "\"$(",
                                      "`",
                                      "a[",
                                      "f() ",
                                      "! ",
                                      "if ",
                                      "while ",
                                      "<(",
                                      "@(",
                                      "[[ (",
                                      "case x in a) ",
                                      "case x in (a) ",
                                      "$((cat <<A\n",
                                      "cat <<A $(",
                                      "a=(",
                                      "\"${a:-",
                                      "coproc ",
                                      "x && ",
                                      "\\`",
                                      "function f ",
                                      "$[",
                                      "${a[",
                                      "{a",
                                      "a[ ",
                                      "$((a) "}) {
    INFO(open);
    understood(repeated(open, kMany));
    understood(repeated(open, kMany), shell::Dialect::posix);
  }
  SUCCEED();
}

TEST_CASE("a script within a script knows its place in the Dockerfile") {
  const std::string source = "RUN a \"`b \\\n  \\\"c\\\"`\" && d\n";
  const Document document = Document::parse("Dockerfile", source);
  Arena arena;
  const auto run = shell::parse_run(document, document.instructions().front(), arena);
  std::string words;
  for_each_command(run.script, [&](const shell::SimpleCommand& command, const shell::Place&) {
    for (const shell::Word& word : command.words) (words += document.source().slice(word.range)) += '|';
  });
  CHECK(words == "a|\"`b \\\n  \\\"c\\\"`\"|b|\\\"c\\\"|d|");
}
