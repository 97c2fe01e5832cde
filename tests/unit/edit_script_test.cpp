// SPDX-License-Identifier: Apache-2.0
// Edits in the words of a Dockerfile keep to the style that is there.

#include "dockerlint/edit.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace dockerlint;

namespace {

/// The text with the edits that `make` gives for the first RUN.
template <typename Make>
std::string edited(const std::string& text, Make make) {
  const Document document = Document::parse("Dockerfile", text);
  const Model model(document);
  std::vector<TextEdit> edits = make(document, model.stages().front().runs.front());
  std::reverse(edits.begin(), edits.end());
  std::string result = text;
  for (const TextEdit& edit : edits) result.replace(edit.range.begin, edit.range.size(), edit.text);
  return result;
}

std::string prepended(const std::string& text) {
  return edited(text, [](const Document& d, const RunStep& run) { return edit::prepend_command(d, run, "first"); });
}

std::string mounted(const std::string& text) {
  return edited(text, [](const Document& d, const RunStep& run) {
    const std::string values[] = {"type=cache,target=/a", "type=cache,target=/b"};
    return edit::add_mounts(d, run, values);
  });
}

}  // namespace

TEST_CASE("a command that comes first is joined as the others are") {
  CHECK(prepended("FROM a\nRUN b\n") == "FROM a\nRUN first && b\n");
  CHECK(prepended("FROM a\nRUN b && c\n") == "FROM a\nRUN first && b && c\n");
  CHECK(prepended("FROM a\nRUN b \\\n && c\n") == "FROM a\nRUN first \\\n && b \\\n && c\n");
  CHECK(prepended("FROM a\nRUN b && \\\n  c\n") == "FROM a\nRUN first && \\\n  b && \\\n  c\n");
  CHECK(prepended("FROM a\nRUN \\\n  b && c\n") == "FROM a\nRUN \\\n  first && b && c\n");
}

TEST_CASE("where its first two commands share a line, the others show how a script is joined") {
  CHECK(prepended("FROM a\nRUN b && c \\\n  d && \\\n  e\n") ==
        "FROM a\nRUN first && \\\n  b && c \\\n  d && \\\n  e\n");
  CHECK(prepended("FROM a\nRUN b && c \\\n    d \\\n  && e\n") ==
        "FROM a\nRUN first \\\n  && b && c \\\n    d \\\n  && e\n");
  CHECK(prepended("FROM a\nRUN \\\n  b && c \\\n    d \\\n  && e\n") ==
        "FROM a\nRUN \\\n  first \\\n  && b && c \\\n    d \\\n  && e\n");
  CHECK(prepended("FROM a\nRUN \\\n  b && c \\\n    d\n") == "FROM a\nRUN \\\n  first && \\\n  b && c \\\n    d\n");
}

TEST_CASE("commands in a block lie deeper than the script") {
  CHECK(mounted("FROM a\nRUN { \\\n\t\tb; \\\n\t\tc; \\\n\t} | d \\\n\t&& e\n") ==
        "FROM a\nRUN --mount=type=cache,target=/a \\\n\t--mount=type=cache,target=/b \\\n"
        "\t{ \\\n\t\tb; \\\n\t\tc; \\\n\t} | d \\\n\t&& e\n");
}

TEST_CASE("a script of one line that would grow too long is broken") {
  const std::string long_word(90, 'x');
  CHECK(prepended("FROM a\nRUN b " + long_word + "\n") == "FROM a\nRUN first \\\n    && b " + long_word + "\n");
}

TEST_CASE("several commands come first, each as the others stand") {
  const auto both = [](const std::string& text) {
    return edited(text, [](const Document& d, const RunStep& run) {
      const std::string commands[] = {"first", "second"};
      return edit::prepend_commands(d, run, commands);
    });
  };
  CHECK(both("FROM a\nRUN b\n") == "FROM a\nRUN first && second && b\n");
  CHECK(both("FROM a\nRUN b \\\n && c\n") == "FROM a\nRUN first \\\n && second \\\n && b \\\n && c\n");
  CHECK(both("FROM a\nRUN set -e; \\\n b; \\\n c\n") ==
        "FROM a\nRUN set -e; \\\n first; \\\n second; \\\n b; \\\n c\n");
  CHECK(both("FROM a\nRUN <<E\nb\nE\n") == "FROM a\nRUN <<E\nfirst\nsecond\nb\nE\n");
}

TEST_CASE("a command that comes first stands behind set") {
  CHECK(prepended("FROM a\nRUN set -e; b; c\n") == "FROM a\nRUN set -e; first; b; c\n");
  CHECK(prepended("FROM a\nRUN set -ex \\\n && b\n") == "FROM a\nRUN set -ex \\\n && first \\\n && b\n");
  CHECK(prepended("FROM a\nRUN <<E\nset -e\n  b\nE\n") == "FROM a\nRUN <<E\nset -e\n  first\n  b\nE\n");
}

TEST_CASE("a command that nothing can come before is left alone") {
  CHECK(prepended("FROM a\nRUN [\"b\"]\n") == "FROM a\nRUN [\"b\"]\n");
  CHECK(prepended("FROM a\nRUN set -e || b\n") == "FROM a\nRUN set -e || b\n");
}

TEST_CASE("mounts stand one a line where there are several") {
  CHECK(mounted("FROM a\nRUN b\n") ==
        "FROM a\nRUN --mount=type=cache,target=/a \\\n    --mount=type=cache,target=/b \\\n    b\n");
  CHECK(mounted("FROM a\nRUN --mount=type=tmpfs,target=/t \\\n  b\n") ==
        "FROM a\nRUN --mount=type=tmpfs,target=/t \\\n  --mount=type=cache,target=/a \\\n"
        "  --mount=type=cache,target=/b \\\n  b\n");
}

TEST_CASE("mounts stand where the commands do, not where their arguments do") {
  CHECK(
      mounted("FROM a\nRUN b && \\\n  c \\\n      d \\\n      e\n") ==
      "FROM a\nRUN --mount=type=cache,target=/a \\\n  --mount=type=cache,target=/b \\\n  b && \\\n  c \\\n      d \\\n"
      "      e\n");
  CHECK(mounted("FROM a\nRUN b \\\n  && c \\\nd \\\ne\n") ==
        "FROM a\nRUN --mount=type=cache,target=/a \\\n  --mount=type=cache,target=/b \\\n  b \\\n  && c \\\nd \\\ne\n");
}

TEST_CASE("a mount on a line of its own is followed by others on theirs, before a heredoc too") {
  CHECK(mounted("FROM a\nRUN --mount=target=/s \\\n  --mount=type=tmpfs,target=/t <<E\nb\nE\n") ==
        "FROM a\nRUN --mount=target=/s \\\n  --mount=type=tmpfs,target=/t \\\n  --mount=type=cache,target=/a \\\n"
        "  --mount=type=cache,target=/b <<E\nb\nE\n");
}

TEST_CASE("a variable goes out of ENV, and the last takes the instruction along") {
  const auto removed = [](const std::string& text, std::size_t index) {
    const Document document = Document::parse("Dockerfile", text);
    const Instruction& env = document.instructions()[1];
    const auto edits = edit::remove_assignment(document, env, env.assignments[index]);
    std::string result = text;
    for (const TextEdit& edit : edits) result.replace(edit.range.begin, edit.range.size(), edit.text);
    return result;
  };
  CHECK(removed("FROM a\nENV A=1\nRUN b\n", 0) == "FROM a\nRUN b\n");
  CHECK(removed("FROM a\nENV A=1", 0) == "FROM a\n");
  CHECK(removed("FROM a\nENV A=1 \\\n    B=2\n", 0) == "FROM a\nENV B=2\n");
  CHECK(removed("FROM a\nENV A=1 \\\n    B=2\n", 1) == "FROM a\nENV A=1\n");
  CHECK(removed("FROM a\nENV A=1 \\\n    # why\n    B=2\n", 1) == "FROM a\nENV A=1 \\\n    # why\n    B=2\n");
}
