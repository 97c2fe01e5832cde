// SPDX-License-Identifier: Apache-2.0
// That the catalog is complete, and that it finds the caches in paths.txt and no others.

#include "dockerlint/catalog.hpp"

#include "support/catch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace dockerlint;

namespace {

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
  return cache == nullptr ? "-" : fmt::format("{} {}", cache->tool->name, to_string(cache->concurrency));
}

/// A path of the catalog as it looks to a user whose home is `home`.
std::string in_home(std::string_view path, std::string_view home) {
  return path.starts_with('~') ? fmt::format("{}{}", home, path.substr(1)) : std::string(path);
}

/// Calls `f` with each directory, and names it when a check fails.
template <class F>
void each_directory(F f) {
  for (const Tool* tool : Catalog::builtin().tools()) {
    for (const CacheDir& directory : tool->directories) {
      INFO("rules/catalog/" << tool->name << ".json: " << directory.name);
      f(*tool, directory);
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

TEST_CASE("every directory is found where it lies, whoever's home it is in") {
  const Catalog& catalog = Catalog::builtin();
  each_directory([&](const Tool& tool, const CacheDir& directory) {
    CHECK(directory.tool == &tool);
    CHECK(catalog.directory(fmt::format("{}/{}", tool.name, directory.name)) == &directory);
    for (const std::string_view path : directory.paths) {
      INFO(path);
      CHECK(catalog.directory_at(in_home(path, "/root")) == &directory);
      CHECK(catalog.directory_at(in_home(path, "/home/someone")) == &directory);
      CHECK(catalog.directory_at(in_home(path, "/root") + "/") == nullptr);
    }
  });
}

TEST_CASE("a cache is a directory to be mounted, of whose concurrency something is known") {
  each_directory([&](const Tool&, const CacheDir& directory) {
    const bool is_cache = directory.mount != MountAdvice::no && directory.concurrency != Concurrency::unknown;
    for (const std::string_view path : directory.paths)
      CHECK(Catalog::builtin().cache_at(in_home(path, "/root")) == (is_cache ? &directory : nullptr));
  });
}

TEST_CASE("a path that is not absolute is nobody's cache") {
  CHECK(Catalog::builtin().cache_at("") == nullptr);
  CHECK(Catalog::builtin().cache_at("var/cache/apt") == nullptr);
  CHECK(Catalog::builtin().cache_at("~/.npm") == nullptr);
}

TEST_CASE("every fact says why, how it is known, and where") {
  const std::span<const Tool* const> tools = Catalog::builtin().tools();
  CHECK(std::is_sorted(tools.begin(), tools.end(), [](const Tool* a, const Tool* b) { return a->name < b->name; }));
  for (const std::string_view name : {"apt", "cargo", "go", "npm", "pip", "uv"}) {
    INFO(name);
    REQUIRE(Catalog::builtin().tool(name) != nullptr);
    CHECK(Catalog::builtin().tool(name)->name == name);
  }
  CHECK(Catalog::builtin().tool("np") == nullptr);
  CHECK(Catalog::builtin().directory("npm") == nullptr);
  CHECK(Catalog::builtin().directory("npm/none") == nullptr);
  for (const Tool* tool : tools) {
    INFO(tool->name);
    CHECK_FALSE(tool->title.empty());
    CHECK_FALSE(tool->commands.empty());
  }
  each_directory([](const Tool&, const CacheDir& directory) {
    CHECK_FALSE(directory.what.empty());
    CHECK_FALSE(directory.source.empty());
    CHECK(directory.why.empty() <= (directory.concurrency == Concurrency::unknown));
    CHECK((directory.evidence == Evidence::tested) == directory.source.starts_with("tried: "));
    CHECK((directory.evidence == Evidence::recalled) == (directory.source == "recalled"));
  });
}

TEST_CASE("what is exclusive or serialised wants a lock") {
  each_directory([](const Tool&, const CacheDir& directory) {
    if (directory.concurrency == Concurrency::unknown) return;
    CHECK((directory.sharing() == Sharing::locked) ==
          (directory.concurrency == Concurrency::exclusive || directory.concurrency == Concurrency::serialised));
    if (directory.concurrency == Concurrency::serialised) CHECK_FALSE(directory.parallel.empty());
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
    mount.target = std::nullopt;
    CHECK(catalog.cache_of(mount) == nullptr);
  }
  SECTION("none where the mount is no cache") {
    mount.type_name = "bind";
    mount.type = MountType::bind;
    CHECK(catalog.cache_of(mount) == nullptr);
  }
  SECTION("none where the type is not known") {
    mount.type_name = std::nullopt;
    CHECK(catalog.cache_of(mount) == nullptr);
  }
  SECTION("none where BuildKit refuses the mount") {
    mount.valid = false;
    CHECK(catalog.cache_of(mount) == nullptr);
  }
}
