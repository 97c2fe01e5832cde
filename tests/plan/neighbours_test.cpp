// SPDX-License-Identifier: Apache-2.0
// What rules see of the other files of a project, and what a plan makes of all of them.

#include "dockerlint/lint.hpp"
#include "dockerlint/project_caches.hpp"
#include "dockerlint/rule.hpp"
#include "plan/plan.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace dockerlint;

namespace {

/// A project of services, each with a Dockerfile of its own.
class Sample {
 public:
  /// Returns the number of the file.
  std::size_t add(std::string path, std::string text) {
    documents_.push_back(std::make_unique<Document>(Document::parse(std::move(path), std::move(text))));
    builds_.emplace_back();
    return documents_.size() - 1;
  }

  Build& service(std::size_t file, std::string name, std::vector<std::pair<std::string, std::string>> args = {}) {
    Build& build = project_.builds.emplace_back();
    build.name = std::move(name);
    build.defined_by = DefinedBy::compose;
    build.definition = "compose.yaml";
    build.context.text = build.name;
    for (auto& [key, value] : args) build.args.push_back({key, {value, {}}});
    builds_[file].push_back(project_.builds.size() - 1);
    return build;
  }

  /// All services at once.
  const ProjectCaches& read() {
    project_.groups.emplace_back();
    for (std::size_t i = 0; i < project_.builds.size(); ++i) project_.groups.back().builds.push_back(i);
    std::vector<FileCaches> files;
    for (std::size_t i = 0; i < documents_.size(); ++i)
      files.push_back(caches_of(*documents_[i], project_, builds_[i], Catalog::builtin()));
    caches_ = std::make_unique<ProjectCaches>(project_, std::move(files));
    return *caches_;
  }

  std::vector<Diagnostic> lint(std::size_t file, std::string_view rule) const {
    Config config;
    config.min_severity = Severity::hint;
    config.enabled = RuleSet::none();
    config.enabled.insert(*find_rule(rule));
    return dockerlint::lint(*documents_[file], config, Catalog::builtin(), nullptr,
                            {caches_.get(), static_cast<std::uint32_t>(file)});
  }

  FixResult fix(std::size_t file, std::string_view rule,
                const std::set<std::string, std::less<>>& left_out = {}) const {
    Config config;
    config.enabled = RuleSet::none();
    config.enabled.insert(*find_rule(rule));
    return dockerlint::fix(documents_[file]->source().path(), std::string(documents_[file]->source().bytes()), config,
                           Catalog::builtin(), Applicability::safe, {caches_.get(), static_cast<std::uint32_t>(file)},
                           left_out);
  }

 private:
  std::vector<std::unique_ptr<Document>> documents_;
  std::vector<std::vector<std::size_t>> builds_;
  Project project_;
  std::unique_ptr<ProjectCaches> caches_;
};

constexpr const char* kGo =
    "FROM golang:1.23\nRUN --mount=type=cache,target=/go/pkg/mod,sharing=locked go mod download\n";
constexpr const char* kRust =
    "FROM rust:1.83\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/app/target,sharing=locked cargo build\n";

}  // namespace

TEST_CASE("what builds do with caches is summed up by id, with who fills and who reads") {
  Sample sample;
  sample.add("Dockerfile",
             "FROM node:22 AS build\nRUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked npm ci\n"
             "RUN --mount=type=cache,target=/out cp -r /out/x /x\n");
  const ProjectCaches& caches = sample.read();
  const ProjectCache* const npm = caches.find("npm");
  REQUIRE(npm != nullptr);
  REQUIRE(npm->users.size() == 1);
  const CacheUser& user = caches.user(npm->users[0]);
  CHECK(user.fills == std::vector<std::string>{"npm ci"});
  CHECK(user.mode == Sharing::locked);
  CHECK(user.stage_name == "build");
  CHECK(user.at.line == 2);
  const ProjectCache* const out = caches.find("/out");
  REQUIRE(out != nullptr);
  CHECK(caches.user(out->users[0]).reads == std::vector<std::string>{"cp"});
  CHECK(caches.find("nobody") == nullptr);
}

TEST_CASE("a stage that no build needs uses no cache") {
  Sample sample;
  const std::size_t file = sample.add("Dockerfile",
                                      "FROM golang:1.23 AS a\nRUN --mount=type=cache,id=a,target=/c go build\n"
                                      "FROM golang:1.23 AS b\nRUN --mount=type=cache,id=b,target=/c go build\n");
  sample.service(file, "api").target = Given{"a", {}};
  const ProjectCaches& caches = sample.read();
  CHECK(caches.find("a") != nullptr);
  CHECK(caches.find("b") == nullptr);
}

TEST_CASE("each service's arguments make ids of their own") {
  Sample sample;
  const std::size_t file = sample.add(
      "Dockerfile", "FROM golang:1.23\nARG SERVICE\nRUN --mount=type=cache,id=go-$SERVICE,target=/c go build\n");
  sample.service(file, "api", {{"SERVICE", "api"}});
  sample.service(file, "web", {{"SERVICE", "web"}});
  const ProjectCaches& caches = sample.read();
  CHECK(caches.find("go-api") != nullptr);
  CHECK(caches.find("go-web") != nullptr);
}

TEST_CASE("a needless lock goes in all files, or in none") {
  Sample sample;
  for (const char* const name : {"api", "web"})
    sample.service(sample.add(std::string(name) + "/Dockerfile", kGo), name);
  sample.read();
  const auto found = sample.lint(0, "cache/needless-lock");
  REQUIRE(found.size() == 1);
  REQUIRE(found[0].elsewhere.size() == 1);
  CHECK(found[0].elsewhere[0].path == "web/Dockerfile");
  REQUIRE(found[0].fix.has_value());
  CHECK(found[0].fix->group == "cache/needless-lock /go/pkg/mod");
  CHECK(found[0].fix->group_files == 2);
  CHECK(sample.fix(0, "cache/needless-lock").applied.size() == 1);
  CHECK(sample.fix(0, "cache/needless-lock", {found[0].fix->group}).applied.empty());
}

TEST_CASE("a file alone has no neighbours") {
  Sample sample;
  sample.add("Dockerfile", kGo);
  sample.read();
  const auto found = sample.lint(0, "cache/needless-lock");
  REQUIRE(found.size() == 1);
  CHECK(found[0].elsewhere.empty());
  CHECK(found[0].fix->group.empty());
}

TEST_CASE("builds of different contexts in one build tree are an error in the later file") {
  Sample sample;
  for (const char* const name : {"api", "web"})
    sample.service(sample.add(std::string(name) + "/Dockerfile", kRust), name);
  sample.read();
  CHECK(sample.lint(0, "cache/shared-build-output").empty());
  const auto found = sample.lint(1, "cache/shared-build-output");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::error);
  const FixResult fixed = sample.fix(1, "cache/shared-build-output");
  CHECK(fixed.document.source().bytes().find("id=/app/target-web") != std::string_view::npos);
  CHECK(fixed.left.empty());
}

TEST_CASE("contexts that lie in each other may hold the same sources") {
  Sample sample;
  sample.service(sample.add("Dockerfile", kRust), "all").context.text = ".";
  sample.service(sample.add("api/Dockerfile", kRust), "api").context.text = "api";
  sample.read();
  CHECK(sample.lint(1, "cache/shared-build-output").empty());
}

TEST_CASE("one Dockerfile for several services gets an id for each") {
  Sample sample;
  const std::size_t file = sample.add("Dockerfile",
                                      "FROM rust:1.83\nARG SERVICE\nWORKDIR /app\nCOPY $SERVICE .\n"
                                      "RUN --mount=type=cache,target=/app/target,sharing=locked cargo build\n");
  for (const char* const name : {"api", "web"}) sample.service(file, name, {{"SERVICE", name}}).context.text = ".";
  sample.read();
  const auto found = sample.lint(file, "cache/shared-build-output");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::error);
  const FixResult fixed = sample.fix(file, "cache/shared-build-output");
  CHECK(fixed.document.source().bytes().find("id=/app/target-${SERVICE}") != std::string_view::npos);
  CHECK(fixed.left.empty());
}

TEST_CASE("a plan says who takes turns") {
  Sample sample;
  for (const char* const name : {"api", "web"})
    sample.service(sample.add(std::string(name) + "/Dockerfile", kGo), name);
  const plan::Plan made = plan::make_plan(sample.read(), {});
  REQUIRE(made.caches.size() == 1);
  CHECK(made.services.size() == 2);
  CHECK(made.caches[0].queue.size() == 2);
  CHECK(made.caches[0].verdict == plan::Verdict::queues);
  CHECK(plan::queue_of(made.caches[0]) == std::vector<std::string>{"api", "web"});
}

TEST_CASE("RUNs of one stage come one after the other, and wait for nobody") {
  Sample sample;
  sample.add("Dockerfile", std::string(kGo) + "RUN --mount=type=cache,target=/go/pkg/mod,sharing=locked go build\n");
  const plan::Plan made = plan::make_plan(sample.read(), {});
  REQUIRE(made.caches.size() == 1);
  CHECK(made.caches[0].users.size() == 2);
  CHECK(made.caches[0].queue.size() == 1);
  CHECK(made.caches[0].verdict == plan::Verdict::fine);
}

TEST_CASE("a text of strangers harms no format") {
  Sample sample;
  sample.add("a\"<b>&|`\x1b[31m.Dockerfile",
             "FROM golang:1.23\nRUN --mount=type=cache,id=<x>&\x01,target=/c go build\n");
  const plan::Plan made = plan::make_plan(sample.read(), {});
  CHECK(plan::html(made).find("<x>") == std::string::npos);
  for (std::size_t i = 0; i < plan::format_names().size(); ++i) {
    CAPTURE(plan::format_names()[i]);
    const std::string shown = plan::shown(made, static_cast<plan::Format>(i), {});
    CHECK(std::none_of(shown.begin(), shown.end(), [](char c) { return c == '\x1b' || c == '\x01'; }));
  }
}
