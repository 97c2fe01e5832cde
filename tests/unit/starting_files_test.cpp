// SPDX-License-Identifier: Apache-2.0
// Files of other people's that `dockerlint init` adds to: what it adds stands where they would have put it, and where
// it cannot know that, it adds nothing.
#include "cli/starting_files.hpp"
#include "support/catch.hpp"

#include <string>
#include <string_view>

using namespace dockerlint::cli;

namespace {

/// What was put into `text`, line by line as it stands there; what was there must be there still, in its order.
std::string added(std::string_view text, std::string_view with) {
  std::string out;
  while (!with.empty()) {
    const std::string_view line = with.substr(0, with.find('\n') + 1);
    if (!text.empty() && text.starts_with(line)) text.remove_prefix(line.size());
    else out += line;
    with.remove_prefix(line.empty() ? with.size() : line.size());
  }
  CHECK(text.empty());
  return out;
}

std::string added_hook(std::string_view text) {
  const std::optional<std::string> with = with_pre_commit_hook(text);
  return with ? added(text, *with) : "nothing";
}

constexpr std::string_view kHook = "- repo: https://github.com/dockerlint/dockerlint\n  rev: v" DOCKERLINT_VERSION
                                   "\n  hooks:\n    - id: dockerlint\n";

std::string indented(std::string_view indent, std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n') + 1);
    out += indent;
    out += line;
    text.remove_prefix(line.size());
  }
  return out;
}

}  // namespace

TEST_CASE("a new .pre-commit-config.yaml has our hook alone") {
  CHECK(with_pre_commit_hook("") == "repos:\n" + indented("  ", kHook));
}

TEST_CASE("the hook is indented as those before it") {
  CHECK(added_hook("repos:\n- repo: a\n  hooks: []\n") == kHook);
  CHECK(added_hook("repos:\n  - repo: a\n") == indented("  ", kHook));
  CHECK(added_hook("repos:  # all of them\n    # first\n    -   repo: a\n        rev: b\n") == indented("    ", kHook));
  CHECK(added_hook("# ours\n---\nrepos:\n  - repo: a\n") == indented("  ", kHook));
}

TEST_CASE("the hook stands behind the last one, before what follows") {
  const std::string text =
      "repos:\n  - repo: a\n    hooks:\n      - id: b\n        entry: |\n          # not a comment\n\n# of ci\nci: "
      "{}\n";
  const std::optional<std::string> with = with_pre_commit_hook(text);
  REQUIRE(with);
  CHECK(added(text, *with) == indented("  ", kHook));
  CHECK(with->find("not a comment\n  - repo: https://github.com/dockerlint") != std::string::npos);
  CHECK(with->ends_with("- id: dockerlint\n\n# of ci\nci: {}\n"));
}

TEST_CASE("line ends stay as they are, and a missing one comes") {
  CHECK(with_pre_commit_hook("repos:\r\n- repo: a\r\nfail_fast: true\r\n").value_or("").find("\n- id") ==
        std::string::npos);
  CHECK(with_pre_commit_hook("repos:\r\n- repo: a\r\n").value_or("").ends_with("    - id: dockerlint\r\n"));
  CHECK(with_pre_commit_hook("repos:\n- repo: a").value_or("") == "repos:\n- repo: a\n" + std::string(kHook));
}

TEST_CASE("what is written in another way is left to its author") {
  CHECK(added_hook("repos: []\n") == "nothing");
  CHECK(added_hook("repos: [{repo: a}]\n") == "nothing");
  CHECK(added_hook("repos:\nci: {}\n") == "nothing");
  CHECK(added_hook("repos: &all\n  - repo: a\n") == "nothing");
  CHECK(added_hook("{repos: []}\n") == "nothing");
  CHECK(added_hook("\"repos\":\n  - repo: a\n") == "nothing");
  CHECK(added_hook("repos:\n  - repo: a\n---\nrepos:\n  - repo: b\n") == "nothing");
  CHECK(added_hook("repos:\n\t- repo: a\n") == "nothing");
  CHECK(added_hook("repos:\n  - repo: a\nrepos:\n  - repo: b\n") == "nothing");
}

TEST_CASE("a pipeline of GitLab's gets an include") {
  CHECK(with_gitlab_job("build:\n  script: make\n")
            .value_or("")
            .starts_with(
                "build:\n  script: make\n\ninclude:\n  - remote: https://raw.githubusercontent.com/dockerlint/"));
  CHECK(with_gitlab_job("include:\n  - local: a.yml\nbuild:\n  script: make\n")
            .value_or("")
            .ends_with("dockerlint.yml\nbuild:\n  script: make\n"));
  CHECK(with_gitlab_job("stages: [build, test]\n"));
  CHECK(with_gitlab_job("stages:\n  - build\n  - test\n"));
  CHECK_FALSE(with_gitlab_job("stages:\n  - build\n"));  // ours runs in `test`
  CHECK_FALSE(with_gitlab_job("include: ours.yml\n"));
}

TEST_CASE("machines of GitHub's are new for each build, unless somebody says otherwise") {
  const std::string build = "      - uses: docker/build-push-action@v6\n";
  CHECK(builds_on_hosted_machines("    runs-on: ubuntu-latest\n" + build));
  CHECK(builds_on_hosted_machines("    runs-on: ubuntu-24.04 # cheap\n      - run: docker build .\n"));
  CHECK_FALSE(builds_on_hosted_machines("    runs-on: ubuntu-latest\n      - run: make\n"));
  CHECK_FALSE(builds_on_hosted_machines("    runs-on: self-hosted\n" + build));
  CHECK_FALSE(builds_on_hosted_machines("    runs-on: [self-hosted, linux]\n" + build));
  CHECK_FALSE(builds_on_hosted_machines("    runs-on: ${{ matrix.os }}\n" + build));
  CHECK_FALSE(builds_on_hosted_machines("    runs-on: ubuntu-latest\n" + build +
                                        "      - uses: reproducible-containers/buildkit-cache-dance@v3\n"));
}

TEST_CASE("a starting configuration says what was seen") {
  CHECK(starting_configuration({3, 2, ""}).find("\ncache-policy = \"mounts\"\n") != std::string::npos);
  CHECK(starting_configuration({3, 1, ""}).find("\ncache-policy = \"auto\"\n") != std::string::npos);
  CHECK(starting_configuration({0, 0, ".github/workflows/a.yml"}).find("\nci = \"ephemeral\"\n") != std::string::npos);
  CHECK(starting_configuration({}).find("\nci = \"unknown\"\n") != std::string::npos);
}
