// SPDX-License-Identifier: Apache-2.0
#include "cli/starting_files.hpp"

#include "text/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace dockerlint::cli {
namespace {

constexpr std::string_view kHome = DOCKERLINT_HOME;
constexpr std::string_view kTag = "v" DOCKERLINT_VERSION;

/// "dockerlint/dockerlint"
std::string_view repository() {
  constexpr std::string_view kHost = "https://github.com/";
  static_assert(kHome.starts_with(kHost));
  return kHome.substr(kHost.size());
}

std::string raw_url(std::string_view path) {
  return fmt::format("https://raw.githubusercontent.com/{}/{}/{}", repository(), kTag, path);
}

std::string gitlab_job() { return fmt::format("- remote: {}\n", raw_url("integrations/gitlab/dockerlint.yml")); }

/// Lines without their line ends.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    lines.push_back(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
  }
  return lines;
}

std::string_view without_comment(std::string_view line) {
  const std::size_t at = line.find(" #");
  return trim(line.starts_with('#') ? std::string_view() : line.substr(0, at));
}

std::size_t indent_of(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

bool says_something(std::string_view line) { return !without_comment(line).empty(); }

/// Where a sequence goes on, in lines.
struct Sequence {
  std::size_t end = 0;  // behind its last line
  std::size_t indent = 0;
};

/// The block sequence at `key` of the file's mapping. Nothing where it is written in any other way.
std::optional<Sequence> sequence_at(const std::vector<std::string_view>& lines, std::size_t key) {
  Sequence found{key + 1, 0};
  bool empty = true;
  for (std::size_t i = key + 1; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    if (line.find('\t') < line.find_first_not_of(" \t")) return std::nullopt;
    const std::size_t indent = indent_of(line);
    const bool item = line.substr(indent) == "-" || line.substr(indent).starts_with("- ");
    if (trim(line).empty() || (indent == 0 && !item && line.starts_with('#'))) continue;
    if (empty && line[indent] != '#') {
      if (indent == 0 && !item) break;
      if (!item) return std::nullopt;
      found.indent = indent;
      empty = false;
    } else if (indent == 0 && (found.indent > 0 || !item)) {
      break;  // the next key
    }
    found.end = i + 1;
  }
  if (empty) return std::nullopt;
  return found;
}

/// `text` with `item`, whose lines begin at the left, at the end of the sequence `name`.
std::optional<std::string> with_item(std::string_view text, std::string_view name, std::string_view item) {
  const std::vector<std::string_view> lines = lines_of(text);
  const std::string_view line_end = text.find("\r\n") == std::string_view::npos ? "\n" : "\r\n";
  std::optional<std::size_t> key;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    // A second document, or one that has ended.
    if ((lines[i].starts_with("---") || lines[i].starts_with("...")) &&
        std::any_of(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(i), says_something))
      return std::nullopt;
    if (!lines[i].starts_with(name) || !lines[i].substr(name.size()).starts_with(':')) continue;
    if (key || without_comment(lines[i]).size() != name.size() + 1) return std::nullopt;
    key = i;
  }
  // Quoted keys, or all in braces: not how people write such files.
  if (std::any_of(lines.begin(), lines.end(), [](std::string_view line) { return line.find_first_of("\"'{[?") == 0; }))
    return std::nullopt;

  Sequence at{lines.size(), 2};
  std::string added;
  if (key) {
    const std::optional<Sequence> found = sequence_at(lines, *key);
    if (!found) return std::nullopt;
    at = *found;
  } else {
    if (std::any_of(lines.begin(), lines.end(), says_something)) added += line_end;
    added += fmt::format("{}:{}", name, line_end);
  }
  for (const std::string_view line : lines_of(item))
    added += fmt::format("{}{}{}", std::string(at.indent, ' '), line, line_end);

  std::string out;
  for (std::size_t i = 0, begin = 0; i < at.end; ++i) {
    const std::size_t end = text.find('\n', begin);
    const bool cut_off = end == std::string_view::npos;
    out += text.substr(begin, cut_off ? cut_off : end + 1 - begin);
    if (cut_off) {
      out = std::string(text);
      out += line_end;
      break;
    }
    begin = end + 1;
  }
  const std::size_t rest = std::min(out.size(), text.size());
  out += added;
  out += text.substr(rest);
  return out;
}

}  // namespace

std::string starting_configuration(const Survey& survey) {
  std::string out =
      "# What dockerlint is to know of this repository. All keys: dockerlint config show, and docs/config.md at\n"
      "# " DOCKERLINT_HOME
      "\n\n"
      "# Where package managers' files belong: \"mounts\" (cache mounts), \"clean\" (removed in the same RUN), "
      "\"auto\".\n";
  if (survey.with_cache_mounts > 0 && 2 * survey.with_cache_mounts >= survey.dockerfiles)
    out += fmt::format("# {} of {} Dockerfile{} here {} cache mounts.\ncache-policy = \"mounts\"\n",
                       survey.with_cache_mounts, survey.dockerfiles, survey.dockerfiles == 1 ? "" : "s",
                       survey.with_cache_mounts == 1 ? "uses" : "use");
  else out += "cache-policy = \"auto\"\n";
  out +=
      "\n# What becomes of the builder's caches between two builds in CI: \"persistent\", \"ephemeral\", "
      "\"unknown\".\n";
  if (!survey.hosted_build.empty())
    out += fmt::format("# {} builds on GitHub's machines, which are new for each job.\nci = \"ephemeral\"\n",
                       survey.hosted_build);
  else out += "ci = \"unknown\"\n";
  out +=
      "\n[rules]\n"
      "# \"packages/unpinned-download\" = \"off\"\n"
      "# \"cache/missing-sharing\" = \"error\"\n";
  return out;
}

bool builds_on_hosted_machines(std::string_view workflow) {
  bool builds = false;
  bool hosted = false;
  for (const std::string_view line : lines_of(workflow)) {
    const std::string_view said = without_comment(line);
    const auto has = [&](std::string_view text) { return said.find(text) != std::string_view::npos; };
    if (has("docker/build-push-action@") || has("docker/bake-action@") || has("docker build ") ||
        has("docker buildx b"))
      builds = true;
    if (!has("runs-on:")) continue;
    const std::string_view runner = trim(said.substr(said.find("runs-on:") + 8));
    // Groups, labels of one's own, expressions: nobody knows.
    if (!runner.starts_with("ubuntu-") && !runner.starts_with("windows-") && !runner.starts_with("macos-"))
      return false;
    hosted = true;
  }
  // Somebody takes the caches along.
  if (workflow.find("buildkit-cache-dance") != std::string_view::npos) return false;
  return builds && hosted;
}

std::string github_workflow() {
  return fmt::format(R"(name: dockerlint
on:
  push:
    branches: [main, master]
  pull_request:
permissions:
  contents: read
jobs:
  dockerlint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: {}@{}
)",
                     repository(), kTag);
}

std::string jenkins_stage() {
  return fmt::format(R"(stage('Lint Dockerfiles') {{
  steps {{
    sh 'curl -fsSLO {}'
    sh 'sh install.sh --version {} --to .dockerlint && .dockerlint/dockerlint'
  }}
}}
)",
                     raw_url("integrations/install.sh"), DOCKERLINT_VERSION);
}

std::string pre_commit_hook() {
  return fmt::format("- repo: {}\n  rev: {}\n  hooks:\n    - id: dockerlint\n", kHome, kTag);
}

std::string gitlab_job_by_hand() {
  return gitlab_job() +
         "# It runs in the stage `test`; a job `dockerlint: { stage: … }` of yours puts it into another.\n";
}

std::optional<std::string> with_pre_commit_hook(std::string_view text) {
  return with_item(text, "repos", pre_commit_hook());
}

std::optional<std::string> with_gitlab_job(std::string_view text) {
  // The job runs in the stage `test`, which is there unless the file names its own.
  bool stages = false;
  bool test = false;
  for (const std::string_view line : lines_of(text)) {
    stages |= line.starts_with("stages:");
    test |= trim(line) == "- test" || (line.starts_with("stages:") && line.find("test") != std::string_view::npos);
  }
  if (stages && !test) return std::nullopt;
  return with_item(text, "include", gitlab_job());
}

}  // namespace dockerlint::cli
