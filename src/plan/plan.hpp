// SPDX-License-Identifier: Apache-2.0
#pragma once
// The cache plan: every cache that the builds of a project use, who fills it, who reads it, who waits for whom when
// all are built at once, and what the rules say of it. Plain data, for the formats in this folder.

#include "dockerlint/diagnostic.hpp"
#include "dockerlint/project_caches.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::plan {

/// One thing that is built: a service of compose, a target of bake, or a Dockerfile alone.
struct Service {
  std::string name;
  std::string definition;  // path of the compose or bake file; empty: a Dockerfile alone
  std::uint32_t line = 0;  // in it
  std::string dockerfile;
  std::string target;  // empty: the last stage
  std::vector<std::string> platforms;
};

/// A cache mount of a RUN.
struct User {
  std::string path;
  LineColumn at;
  std::string stage;                  // its name, or its index
  std::vector<std::size_t> services;  // that run it
  std::string target;                 // empty: nobody knows
  std::string mode;                   // "locked"; "?" where a variable decides
  bool says_mode = false;
  std::string owner;  // "uid=1000,gid=1000"; empty: nothing said
  std::vector<std::string> fills, reads;
};

enum class Verdict : std::uint8_t { fine, queues, unknown, conflict, broken };
std::string_view to_string(Verdict);

struct Cache {
  std::string id;
  bool known = true;  // false: a variable that nobody knows stands in the id
  bool named = false;
  bool per_platform = false;
  std::vector<std::string> targets, modes;
  std::string what;  // "npm's cache"; empty: the catalog knows nothing of it
  std::string tool, kind;
  std::vector<User> users;
  struct Party {
    std::string name;                // "api", "worker/Dockerfile"
    std::vector<std::size_t> users;  // indices; they come one after the other in any case
  };
  std::vector<Party> queue;           // who takes turns; one party: nobody waits
  std::vector<std::size_t> findings;  // indices into Plan::findings
  Verdict verdict = Verdict::fine;
};

struct Finding {
  std::string rule;
  Severity severity = Severity::info;
  std::string message;
  std::string path;
  LineColumn at;
  std::string fix;  // what it would do; empty: there is none
};

/// A stage of a Dockerfile, as BuildKit names it: "stage-1" without AS.
struct StageOf {
  std::string name;
  std::string parent;  // the stage in its FROM; empty: an image
};

struct Plan {
  std::vector<Service> services;
  std::vector<Cache> caches;  // sorted by id; those whose id nobody knows come last
  std::vector<Finding> findings;
  std::map<std::string, std::vector<StageOf>, std::less<>> stages;  // by Dockerfile; only where logs are to be read
};

/// What a rule found in a cache mount.
struct Found {
  std::uint32_t file = 0;
  TextSize mount = 0;  // where its flag begins
  Finding finding;
};

Plan make_plan(const ProjectCaches& caches, std::vector<Found> found);

enum class Format : std::uint8_t { table, json, markdown, mermaid, dot, html };
std::span<const std::string_view> format_names();

struct Look {
  bool color = false;
};
std::string shown(const Plan& plan, Format format, const Look& look);

/// The map that the action reproducible-containers/buildkit-cache-dance takes: a directory of the runner for each
/// cache, with its id, target and owner.
std::string cache_map(const Plan& plan);
/// Steps of a GitHub Actions job that keep the caches between runners.
std::string github_actions(const Plan& plan);

// --- for the formats ---

std::string table(const Plan& plan, const Look& look);
std::string json(const Plan& plan);
std::string markdown(const Plan& plan);
std::string mermaid(const Plan& plan);
std::string dot(const Plan& plan);
std::string html(const Plan& plan);

/// "api and web"; the Dockerfile where no service is known.
std::string names_of(const User& user, const Plan& plan);
std::string joined(std::span<const std::string> words, std::string_view between = ", ");
/// "shared and locked": how a cache is used at once.
std::string what_of(const Cache& cache);
/// "3 caches, 2 builds"
std::string counted(const Plan& plan);
/// Who takes turns at a cache.
std::vector<std::string> queue_of(const Cache& cache);

}  // namespace dockerlint::plan
