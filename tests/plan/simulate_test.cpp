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

/// Two services with a cache each: `api` and `web`, whose mounts of /root/.npm say this.
Plan plan_with(const std::string& api_id, const std::string& web_id, const std::string& mode) {
  Plan plan;
  for (const std::string name : {"api", "web"}) {
    Service& service = plan.services.emplace_back();
    service.name = name;
    service.definition = "compose.yaml";
    service.dockerfile = name + "/Dockerfile";
    plan::User user;
    user.path = service.dockerfile;
    user.at = {4, 5};
    user.stage = "build";
    user.services = {plan.services.size() - 1};
    user.target = "/root/.npm";
    user.mode = mode;
    plan::Cache& cache = plan.caches.emplace_back();
    cache.id = name == "api" ? api_id : web_id;
    cache.users.push_back(user);
    cache.findings = {0};
    plan.stages[service.dockerfile] = {{"base", ""}, {"build", "base"}, {"stage-2", ""}};
  }
  plan.findings.push_back(
      {"cache/needless-lock", Severity::warning, "it waits", "api/Dockerfile", {4, 5}, "say sharing=shared"});
  return plan;
}

Plan locked_plan() { return plan_with("/root/.npm", "/root/.npm", "locked"); }

constexpr std::int64_t kSecond = 1000000;

}  // namespace

TEST_CASE("a rawjson log says what each step is, what it stands on and when it ran") {
  const BuildLog log = read_build_log(two_services());
  CHECK(log.trouble.empty());
  CHECK(log.has_clock);
  REQUIRE(log.steps.size() == 4);
  const LoggedStep& step = log.steps[3];
  CHECK(step.chains == std::vector<std::string>{"web build"});
  CHECK(step.number == 2);
  CHECK(step.of == 2);
  CHECK(step.text == kRun);
  CHECK(step.inputs == std::vector<std::size_t>{2});
  CHECK(step.ended - step.began == 20 * kSecond);
  REQUIRE(step.mounts.size() == 1);
  CHECK(step.mounts[0].id == "/root/.npm");
  CHECK(step.mounts[0].locked);
}

TEST_CASE("it may be indented over many lines, as docker writes it, with other text between") {
  const BuildLog log = read_build_log(
      "{\n  \"vertexes\": [\n    {\n      \"digest\": \"a\",\n      \"name\": \"[2/2] RUN a \\\"}{\\\"\",\n"
      "      \"started\": \"2026-01-02T10:00:00Z\",\n      \"completed\": \"2026-01-02T10:00:02Z\"\n    }\n  ]\n}\n"
      "WARNING: current commit information was not captured {\nDockerfile:2\n");
  CHECK(log.trouble.empty());
  REQUIRE(log.steps.size() == 1);
  CHECK(log.steps[0].text == "RUN a \"}{\"");
  CHECK(log.steps[0].ended - log.steps[0].began == 2 * kSecond);
}

TEST_CASE("a plain log says how long each step took") {
  const BuildLog log = read_build_log(
      "#1 [internal] load build definition from Dockerfile\n#1 DONE 0.0s\n\n"
      "#5 [build 1/2] FROM docker.io/library/node:22\n#5 CACHED\n\n"
      "#6 [build 2/2] RUN --mount=type=cache,id=npm,dst=/root/.npm npm ci\n#6 0.402 added 2 packages\n#6 DONE 3.5s\n");
  CHECK(log.trouble.empty());
  CHECK_FALSE(log.has_clock);
  REQUIRE(log.steps.size() == 2);
  CHECK(log.steps[0].cached);
  CHECK(log.steps[1].ended == 3500000);
  CHECK(log.steps[1].spoke == 402000);
  CHECK(log.steps[1].mounts.at(0).id == "npm");
  CHECK_FALSE(log.steps[1].mounts.at(0).locked);
}

TEST_CASE("builds that queue for a lock take as long as all of them; without it as long as the longest") {
  const std::vector<BuildLog> logs{read_build_log(two_services())};
  const Simulation result = simulate(logs, Plan(), Plan());
  CHECK(result.as_it_is == 20 * kSecond);
  CHECK(result.without_locks == 10 * kSecond);
  CHECK(result.with_fixes == 20 * kSecond);  // the plan knows of none
  CHECK(result.foreign);
  REQUIRE(result.locks.size() == 1);
  CHECK(result.locks[0].id == "/root/.npm");
  CHECK(result.locks[0].steps == 2);
  CHECK(result.locks[0].held == 20 * kSecond);
  CHECK(result.locks[0].waited == 10 * kSecond);
  CHECK(result.locks[0].costs == 10 * kSecond);
}

TEST_CASE("with the fixes, steps take the locks that the fixed files have") {
  const std::vector<BuildLog> logs{read_build_log(two_services())};
  const Simulation unlocked = simulate(logs, locked_plan(), plan_with("/root/.npm", "/root/.npm", "shared"));
  CHECK_FALSE(unlocked.foreign);
  CHECK(unlocked.with_fixes == 10 * kSecond);
  CHECK(unlocked.locks.at(0).fix == "say sharing=shared");
  CHECK(simulate(logs, locked_plan(), plan_with("/root/.npm", "npm-web", "locked")).with_fixes == 10 * kSecond);
  CHECK(simulate(logs, locked_plan(), locked_plan()).with_fixes == 20 * kSecond);
}

TEST_CASE("a lock that comes with the fixes makes builds wait") {
  std::string text = two_services();
  for (std::size_t at = text.find(",sharing=locked"); at != text.npos; at = text.find(",sharing=locked"))
    text.erase(at, 15);
  const std::vector<BuildLog> logs{read_build_log(text)};
  const Simulation result = simulate(logs, plan_with("/root/.npm", "/root/.npm", "shared"), locked_plan());
  CHECK(result.as_it_is == 20 * kSecond);
  CHECK(result.with_fixes == 30 * kSecond);
  REQUIRE(result.locks.size() == 1);
  CHECK(result.locks[0].added);
  CHECK(result.locks[0].waited == 10 * kSecond);
}

TEST_CASE("who has printed something before a lock was free did not wait for it") {
  const std::string printed =
      R"({"logs":[{"vertex":"b2","stream":1,"data":"aGVsbG8=","timestamp":"2026-01-02T10:00:03Z"}]})";
  const std::vector<BuildLog> logs{read_build_log(two_services() + printed)};
  CHECK(simulate(logs, Plan(), Plan()).locks.at(0).held == 30 * kSecond);
}

TEST_CASE("a step that two logs have is run once, and what waited for it in another log is not counted as work") {
  const BuildLog log = read_build_log(two_services());
  const std::vector<BuildLog> twice{log, log};
  CHECK(simulate(twice, Plan(), Plan()).as_it_is == 20 * kSecond);
  const std::string both = two_services();
  const std::size_t middle = both.find("{\"vertexes\":[{\"digest\":\"b1\"");
  const std::vector<BuildLog> apart{read_build_log(both.substr(0, middle)), read_build_log(both.substr(middle))};
  CHECK(simulate(apart, Plan(), Plan()).without_locks == 10 * kSecond);
}

TEST_CASE("a step that several builds share took as long as for the one that ran it") {
  const BuildLog log = read_build_log(vertex("a1", "", "[api build 1/2] FROM node", "00.0", "00.0") +
                                      vertex("a2", "\"a1\"", "[api base 2/2] RUN make", "00.0", "09.0") +
                                      vertex("a2", "\"a1\"", "[web base 2/2] RUN make", "09.5", "09.5"));
  REQUIRE(log.steps.size() == 2);
  CHECK(log.steps[1].ended - log.steps[1].began == 9 * kSecond);
  CHECK(log.steps[1].chains == std::vector<std::string>{"api base", "web base"});
}

TEST_CASE("builds that wrote into one log one after the other are simulated at once") {
  const std::string log =
      vertex("d1", "", "[internal] load build definition from Dockerfile", "00.0", "01.0") +
      vertex("a1", "", "[1/2] FROM node", "01.0", "01.0") + vertex("a2", "\"a1\"", "[2/2] RUN make a", "01.0", "11.0") +
      vertex("e1", "", "exporting to image", "11.0", "12.0") +
      vertex("d2", "", "[internal] load build definition from Dockerfile", "20.0", "21.0") +
      vertex("b1", "", "[1/2] FROM rust", "21.0", "21.0") + vertex("b2", "\"b1\"", "[2/2] RUN make b", "21.0", "41.0") +
      vertex("e2", "", "exporting to image", "41.0", "43.0");
  const std::vector<BuildLog> logs{read_build_log(log)};
  CHECK(simulate(logs, Plan(), Plan()).as_it_is == 23 * kSecond);
}

TEST_CASE("a stage in a plain log stands on that of its FROM, as the Dockerfile has it") {
  const BuildLog log = read_build_log(
      "#4 [api base 1/2] FROM docker.io/library/node:22\n#4 DONE 1.0s\n"
      "#5 [web base 2/2] RUN apt-get update\n#5 DONE 4.0s\n"  // it is api's, too, and told once
      "#6 [api build 1/1] RUN --mount=type=cache,target=/root/.npm,sharing=locked npm ci\n#6 DONE 3.0s\n"
      "#7 [api stage-2 1/2] FROM docker.io/library/debian:12\n#7 DONE 0.5s\n"
      "#8 [api stage-2 2/2] COPY --from=build /app /app\n#8 DONE 0.5s\n");
  const std::vector<BuildLog> logs{log};
  CHECK(simulate(logs, locked_plan(), locked_plan()).as_it_is == 8500000);
}

TEST_CASE("Dockerfiles that stand on each other's stages lead nowhere, and not for ever") {
  Plan plan;
  plan.stages["one"] = {{"b", ""}, {"a", "b"}, {"c", "a"}};
  plan.stages["two"] = {{"a", ""}, {"b", "a"}};
  const std::vector<BuildLog> logs{read_build_log("#5 [c 1/1] RUN make\n#5 DONE 3.0s\n")};
  CHECK(simulate(logs, plan, plan).as_it_is == 3 * kSecond);
}

TEST_CASE("what a step waited for a lock is taken off in plain logs as well") {
  const std::string run = "RUN --mount=type=cache,target=/root/.npm,sharing=locked npm ci\n";
  const std::string text = "#5 [api build 1/1] " + run + "#6 [web build 1/1] " + run +
                           "#5 DONE 5.0s\n#6 5.1 added 2 packages\n#6 DONE 9.0s\n";
  const std::vector<BuildLog> logs{read_build_log(text)};
  const Simulation result = simulate(logs, locked_plan(), locked_plan());
  CHECK(result.as_it_is == 9 * kSecond);
  CHECK(result.without_locks == 5 * kSecond);
  CHECK_FALSE(result.has_clock);
}

TEST_CASE("the times that CI puts before each line of a plain log are its clock") {
  const BuildLog log = read_build_log(
      "build\tBuild\t2026-01-02T10:00:00.1234567Z #5 [2/3] RUN make\r\n"
      "build\tBuild\t2026-01-02T10:00:05.5000000Z #5 DONE 5.0s\r\n"
      "2026-01-02T10:00:06.0000000Z \x1b[36m#6 [3/3] RUN make install\x1b[0m\n"
      "2026-01-02T10:00:08.0000000Z #6 DONE 1.5s\n");
  CHECK(log.has_clock);
  REQUIRE(log.steps.size() == 2);
  CHECK(log.steps[1].text == "RUN make install");
  CHECK(log.steps[1].began - log.steps[0].ended == 1 * kSecond);
}

TEST_CASE("a log from which nothing can be learnt says where and why") {
  const auto trouble = [](const std::string& text) {
    const BuildLog log = read_build_log(text);
    return std::to_string(log.line) + ": " + log.trouble.substr(0, log.trouble.find(':'));
  };
  CHECK(trouble("#5 [2/3] RUN a\n#5 ERROR: process\n#6 [b 2/2] RUN b\n#6 CANCELED\n") == "2: `[2/3] RUN a` failed");
  CHECK(trouble("#5 [2/3] RUN a\n#5 0.1 on it\n") == "1: the log ends before `[2/3] RUN a` does");
  CHECK(trouble("#1 [internal] load\n#5 [2/3] RUN a\n#5 [2/3] RUN b\n") == "3: two builds have written this at once");
  CHECK(trouble("[+] Building 3.2s (5/5) FINISHED\n => [2/3] RUN a    3.0s\n") ==
        "1: this is what --progress=tty shows, which leaves out times");
  CHECK(trouble("Step 1/3 : FROM debian\n") == "1: this is a log of the classic builder, which says no times");
  CHECK(trouble("{\n  \"name\": \"app\"\n}\n") == "1: there is JSON in it, but no step of a build");
  CHECK(trouble("{\n  \"vertexes\": [\n") == "1: the log ends in the middle of this");
  CHECK(trouble("\n{\n  vertexes: [] }\n").starts_with("3: "));
  CHECK(trouble(R"({"vertexes":[{"digest":"a","name":"[2/2] RUN a","started":"2026-01-02T10:00:00Z"}]})") ==
        "1: the log ends before `[2/2] RUN a` does");
}

TEST_CASE("logs that stand on themselves, and many that do not, are simulated in their time") {
  std::string circle = vertex("a", "\"b\"", "[x 1/2] RUN true", "00.0", "01.0") +
                       vertex("b", "\"a\"", "[x 2/2] RUN true", "00.0", "01.0");
  const std::vector<BuildLog> logs{read_build_log(circle)};
  CHECK(simulate(logs, Plan(), Plan()).as_it_is == 0);
  std::string many;
  for (int i = 0; i < 3000; ++i)
    many += "#" + std::to_string(i + 1) + " [s" + std::to_string(i) + " 1/1] RUN --mount=type=cache,target=/c" +
            std::to_string(i) + ",sharing=locked true\n#" + std::to_string(i + 1) + " DONE 0.1s\n";
  const std::vector<BuildLog> wide{read_build_log(many)};
  CHECK(simulate(wide, Plan(), Plan()).as_it_is == 100000);
}
