// SPDX-License-Identifier: Apache-2.0
// That the catalog is complete, and that it finds the caches in paths.txt and no others.

#include "dockerlint/catalog.hpp"

#include "support/catch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace dockerlint;

namespace {

std::string_view name_of(Concurrency concurrency) {
  switch (concurrency) {
    case Concurrency::exclusive: return "exclusive";
    case Concurrency::serialised: return "serialised";
    case Concurrency::tolerated: return "tolerated";
    case Concurrency::safe: return "safe";
  }
  return {};
}

struct Line {
  std::size_t number;
  std::string path;
  std::string verdict;  // "apt exclusive", or "-"
};

std::vector<Line> read_paths() {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(std::fopen("tests/catalog/paths.txt", "r"), std::fclose);
  REQUIRE(in != nullptr);
  std::vector<Line> lines;
  char buffer[512];
  for (std::size_t number = 1; std::fgets(buffer, sizeof buffer, in.get()) != nullptr; ++number) {
    std::string_view text = buffer;
    while (text.ends_with('\n') || text.ends_with(' ')) text.remove_suffix(1);
    if (text.empty() || text.starts_with('#')) continue;
    const std::size_t end = text.find(' ');
    const std::size_t verdict = text.find_first_not_of(' ', end);
    INFO("tests/catalog/paths.txt:" << number << ": " << text);
    REQUIRE(verdict != std::string_view::npos);
    lines.push_back({number, std::string(text.substr(0, end)), std::string(text.substr(verdict))});
  }
  return lines;
}

std::string verdict_on(std::string_view path) {
  const CacheDir* cache = Catalog::builtin().cache_at(path);
  return cache == nullptr ? "-" : fmt::format("{} {}", cache->tool, name_of(cache->concurrency));
}

/// A path of the catalog as it looks to a user whose home is `home`.
std::string in_home(std::string_view path, std::string_view home) {
  return path.starts_with('~') ? fmt::format("{}{}", home, path.substr(1)) : std::string(path);
}

/// Calls `f` with each cache, and names it when a check fails.
template <class F>
void each_cache(F f) {
  for (const Tool& tool : Catalog::builtin().tools()) {
    for (const CacheDir& cache : tool.caches) {
      INFO("rules/catalog/" << tool.name << ".json: " << cache.path);
      f(tool, cache);
    }
  }
}

}  // namespace

TEST_CASE("the catalog knows the paths in paths.txt, and their near misses not") {
  const std::vector<Line> lines = read_paths();
  CHECK(lines.size() > 100);
  for (const Line& line : lines) {
    INFO("tests/catalog/paths.txt:" << line.number << ": " << line.path);
    CHECK(verdict_on(line.path) == line.verdict);
  }
}

TEST_CASE("every cache of the catalog is in paths.txt") {
  std::set<std::string> listed;
  for (const Line& line : read_paths()) {
    if (const CacheDir* cache = Catalog::builtin().cache_at(line.path)) listed.insert(std::string(cache->path));
  }
  each_cache([&](const Tool&, const CacheDir& cache) { CHECK(listed.contains(std::string(cache.path))); });
}

TEST_CASE("every cache is found where it lies, whoever's home it is in") {
  each_cache([](const Tool&, const CacheDir& cache) {
    CHECK(Catalog::builtin().cache_at(in_home(cache.path, "/root")) == &cache);
    CHECK(Catalog::builtin().cache_at(in_home(cache.path, "/home/someone")) == &cache);
    CHECK(Catalog::builtin().cache_at(in_home(cache.path, "/root") + "/") == nullptr);
    CHECK(Catalog::builtin().cache_at(in_home(cache.path, "/root") + "x") == nullptr);
  });
}

TEST_CASE("a path that is not absolute is nobody's cache") {
  CHECK(Catalog::builtin().cache_at("") == nullptr);
  CHECK(Catalog::builtin().cache_at("var/cache/apt") == nullptr);
  CHECK(Catalog::builtin().cache_at("~/.npm") == nullptr);
}

TEST_CASE("every fact says why, how it is known, and where") {
  const std::span<const Tool> tools = Catalog::builtin().tools();
  CHECK(std::is_sorted(tools.begin(), tools.end(), [](const Tool& a, const Tool& b) { return a.name < b.name; }));
  for (const std::string_view name : {"apt", "cargo", "go", "npm", "pip", "uv"}) {
    INFO(name);
    CHECK(std::any_of(tools.begin(), tools.end(), [&](const Tool& tool) { return tool.name == name; }));
  }
  for (const Tool& tool : tools) {
    INFO(tool.name);
    CHECK_FALSE(tool.title.empty());
    CHECK_FALSE(tool.caches.empty());
  }
  each_cache([](const Tool& tool, const CacheDir& cache) {
    CHECK(cache.tool == tool.name);
    CHECK_FALSE(cache.what.empty());
    CHECK_FALSE(cache.why.empty());
    CHECK_FALSE(cache.source.empty());
    CHECK_FALSE(to_string(cache.evidence).empty());
    CHECK((cache.evidence == Evidence::tested) == cache.source.starts_with("tried: "));
  });
}

TEST_CASE("only what is known well asks for a lock, or calls one needless") {
  each_cache([](const Tool&, const CacheDir& cache) {
    if (cache.concurrency != Concurrency::tolerated) CHECK(cache.evidence >= Evidence::documented);
    CHECK((cache.sharing() == Sharing::locked) ==
          (cache.concurrency == Concurrency::exclusive || cache.concurrency == Concurrency::serialised));
    if (cache.concurrency == Concurrency::serialised) CHECK_FALSE(cache.parallel.empty());
  });
}

TEST_CASE("the mode that is right for a cache") {
  const auto sharing_at = [](std::string_view path) { return Catalog::builtin().cache_at(path)->sharing(); };
  CHECK(sharing_at("/var/cache/apt") == Sharing::locked);
  CHECK(sharing_at("/usr/local/cargo/registry") == Sharing::locked);
  CHECK(sharing_at("/usr/local/cargo") == Sharing::shared);
  CHECK(sharing_at("/root/.cache/pip") == Sharing::shared);
  CHECK(sharing_at("/root/.npm") == Sharing::shared);
}

TEST_CASE("the strength of evidence is ordered and has names") {
  CHECK(Evidence::recalled < Evidence::reported);
  CHECK(Evidence::reported < Evidence::documented);
  CHECK(Evidence::documented < Evidence::source_read);
  CHECK(Evidence::source_read < Evidence::tested);
  CHECK(to_string(Evidence::recalled) == "recalled");
  CHECK(to_string(Evidence::source_read) == "source-read");
  CHECK(to_string(Evidence::tested) == "tested");
}

TEST_CASE("the cache of a mount") {
  const Catalog& catalog = Catalog::builtin();
  Mount mount;
  mount.type_name = "cache";
  mount.type = MountType::cache;
  mount.target = "/var/cache/apt";
  CHECK(catalog.cache_of(mount) == catalog.cache_at("/var/cache/apt"));
  CHECK(catalog.cache_of(mount) != nullptr);

  SECTION("none where the target is not known") {
    mount.target.reset();
    CHECK(catalog.cache_of(mount) == nullptr);
  }
  SECTION("none where the mount is no cache") {
    mount.type_name = "bind";
    mount.type = MountType::bind;
    CHECK(catalog.cache_of(mount) == nullptr);
  }
  SECTION("none where the type is not known") {
    mount.type_name.reset();
    CHECK(catalog.cache_of(mount) == nullptr);
  }
  SECTION("none where BuildKit refuses the mount") {
    mount.valid = false;
    CHECK(catalog.cache_of(mount) == nullptr);
  }
}
