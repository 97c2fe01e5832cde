// SPDX-License-Identifier: Apache-2.0
// Edits of RUNs and mounts, in the style of what is around them.

#include "dockerlint/edit.hpp"
#include "support/catch.hpp"

#include <algorithm>

using namespace dockerlint;

namespace {

std::string applied(std::string text, std::vector<TextEdit> edits) {
  std::sort(edits.begin(), edits.end(),
            [](const TextEdit& a, const TextEdit& b) { return a.range.begin > b.range.begin; });
  for (const TextEdit& edit : edits) text.replace(edit.range.begin, edit.range.end - edit.range.begin, edit.text);
  return text;
}

/// The one RUN of a file with `new` before its commands.
std::string with_command_before(const std::string& run) {
  const std::string text = "FROM debian\n" + run;
  const Document document = Document::parse("Dockerfile", text);
  const Model model(document);
  return applied(text, edit::prepend_command(document, model.stages()[0].runs[0], "new")).substr(12);
}

/// The first RUN of a file with one more mount.
std::string with_mount(const std::string& run) {
  const std::string text = "FROM debian\n" + run;
  const Document document = Document::parse("Dockerfile", text);
  const Model model(document);
  const std::vector<std::string> values{"type=cache,target=/n"};
  return applied(text, edit::add_mounts(document, model.stages()[0].runs[0], values)).substr(12);
}

/// The first mount of a RUN, locked.
std::string with_sharing(const std::string& run) {
  const std::string text = "FROM debian\n" + run;
  const Document document = Document::parse("Dockerfile", text);
  const Model model(document);
  return applied(text, edit::set_sharing(model.stages()[0].runs[0].mounts[0], Sharing::locked)).substr(12);
}

/// The first mount of a RUN in /src, with another id.
std::string with_longer_id(const std::string& run) {
  const std::string text = "FROM debian\nWORKDIR /src\n" + run;
  const Document document = Document::parse("Dockerfile", text);
  const Model model(document);
  return applied(text, edit::lengthen_id(model.stages()[0].runs[0].mounts[0], "-x")).substr(25);
}

}  // namespace

TEST_CASE("edit: a command is put before a script") {
  SECTION("on one line") { CHECK(with_command_before("RUN a && b\n") == "RUN new && a && b\n"); }
  SECTION("as its lines are joined") {
    CHECK(with_command_before("RUN a \\\n && b\n") == "RUN new \\\n && a \\\n && b\n");
    CHECK(with_command_before("RUN a && \\\n    b\n") == "RUN new && \\\n    a && \\\n    b\n");
    CHECK(with_command_before("RUN --network=none \\\n  a\n") == "RUN --network=none \\\n  new && a\n");
  }
  SECTION("behind `set`, joined as that is") {
    CHECK(with_command_before("RUN set -eux; \\\n    a; \\\n    b\n") ==
          "RUN set -eux; \\\n    new; \\\n    a; \\\n    b\n");
    CHECK(with_command_before("RUN set -e && a\n") == "RUN set -e && new && a\n");
  }
  SECTION("above the comments that are about its first command") {
    CHECK(with_command_before("RUN set -ex; \\\n\t\\\n# about a\n\ta; \\\n\tb\n") ==
          "RUN set -ex; \\\n\t\\\n\tnew; \\\n# about a\n\ta; \\\n\tb\n");
    CHECK(with_command_before("RUN set -e \\\n# about a\n  && a \\\n  && b\n") ==
          "RUN set -e \\\n  && new \\\n# about a\n  && a \\\n  && b\n");
    CHECK(with_command_before("RUN --network=none \\\n  # about a\n  a\n") ==
          "RUN --network=none \\\n  new && \\\n  # about a\n  a\n");
    CHECK(with_command_before("RUN <<EOF\n#!/bin/sh\n# about a\na\nEOF\n") ==
          "RUN <<EOF\n#!/bin/sh\nnew\n# about a\na\nEOF\n");
  }
  SECTION("in a heredoc, as a line of its own") {
    CHECK(with_command_before("RUN <<EOF\nset -e\n  a\nEOF\n") == "RUN <<EOF\nset -e\n  new\n  a\nEOF\n");
  }
}

TEST_CASE("edit: a mount comes behind the others, as they stand") {
  CHECK(with_mount("RUN --mount=type=bind a\n") == "RUN --mount=type=bind --mount=type=cache,target=/n a\n");
  CHECK(with_mount("RUN --mount=type=bind \\\n  a\n") ==
        "RUN --mount=type=bind \\\n  --mount=type=cache,target=/n \\\n  a\n");
  SECTION("on a line of its own where the last of several is") {
    CHECK(with_mount("RUN --mount=type=ssh \\\n  --mount=type=bind a\n") ==
          "RUN --mount=type=ssh \\\n  --mount=type=bind \\\n  --mount=type=cache,target=/n a\n");
    CHECK(with_mount("RUN --mount=type=ssh \\\n  --mount=type=bind <<EOF\na\nEOF\n") ==
          "RUN --mount=type=ssh \\\n  --mount=type=bind \\\n  --mount=type=cache,target=/n <<EOF\na\nEOF\n");
  }
  SECTION("indented as those of other RUNs, where its own lines are words") {
    CHECK(with_mount("RUN a \\\n        b\nRUN --mount=type=ssh \\\n    --mount=type=bind \\\n    c\n") ==
          "RUN --mount=type=cache,target=/n \\\n    a \\\n        b\n"
          "RUN --mount=type=ssh \\\n    --mount=type=bind \\\n    c\n");
  }
}

TEST_CASE("edit: an option is put where its author would put it") {
  CHECK(with_sharing("RUN --mount=type=cache,target=/a b\n") == "RUN --mount=type=cache,target=/a,sharing=locked b\n");
  CHECK(with_sharing("RUN --mount=\"type=cache,target=/a\" b\n") ==
        "RUN --mount=\"type=cache,target=/a,sharing=locked\" b\n");
  CHECK(with_sharing("RUN --mount=type=cache,target=\"/a\" b\n") ==
        "RUN --mount=type=cache,target=\"/a\",sharing=locked b\n");
}

TEST_CASE("edit: no command is put where it would mean something else") {
  for (const char* const run :
       {"RUN a || b\n", "RUN a & b\n", "RUN [\"a\"]\n", "RUN set -e || a\n", "RUN python <<EOF\na\nEOF\n"})
    CHECK(with_command_before(run) == run);
}

TEST_CASE("edit: an id is made longer") {
  CHECK(with_longer_id("RUN --mount=type=cache,id=a,target=/b c\n") == "RUN --mount=type=cache,id=a-x,target=/b c\n");
  CHECK(with_longer_id("RUN --mount=type=cache,target=b c\n") == "RUN --mount=type=cache,target=b,id=/src/b-x c\n");
  CHECK(with_longer_id("RUN --mount=type=cache,id=,target=/b c\n") == "RUN --mount=type=cache,id=/b-x,target=/b c\n");
  CHECK(with_longer_id("RUN --mount=type=cache,id=a-$X,target=/b c\n") ==
        "RUN --mount=type=cache,id=a-$X-x,target=/b c\n");
  const char* const needs_quotes = "RUN --mount=\"type=cache,id=a b,target=/b\" c\n";
  CHECK(with_longer_id(needs_quotes) == needs_quotes);
}
