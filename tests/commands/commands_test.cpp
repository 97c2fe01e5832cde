// SPDX-License-Identifier: Apache-2.0
// What RUNs run: tests/commands/commands-*.txt. Each case is a Dockerfile; its tree is what `dump --commands`
// prints. And what is true of any script, however odd: no crash, places in the RUN, no more than linear work.

#include "dockerlint/commands.hpp"
#include "model/dump_commands.hpp"
#include "support/catch.hpp"
#include "support/corpus_case.hpp"
#include "support/page.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>

using namespace dockerlint;
using namespace dockerlint::test;

namespace {

std::string repeated(std::string_view part, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

/// What is wrong with the commands of a file.
std::vector<std::string> faults_of(const Document& document, const Model& model) {
  std::vector<std::string> faults;
  const auto fault = [&](const RunCommand& command, std::string_view what) {
    const LineColumn at = document.source().line_column(command.words.empty() ? 0 : command.words[0].range().begin);
    faults.push_back(fmt::format("{}:{}: {}", at.line, at.column, what));
  };
  for (const Stage& stage : model.stages()) {
    for (const RunStep& run : stage.runs) {
      for (const RunCommand& command : run.commands) {
        const bool has_around = command.around != nullptr;
        if (command.run != &run) fault(command, "of another RUN");
        if (command.words.empty()) fault(command, "no word");
        if (has_around && (command.around < run.commands.data() || command.around >= &command))
          fault(command, "is not behind what runs it");
        if (command.workdir && (!command.workdir->starts_with('/') || command.workdir->find("//") != std::string::npos))
          fault(command, "a directory that is not clean");
        for (const CommandWord& word : command.words) {
          // The heredocs of an ONBUILD are its own, not those of the RUN in it.
          if (!run.on_build && !run.instruction->range.contains(word.range()))
            fault(command, "a word outside of the RUN");
          if (word.syntax == nullptr || word.text().empty()) fault(command, "a word without its text");
          if (word.values().size() > 16) fault(command, "too many values");
        }
      }
    }
  }
  return faults;
}

/// A word's text is what stands in its place, but for continuations; only then can it be mended.
bool stands_there(const Document& document, const CommandWord& word) {
  std::string there;
  for (const Token& token : document.tokens_in(word.range())) {
    if (token.kind == TokenKind::continuation || token.kind == TokenKind::comment) continue;
    const TextRange part{std::max(token.range.begin, word.range().begin), std::min(token.range.end, word.range().end)};
    there += document.source().slice(part);
  }
  return there == word.text();
}

std::size_t commands_in(const std::string& source) {
  const Document document = Document::parse("Dockerfile", source);
  const Model model(document);
  for (const std::string& fault : faults_of(document, model)) FAIL_CHECK(fault);
  return model.stages().empty() || model.stages()[0].runs.empty() ? 0 : model.stages()[0].runs[0].commands.size();
}

std::size_t commands_of_script(const std::string& script) {
  return commands_in("FROM scratch\nSHELL [\"bash\", \"-c\"]\nRUN <<E\n" + script + "\nE\n");
}

}  // namespace

TEST_CASE("commands corpus") {
  for (const std::string& path : corpus_files("tests/commands")) {
    DYNAMIC_SECTION(path) {
      const auto failures = run_corpus(path, [](const CorpusCase& c) {
        const Document document = Document::parse("Dockerfile", c.source);
        return dump_commands(Model(document));
      });
      for (const std::string& failure : failures) FAIL_CHECK(failure);
      if (failures.empty()) SUCCEED();
    }
  }
}

TEST_CASE("each word of a command stands where it says") {
  std::size_t words = 0, elsewhere = 0;
  for (const std::string& path : corpus_files("tests/shell")) {
    for (const CorpusCase& c : read_corpus(path, read_file(path).value_or("")).cases) {
      const Document document = Document::parse("Dockerfile", "FROM scratch\n" + c.source);
      const Model model(document);
      for (const Stage& stage : model.stages())
        for (const RunStep& run : stage.runs)
          for (const RunCommand& command : run.commands)
            for (const CommandWord& word : command.words) {
              // A script in another script's quotes, and a JSON string, are written in another way.
              if (command.around != nullptr || run.instruction->form == Form::json) continue;
              ++words;
              if (!stands_there(document, word)) ++elsewhere;
            }
    }
  }
  CHECK(words > 100);
  CHECK(elsewhere == 3);  // two in backticks with escapes, one with a comment line inside
}

TEST_CASE("a command says what its program sees") {
  const Document document = Document::parse("Dockerfile",
                                            "FROM debian:12\nARG U\nENV E=env A=env\nWORKDIR /w\n"
                                            "RUN S=shell; A=shell; export X=exported \"Y=$U\"; unset E; cd /d; "
                                            "P=prefix sudo -E /usr/bin/tool word \"$U\" $S\n");
  const Model model(document);
  const RunCommand& tool = model.stages()[0].runs[0].commands.back();
  CHECK(tool.program() == "tool");
  CHECK(tool.word(0) == "/usr/bin/tool");
  CHECK(tool.word(1) == "word");
  CHECK(tool.word(2).empty());  // unknown
  CHECK(tool.word(3) == "shell");
  CHECK(tool.word(4).empty());  // there is none
  CHECK(tool.workdir == "/d");

  const auto value = [&](std::string_view name) -> std::string {
    const Variable variable = tool.variable(name);
    return !variable.known ? "?" : variable.set ? std::string(variable.value) : "unset";
  };
  CHECK(value("P") == "prefix");
  CHECK(value("X") == "exported");
  CHECK(value("Y") == "?");
  CHECK(value("S") == "unset");  // the shell's own
  CHECK(value("A") == "shell");  // in the environment already
  CHECK(value("E") == "unset");
  CHECK(value("U") == "?");
  CHECK(value("HOME") == "/root");
  CHECK(value("PWD") == "/d");
  CHECK(value("NOTHING") == "unset");
}

TEST_CASE("a script in an argument stands in the Dockerfile") {
  const Document document =
      Document::parse("Dockerfile", "FROM scratch\nRUN sudo sh -c \"a \\\n  \\\"b\\\" && \\\n  sh -c 'c  d'\"\n");
  const Model model(document);
  std::string places;
  for (const RunCommand& command : model.stages()[0].runs[0].commands) {
    const bool inside = command.around != nullptr;
    for (const CommandWord& word : command.words)
      if (inside) (places += document.source().slice(word.range())) += '|';
  }
  CHECK(places == "a|\\\"b\\\"|sh|-c|'c  d'|c|d|");
}

TEST_CASE("commands of any part of a file") {
  for (const char* folder : {"tests/commands", "tests/shell"}) {
    for (const std::string& path : corpus_files(folder)) {
      for (const CorpusCase& c : read_corpus(path, read_file(path).value_or("")).cases)
        for (std::size_t i = 0; i <= c.source.size(); i += 3) commands_in("FROM scratch\n" + c.source.substr(0, i));
    }
  }
  SUCCEED();
}

TEST_CASE("commands of the files of others") {
  const char* const folder = std::getenv("DOCKERLINT_CORPUS");
  if (folder == nullptr) {
    SUCCEED("DOCKERLINT_CORPUS names no folder");
    return;
  }
  std::size_t runs = 0, silent = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(folder) / "corpus")) {
    if (entry.path().extension() != ".Dockerfile") continue;
    const Document document = Document::parse("Dockerfile", read_file(entry.path().generic_string()).value_or(""));
    const Model model(document);
    for (const std::string& fault : faults_of(document, model)) FAIL_CHECK(entry.path() << ":" << fault);
    for (const Stage& stage : model.stages()) {
      for (const RunStep& run : stage.runs) {
        ++runs;
        silent += run.script != nullptr && run.script->understood && !run.script->root->pipelines.empty() &&
                  run.commands.empty();
      }
    }
  }
  CHECK(runs > 1000);
  CHECK(silent * 100 < runs);  // such as only assign
}

TEST_CASE("hostile scripts cost no more than their length") {
  constexpr std::size_t kMany = 5000;
  const auto begin = std::chrono::steady_clock::now();

  SECTION("functions that call one another twice") {
    std::string script = "f0() { a; a; }\n";
    for (int i = 1; i < 60; ++i) script += fmt::format("f{}() {{ f{}; f{}; }}\n", i, i - 1, i - 1);
    CHECK(commands_of_script(script + "f59") == 0);  // nobody waits for the end of it
  }
  SECTION("a function that calls itself") { CHECK(commands_of_script("f() { a; f; g; }; g() { f; b; }; f") < 10); }
  SECTION("loops in loops") {
    CHECK(commands_of_script(repeated("for x in 1 2; do ", 60) + "a; " + repeated("done; ", 60)) == 1);
  }
  SECTION("many words to run over") {
    CHECK(commands_of_script("for x in " + repeated("word ", kMany) + "; do a $x; done") == 1);
    std::string words;
    for (std::size_t i = 0; i < kMany; ++i) words += fmt::format("w{} ", i);
    CHECK(commands_of_script("for x in " + words + "; do a $x; done") == 1);
  }
  SECTION("braces") {
    CHECK(commands_of_script("a " + repeated("{a,b}", kMany)) == 1);
    CHECK(commands_of_script("a " + repeated("{a,b}", 16)) == 1);
    CHECK(commands_of_script("a " + repeated("{", kMany)) == 1);
    CHECK(commands_of_script("a {1..1000000}") == 1);
  }
  SECTION("values that double") {
    CHECK(commands_of_script("x=aaaaaaaaaaaaaaaa; " + repeated("x=$x$x; ", kMany) + "a $x") <= 1);
    CHECK(commands_of_script("for x in 1 2 3 4; do " + repeated("y=$x$x$x$x$x; ", kMany) + "a; done") <= 1);
  }
  SECTION("many variables") {
    std::string script;
    for (std::size_t i = 0; i < kMany; ++i) script += fmt::format("v{}=1; ", i);
    for (std::size_t i = 0; i < kMany; ++i) script += "a $v0; ";
    commands_of_script(script);
    script.clear();
    for (std::size_t i = 0; i < kMany; ++i) script += fmt::format("if a; then v{}=1; fi; ", i);
    commands_of_script(script);
  }
  SECTION("scripts in scripts") {
    std::string script = "a";
    for (int i = 0; i < 10; ++i) {
      std::string quoted;
      for (const char c : script) (quoted += c == '"' || c == '\\' ? "\\" : "") += c;
      script = "sh -c \"" + quoted + "\"";
    }
    CHECK(commands_of_script(script) == 11);
    commands_of_script(repeated("sh -c 'a \"$(", 40) + repeated(")\"'", 40));
    commands_of_script(repeated("eval ", 200) + "a");
  }
  SECTION("wrappers of wrappers") {
    CHECK(commands_of_script(repeated("sudo ", kMany) + "a") == 1);
    CHECK(commands_of_script("find . " + repeated("-exec a {} \\; ", 500)) == 501);
    commands_of_script("env " + repeated("A=1 ", kMany) + "a");
  }
  SECTION("deep nesting") {
    for (const std::string_view open :
         {"( ", "{ ", "a $(", "if a; then ", "while a; do ", "a \"${x:-", "a `", "f() { "})
      commands_of_script(repeated(open, kMany));
    commands_of_script(repeated("( ", 150) + "a" + repeated(" )", 150));
    commands_of_script("a " + repeated("${x:-", 150) + "y" + repeated("}", 150));
    commands_of_script("x=" + repeated("a", 250) + "; a ${x%%" + repeated("*a", 120) + "b}");
  }

  // A guard against what never ends, not a measurement.
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
}
