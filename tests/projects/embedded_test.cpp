// SPDX-License-Identifier: Apache-2.0
// A Dockerfile in a compose or bake file: its text, the places of that text in the file, and the file with another text in it.

#include "project/embedded.hpp"
#include "project/read.hpp"
#include "support/catch.hpp"
#include "support/project_case.hpp"

#include <map>
#include <string>

using namespace dockerlint;
using namespace dockerlint::test;

namespace {

/// All Dockerfiles that stand in the file.
std::vector<InlineDockerfile> embedded_in(const std::string& file) {
  const std::string name = file.starts_with("services:") ? "compose.yaml" : "docker-bake.hcl";
  const MemoryFiles files(std::map<std::string, std::string>{{name, file}});
  std::vector<InlineDockerfile> texts;
  for (const Build& build : project::read_project({{{name, false}}, {}}, files).builds)
    if (build.inline_dockerfile) texts.push_back(*build.inline_dockerfile);
  return texts;
}

std::string in_compose(const std::string& scalar) {
  return "services:\n  app:\n    build:\n      dockerfile_inline: " + scalar;
}

/// The file after the only text in it has become `wanted`.
std::string with(const std::string& file, const std::string& wanted) {
  return project::rewritten(file, embedded_in(file), {wanted}).file;
}

/// What stands in the file where `part` stands in the text.
std::string source_of(const std::string& file, std::string_view part) {
  const InlineDockerfile text = embedded_in(file).at(0);
  const std::size_t at = text.text.find(part);
  REQUIRE(at != std::string::npos);
  const TextRange range = text.logical().in_source(at, at + part.size());
  return file.substr(range.begin, range.size());
}

}  // namespace

TEST_CASE("a literal block is changed line by line") {
  const std::string file = in_compose("|\n        FROM a\n        RUN b\n\n        RUN c\n    image: x # kept\n");
  REQUIRE(embedded_in(file).at(0).text == "FROM a\nRUN b\n\nRUN c\n");
  CHECK(with(file, "FROM a\nRUN bb\n\nRUN c\n") ==
        in_compose("|\n        FROM a\n        RUN bb\n\n        RUN c\n    image: x # kept\n"));
  CHECK(with(file, "FROM a\n\nRUN c\nRUN d\n") ==
        in_compose("|\n        FROM a\n\n        RUN c\n        RUN d\n    image: x # kept\n"));
}

TEST_CASE("blank lines, line ends and comments of a file are its own affair") {
  CHECK(with(in_compose("|\r\n        FROM a\r\n        RUN b\r\n    image: x\r\n"), "FROM a\nRUN c\n") ==
        in_compose("|\r\n        FROM a\r\n        RUN c\r\n    image: x\r\n"));
  CHECK(with(in_compose("| # comment\n          FROM a\n            \n          RUN b\n"), "FROM a\n  \nRUN c\n") ==
        in_compose("| # comment\n          FROM a\n            \n          RUN c\n"));
}

TEST_CASE("a dollar is written twice, as compose reads it") {
  const std::string file = in_compose("|\n        FROM a\n        RUN echo $$A\n");
  CHECK(source_of(file, "$A") == "$$A");
  CHECK(with(file, "FROM a\nRUN echo $A $B\n") == in_compose("|\n        FROM a\n        RUN echo $$A $$B\n"));
}

TEST_CASE("what cannot be said at a place for certain leaves the file as it was") {
  const std::string clipped = in_compose("|\n        FROM a\n");
  CHECK(with(clipped, "FROM b") == clipped);      // a block that ends in a line end
  CHECK(with(clipped, "  FROM b\n") == clipped);  // its first line would be taken for its indentation
  const std::string folded = in_compose(">\n        FROM a\n\n        RUN b\n");
  CHECK(with(folded, "FROM b\n") == folded);
  const std::string variable = in_compose("|\n        FROM ${A:-a}\n");
  CHECK(with(variable, "FROM b\n") == variable);
  const std::string counted = in_compose("|8\n        FROM a\n");
  CHECK(with(counted, "FROM b\n") == counted);
}

TEST_CASE("several texts of a file are changed at once") {
  const std::string file =
      "services:\n  a:\n    build:\n      dockerfile_inline: |\n        FROM a\n  q:\n    build:\n"
      "      dockerfile_inline: \"FROM q\\nRUN r\"\n  b:\n    build:\n      dockerfile_inline: |\n        FROM b\n";
  const project::Rewritten made =
      project::rewritten(file, embedded_in(file), {"FROM a\nRUN one\nRUN two\n", "FROM q\nRUN r", "FROM c\n"});
  REQUIRE(made.texts.size() == 3);
  CHECK(made.texts[0].text == "FROM a\nRUN one\nRUN two\n");
  CHECK(made.texts[2].text == "FROM c\n");
  for (const InlineDockerfile& text : made.texts) CHECK(project::stands_in(made.file, text));
  const TextRange moved = made.texts[1].logical().in_source(7, 12);
  CHECK(made.file.substr(moved.begin, moved.size()) == "RUN r");
}

TEST_CASE("a text is found in its file however it is written") {
  CHECK(source_of(in_compose(">\n        FROM a\n\n        RUN b\n          c\n"), "RUN b") == "RUN b");
  CHECK(source_of(in_compose("\"FROM a\\nRUN \\\"b\\\"\"\n"), "\"b\"") == "\\\"b\\\"");
  CHECK(source_of(in_compose("'FROM ''a'''\n"), "'a'") == "''a''");
  CHECK(source_of(in_compose("FROM a\n"), "a") == "a");
  CHECK(source_of(in_compose("&anchor |\n        FROM a\n        RUN b\n"), "RUN b") == "RUN b");
}

namespace {

std::string in_bake(const std::string& text) { return "target \"app\" {\n  dockerfile-inline = " + text + "\n}\n"; }

}  // namespace

TEST_CASE("a heredoc of HCL is changed line by line") {
  CHECK(with(in_bake("<<EOT\nFROM a\nRUN b\n\nRUN c\nEOT"), "FROM a\n\nRUN bb\nRUN c\n") ==
        in_bake("<<EOT\nFROM a\n\nRUN bb\nRUN c\nEOT"));
  CHECK(with(in_bake("<<-EOT\n    FROM a\n      RUN b\n\n  EOT"), "FROM a\n  RUN c\n\nRUN d\n") ==
        in_bake("<<-EOT\n    FROM a\n      RUN c\n\n    RUN d\n  EOT"));
  CHECK(with(in_bake("<<EOT\r\nFROM a\r\nRUN b\r\nEOT\r"), "FROM a\r\nRUN c\r\n") ==
        in_bake("<<EOT\r\nFROM a\r\nRUN c\r\nEOT\r"));
}

TEST_CASE("what HCL would take for a variable is escaped in a heredoc") {
  const std::string file = in_bake("<<EOT\nFROM a\nRUN b $${C} $D\nEOT");
  CHECK(embedded_in(file).at(0).text == "FROM a\nRUN b ${C} $D\n");
  CHECK(with(file, "FROM a\nRUN b ${C} $D && ${E} %{F}\n") ==
        in_bake("<<EOT\nFROM a\nRUN b $${C} $D && $${E} %%{F}\nEOT"));
}

TEST_CASE("what a heredoc of HCL cannot say, or says elsewhere, stays as it was") {
  const std::string file = in_bake("<<-EOT\n  FROM a\n    RUN b\n  EOT");
  for (const char* const wanted : {"FROM a\nEOT\nRUN b\n", "  FROM a\n  RUN b\n", "FROM a\n  RUN c"}) {
    CAPTURE(wanted);
    CHECK(with(file, wanted) == file);
  }
  for (const char* const text : {"\"FROM a\\n\"", "<<EOT\nFROM ${\"a\"}\nEOT", "trimspace(<<EOT\nFROM a\nEOT\n)"}) {
    CAPTURE(text);
    CHECK_FALSE(embedded_in(in_bake(text)).at(0).editable);
    CHECK(with(in_bake(text), "FROM b\n") == in_bake(text));
  }
}

TEST_CASE("several heredocs of one file are changed at once, and those behind move") {
  const std::string file =
      "target \"a\" {\n  dockerfile-inline = <<EOT\nFROM a\nEOT\n}\n"
      "target \"b\" {\n  dockerfile-inline = \"FROM b\\n\"\n}\n"
      "target \"c\" {\n  dockerfile-inline = <<EOT\nFROM c\nEOT\n}\n";
  const project::Rewritten made =
      project::rewritten(file, embedded_in(file), {"FROM a\nRUN a\n", "FROM b\n", "FROM c\nRUN c\n"});
  CHECK(embedded_in(made.file).at(2).text == "FROM c\nRUN c\n");
  REQUIRE(made.texts.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(made.texts[i].text == embedded_in(made.file).at(i).text);
    CHECK(made.texts[i].where.range == embedded_in(made.file).at(i).where.range);
    CHECK(made.texts[i].where.at.line == embedded_in(made.file).at(i).where.at.line);
  }
}
