// SPDX-License-Identifier: Apache-2.0
// Edits that put commands behind a script and take instructions out.

#include "dockerlint/edit.hpp"
#include "dockerlint/model.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace dockerlint;

namespace {

std::string applied(const Document& document, std::vector<TextEdit> edits) {
  std::string text(document.source().bytes());
  for (auto edit = edits.rbegin(); edit != edits.rend(); ++edit)
    text.replace(edit->range.begin, edit->range.size(), edit->text);
  return text;
}

/// The file with these commands behind its first RUN.
std::string appended(std::string file, const std::vector<std::string>& commands) {
  const Document document = Document::parse("Dockerfile", std::move(file));
  const Model model(document);
  return applied(document, edit::append_commands(document, model.stages()[0].runs[0], commands));
}

}  // namespace

TEST_CASE("commands come behind a script in the style in which it is written") {
  CHECK(appended("FROM a\nRUN make\n", {"cp a b"}) == "FROM a\nRUN make && cp a b\n");
  CHECK(appended("FROM a\nRUN make \\\n && make install\n", {"cp a b", "cp c d"}) ==
        "FROM a\nRUN make \\\n && make install \\\n && cp a b \\\n && cp c d\n");
  CHECK(appended("FROM a\nRUN make && \\\n\tmake install\n", {"cp a b"}) ==
        "FROM a\nRUN make && \\\n\tmake install && \\\n\tcp a b\n");
  CHECK(appended("# escape=`\nFROM a\nRUN make `\r\n    x\r\n", {"cp a b"}) ==
        "# escape=`\nFROM a\nRUN make `\r\n    x `\r\n    && cp a b\r\n");
  CHECK(appended("FROM a\nRUN <<EOF\nset -e\n  make\nEOF\n", {"cp a b"}) ==
        "FROM a\nRUN <<EOF\nset -e\n  make\n  cp a b\nEOF\n");
  CHECK(appended("FROM a\nRUN <<EOF\nmake\nEOF\n", {"cp a b"}) == "FROM a\nRUN <<EOF\nmake && cp a b\nEOF\n");
}

TEST_CASE("commands come behind a semicolon only where a failure ends the script there") {
  CHECK(appended("FROM a\nRUN set -eux; \\\n    make; \\\n    make install\n", {"cp a b"}) ==
        "FROM a\nRUN set -eux; \\\n    make; \\\n    make install; \\\n    cp a b\n");
  CHECK(appended("FROM a\nRUN set -x; \\\n    make; \\\n    make install\n", {"cp a b"}) ==
        "FROM a\nRUN set -x; \\\n    make; \\\n    make install \\\n    && cp a b\n");
}

TEST_CASE("commands come on lines of their own where that is asked for") {
  const Document document = Document::parse("Dockerfile", "FROM a\nRUN make\n");
  const Model model(document);
  const RunStep& run = model.stages()[0].runs[0];
  const std::vector<std::string> commands{"cp a b"};
  CHECK(applied(document, edit::append_commands(document, run, commands, edit::Lines::each)) ==
        "FROM a\nRUN make \\\n    && cp a b\n");
  CHECK(applied(document, edit::prepend_command(document, run, "cd x", edit::Lines::each)) ==
        "FROM a\nRUN cd x \\\n    && make\n");
}

TEST_CASE("nothing comes behind a script that does not get there") {
  for (const std::string file :
       {"FROM a\nRUN make; exit 0\n", "FROM a\nRUN exec make\n", "FROM a\nRUN make &\n", "FROM a\nRUN [\"make\"]\n"}) {
    INFO(file);
    CHECK(appended(file, {"cp a b"}) == file);
  }
}

TEST_CASE("an instruction goes with its lines, and leaves its neighbours as they are") {
  const Document document = Document::parse("Dockerfile", "FROM a\n# about b\nRUN b \\\n  c\n\nRUN d");
  const auto instructions = document.instructions();
  CHECK(applied(document, edit::remove_instruction(document, instructions[1])) == "FROM a\n# about b\n\nRUN d");
  CHECK(applied(document, edit::remove_instruction(document, instructions[2])) ==
        "FROM a\n# about b\nRUN b \\\n  c\n\n");
}
