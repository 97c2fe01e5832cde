// SPDX-License-Identifier: Apache-2.0
// What logs of builds say, and how long the builds would take at once.

#include "plan/simulate.hpp"

#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace dockerlint;
using namespace dockerlint::plan;

namespace {

std::string vertex(const std::string& digest, const std::string& inputs, const std::string& name,
                   const std::string& began, const std::string& ended) {
  return R"({"vertexes":[{"digest":")" + digest + R"(","inputs":[)" + inputs + R"(],"name":")" + name +
         R"(","started":"2026-01-02T10:00:)" + began + R"(Z","completed":"2026-01-02T10:00:)" + ended +
         R"(Z"}]})"
         "\n";
}

const std::string kRun = "RUN --mount=type=cache,target=/root/.npm,sharing=locked npm ci";

/// Two services that queue for one cache: 10 seconds of work each, done after 20.
std::string two_services() {
  return vertex("a1", "", "[api build 1/2] FROM node", "00.0", "00.0") +
         vertex("a2", "\"a1\"", "[api build 2/2] " + kRun, "00.0", "10.0") +
         vertex("b1", "", "[web build 1/2] FROM node:20", "00.0", "00.0") +
         vertex("b2", "\"b1\"", "[web build 2/2] " + kRun, "00.0", "20.0");
}

Plan plan_with(const std::string& rule) {
  Plan plan;
  plan::Cache cache;
  cache.id = "/root/.npm";
  cache.findings = {0};
  plan.caches.push_back(cache);
  plan.findings.push_back({rule, Severity::warning, "it waits", "api/Dockerfile", {4, 5}, "say sharing=shared"});
  return plan;
}

constexpr std::int64_t kSecond = 1000000;

}  // namespace

TEST_CASE("a rawjson log says what each step is, what it stands on and when it ran") {
  const BuildLog log = read_build_log(two_services());
  CHECK(log.trouble.empty());
  CHECK(log.has_clock);
  REQUIRE(log.steps.size() == 4);
  const LoggedStep& step = log.steps[3];
  CHECK(step.chain == "web build");
  CHECK(step.number == 2);
  CHECK(step.of == 2);
  CHECK(step.text == kRun);
  CHECK(step.inputs == std::vector<std::size_t>{2});
  CHECK(step.ended - step.began == 20 * kSecond);
  REQUIRE(step.mounts.size() == 1);
  CHECK(step.mounts[0].id == "/root/.npm");
  CHECK(step.mounts[0].locked);
}

TEST_CASE("a plain log says how long each step took; stages and COPY --from say what it stands on") {
  const BuildLog log = read_build_log(
      "#1 [internal] load build definition from Dockerfile\n#1 DONE 0.0s\n\n"
      "#5 [build 1/2] FROM docker.io/library/node:22\n#5 CACHED\n\n"
      "#6 [build 2/2] RUN --mount=type=cache,id=npm,dst=/root/.npm npm ci\n#6 0.402 added 2 packages\n#6 DONE 3.5s\n"
      "#7 [stage-1 2/2] COPY --from=build /app /app\n#7 DONE 0.2s\n");
  CHECK(log.trouble.empty());
  CHECK_FALSE(log.has_clock);
  REQUIRE(log.steps.size() == 3);
  CHECK(log.steps[0].cached);
  CHECK(log.steps[1].ended == 3500000);
  CHECK(log.steps[1].inputs == std::vector<std::size_t>{0});
  CHECK(log.steps[1].mounts.at(0).id == "npm");
  CHECK_FALSE(log.steps[1].mounts.at(0).locked);
  CHECK(log.steps[2].inputs == std::vector<std::size_t>{1});
}

TEST_CASE("what is no log of a build is said to be none") {
  for (const std::string_view bytes : {"", "hello\n", "{\n", "#1 x\n", "\xff\xfe#"}) {
    CAPTURE(std::string(bytes));
    const BuildLog log = read_build_log(bytes);
    CHECK(log.steps.empty());
  }
  CHECK_FALSE(read_build_log("hello\n").trouble.empty());
}

TEST_CASE("builds that queue for a lock take as long as all of them; without it as long as the longest") {
  const std::vector<BuildLog> logs{read_build_log(two_services())};
  const Simulation result = simulate(logs, Plan());
  CHECK(result.as_it_is == 20 * kSecond);
  CHECK(result.without_locks == 10 * kSecond);
  CHECK(result.with_fixes == 20 * kSecond);  // the plan knows of none
  REQUIRE(result.locks.size() == 1);
  CHECK(result.locks[0].id == "/root/.npm");
  CHECK(result.locks[0].steps == 2);
  CHECK(result.locks[0].held == 20 * kSecond);
  CHECK(result.locks[0].waited == 10 * kSecond);
  CHECK(result.locks[0].costs == 10 * kSecond);
}

TEST_CASE("a fix that takes a lock away, or gives each build a cache of its own, is counted") {
  const std::vector<BuildLog> logs{read_build_log(two_services())};
  for (const char* const rule : {"cache/needless-lock", "cache/shared-build-output"}) {
    CAPTURE(rule);
    const Simulation result = simulate(logs, plan_with(rule));
    CHECK(result.with_fixes == 10 * kSecond);
    CHECK(result.locks.at(0).fix == "say sharing=shared");
  }
  CHECK(simulate(logs, plan_with("cache/mixed-sharing")).with_fixes == 20 * kSecond);
}

TEST_CASE("a step that two logs have is run once") {
  const BuildLog log = read_build_log(two_services());
  const std::vector<BuildLog> twice{log, log};
  CHECK(simulate(twice, Plan()).as_it_is == 20 * kSecond);
}

TEST_CASE("logs that stand on themselves, and many that do not, are simulated in their time") {
  std::string circle = vertex("a", "\"b\"", "[x 1/2] RUN true", "00.0", "01.0") +
                       vertex("b", "\"a\"", "[x 2/2] RUN true", "00.0", "01.0");
  const std::vector<BuildLog> logs{read_build_log(circle)};
  CHECK(simulate(logs, Plan()).as_it_is == 0);
}
