// SPDX-License-Identifier: Apache-2.0
// What CI needs to carry caches from one builder to the next.
// https://github.com/reproducible-containers/buildkit-cache-dance: the keys of its map are directories on the runner,
// the values the options of a cache mount. The owner is part of which cache an id means (BuildKit,
// solver/llbsolver/mounts/mount.go), so it stands in the map; the sharing mode is not.

#include "plan/plan.hpp"
#include "report/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

namespace dockerlint::plan {
namespace {

constexpr std::string_view kFolder = "build-caches";

struct Carried {
  std::string folder, id, target, owner;
};

/// As a name of a folder that is told from others.
std::string folder_of(std::string_view id) {
  std::string name;
  for (const char c : id) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
    if (plain) name += c;
    else if (!name.empty() && name.back() != '-') name += '-';
  }
  while (name.ends_with('-') || name.ends_with('.')) name.pop_back();
  while (name.starts_with('.')) name.erase(0, 1);
  return name.empty() ? "cache" : name;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

/// `linux/arm64/v8` as the variables have it.
std::string for_platform(std::string id, std::string_view platform) {
  replace_all(id, "${TARGETPLATFORM}", platform);
  std::string_view rest = platform;
  const auto next = [&] {
    const std::string_view part = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    return part;
  };
  replace_all(id, "${TARGETOS}", next());
  replace_all(id, "${TARGETARCH}", next());
  replace_all(id, "${TARGETVARIANT}", next());
  return id;
}

/// The platforms that the users are built for; that of GitHub's runners where nothing is said.
std::set<std::string> platforms_of(const Cache& cache, const Plan& plan) {
  std::set<std::string> platforms;
  for (const User& user : cache.users)
    for (const std::size_t service : user.services)
      for (const std::string& platform : plan.services[service].platforms)
        if (platform != "?") platforms.insert(platform);
  if (platforms.empty() || !cache.per_platform) return {"linux/amd64"};
  return platforms;
}

/// Whether carrying it does any good: what must be in the image, or is only a lock, is not for it.
std::vector<Carried> carried(const Plan& plan) {
  std::vector<Carried> all;
  std::set<std::string> folders;
  for (const Cache& cache : plan.caches) {
    if (!cache.known) continue;
    for (const std::string& platform : platforms_of(cache, plan)) {
      std::set<std::string> owners;  // each is another cache
      for (const User& user : cache.users) {
        if (user.target.empty() || !owners.insert(user.owner).second) continue;
        Carried one{folder_of(for_platform(cache.id, platform)), for_platform(cache.id, platform), user.target,
                    user.owner};
        for (int n = 2; !folders.insert(one.folder).second; ++n)
          one.folder = fmt::format("{}-{}", folder_of(one.id), n);
        all.push_back(std::move(one));
      }
    }
  }
  return all;
}

std::string map_of(const Plan& plan, std::string_view indent) {
  const std::vector<Carried> all = carried(plan);
  std::string out = fmt::format("{}{{", indent);
  std::string_view separator = "\n";
  for (const Carried& one : all) {
    fmt::format_to(std::back_inserter(out), "{}{}  ", separator, indent);
    append_json(out, fmt::format("{}/{}", kFolder, one.folder));
    out += ": { \"target\": ";
    append_json(out, one.target);
    out += ", \"id\": ";
    append_json(out, one.id);
    for (std::string_view rest = one.owner; !rest.empty();) {
      const std::string_view part = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(rest.size(), part.size() + 1));
      fmt::format_to(std::back_inserter(out), ", \"{}\": \"{}\"", part.substr(0, part.find('=')),
                     part.substr(part.find('=') + 1));
    }
    out += " }";
    separator = ",\n";
  }
  return out + (all.empty() ? "}" : fmt::format("\n{}}}", indent));
}

/// The files that say what belongs into a cache.
std::string lock_files(const Plan& plan) {
  struct LockFile {
    std::string_view tool, pattern;
  };
  constexpr LockFile kLockFiles[] = {{"bun", "**/bun.lock*"},       {"bundler", "**/Gemfile.lock"},
                                     {"cargo", "**/Cargo.lock"},    {"composer", "**/composer.lock"},
                                     {"go", "**/go.sum"},           {"gradle", "**/*.gradle*"},
                                     {"maven", "**/pom.xml"},       {"npm", "**/package-lock.json"},
                                     {"nuget", "**/*.csproj"},      {"pip", "**/requirements*.txt"},
                                     {"pnpm", "**/pnpm-lock.yaml"}, {"poetry", "**/poetry.lock"},
                                     {"uv", "**/uv.lock"},          {"yarn", "**/yarn.lock"}};
  std::set<std::string> dockerfiles;
  for (const Cache& cache : plan.caches)
    for (const User& user : cache.users) dockerfiles.insert(user.path);
  std::string out;
  const auto add = [&](std::string_view pattern) {
    std::string quoted;
    for (const char c : pattern) quoted += c == '\'' ? std::string("''") : std::string(1, c);
    fmt::format_to(std::back_inserter(out), "{}'{}'", out.empty() ? "" : ", ", quoted);
  };
  constexpr std::size_t kMost = 8;
  if (dockerfiles.size() > kMost) dockerfiles = {"**/*Dockerfile*"};
  for (const std::string& path : dockerfiles) add(path.starts_with("./") ? std::string_view(path).substr(2) : path);
  for (const LockFile& file : kLockFiles)
    if (std::any_of(plan.caches.begin(), plan.caches.end(),
                    [&](const Cache& cache) { return cache.tool == file.tool; }))
      add(file.pattern);
  return out;
}

}  // namespace

std::string cache_map(const Plan& plan) { return map_of(plan, "") + "\n"; }

std::string github_actions(const Plan& plan) {
  return fmt::format(
      "# Steps of a job, behind docker/setup-buildx-action (with `id: buildx`) and before the build.\n"
      "- name: Restore the caches of RUN --mount=type=cache\n"
      "  id: build-caches\n"
      "  uses: actions/cache@v4\n"
      "  with:\n"
      "    path: {0}\n"
      "    key: {0}-${{{{ runner.os }}}}-${{{{ hashFiles({1}) }}}}\n"
      "    restore-keys: |\n"
      "      {0}-${{{{ runner.os }}}}-\n"
      "- name: Put them into the builder, and take them out again when the job ends\n"
      "  uses: reproducible-containers/buildkit-cache-dance@v3.4.0\n"
      "  with:\n"
      "    builder: ${{{{ steps.buildx.outputs.name }}}}\n"
      "    cache-map: |\n"
      "{2}\n"
      "    skip-extraction: ${{{{ steps.build-caches.outputs.cache-hit }}}}\n",
      kFolder, lock_files(plan), map_of(plan, "      "));
}

}  // namespace dockerlint::plan
