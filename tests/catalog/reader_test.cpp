// SPDX-License-Identifier: Apache-2.0
// What a project's files do to the catalog, and what is said of those that are wrong.

#include "dockerlint/catalog.hpp"
#include "support/catch.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

using namespace dockerlint;

namespace {

/// A file of the tool `name` that nothing is wrong with, but for what is put in place of a part of it.
std::string file(std::string_view name, std::string_view part = "", std::string_view instead = "") {
  std::string text = fmt::format(R"({{
  "$schema": "schema.json",
  "name": "{}",
  "title": "Smith",
  "ecosystem": "downloads",
  "programs": ["smith"],
  "commands": [
    {{ "run": ["forge"], "fills": ["ore"] }}
  ],
  "directories": [
    {{
      "name": "ore", "kind": "download", "mount": "yes",
      "what": "smith's ore",
      "at": "$HOME/.ore",
      "paths": ["~/.ore"],
      "concurrency": "safe",
      "evidence": "documented",
      "why": "it is locked",
      "source": "https://example.com/ore"
    }}
  ]
}}
)",
                                 name);
  if (!part.empty()) {
    const std::size_t at = text.find(part);
    REQUIRE(at != std::string::npos);
    text.replace(at, part.size(), instead);
  }
  return text;
}

/// The errors in a file, one a line.
std::string errors(std::string bytes, std::string path = "tools/smith.json") {
  const CatalogFile files[] = {{std::move(path), std::move(bytes)}};
  const CatalogReading reading = read_catalog(files);
  CHECK(reading.catalog.has_value() == reading.errors.empty());
  std::string out;
  for (const CatalogError& error : reading.errors) out += error.text() + '\n';
  return out;
}

std::string errors_with(std::string_view part, std::string_view instead) {
  return errors(file("smith", part, instead));
}

}  // namespace

TEST_CASE("a project adds a tool, and the built-in ones stay") {
  const CatalogFile files[] = {{"tools/smith.json", file("smith")}};
  const CatalogReading reading = read_catalog(files);
  REQUIRE(reading.catalog);
  const Catalog& catalog = *reading.catalog;
  CHECK(catalog.tools().size() == Catalog::builtin().tools().size() + 1);
  REQUIRE(catalog.directory("smith/ore") != nullptr);
  CHECK(catalog.cache_at("/home/me/.ore") == catalog.directory("smith/ore"));
  CHECK(catalog.directory("npm/cache") == Catalog::builtin().directory("npm/cache"));
  CHECK(Catalog::builtin().cache_at("/home/me/.ore") == nullptr);
}

TEST_CASE("a project's tool takes the place of a built-in one, for all that speak of it") {
  std::string text = file("npm");
  const auto replace = [&](std::string_view part, std::string_view instead) {
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += instead.size())
      text.replace(at, part.size(), instead);
  };
  replace("\"name\": \"ore\"", "\"name\": \"cache\"");
  replace("[\"ore\"]", "[\"cache\"]");
  std::string others;
  for (const CacheDir& directory : Catalog::builtin().tool("npm")->directories)
    if (directory.name != "cache")
      others += fmt::format(R"({{ "name": "{}", "kind": "state", "mount": "no", "what": "this", "paths": [],
        "concurrency": "unknown", "evidence": "recalled", "source": "recalled" }},)",
                            directory.name);
  replace("\"directories\": [", "\"directories\": [" + others);
  const CatalogFile files[] = {{"npm.json", text}};
  const CatalogReading reading = read_catalog(files);
  for (const CatalogError& error : reading.errors) INFO(error.text());
  REQUIRE(reading.errors.empty());
  const Catalog& catalog = *reading.catalog;
  CHECK(catalog.tools().size() == Catalog::builtin().tools().size());
  CHECK(catalog.tool("npm")->title == "Smith");
  CHECK(catalog.cache_at("/root/.npm") == nullptr);
  CHECK(catalog.cache_at("/root/.ore") == catalog.directory("npm/cache"));

  // Every reference is to a directory of this catalog, not of the built-in one.
  std::size_t references = 0;
  for (const Tool* tool : catalog.tools())
    for (const ToolCommand& command : tool->commands)
      for (const auto list : {command.fills, command.writes, command.needs, command.empties})
        for (const CacheDir* directory : list) {
          CHECK(catalog.directory(fmt::format("{}/{}", directory->tool->name, directory->name)) == directory);
          ++references;
        }
  CHECK(references > 100);
}

TEST_CASE("a replacement keeps the directories that other tools speak of") {
  CHECK(errors(file("npm"), "npm.json").find("npm.json:10: directories: lacks \"node_modules\", which ") !=
        std::string::npos);
}

TEST_CASE("no two tools have one path") {
  CHECK(
      errors_with("\"$HOME/.ore\",\n      \"paths\": [\"~/.ore\"]", "\"$HOME/.npm\",\n      \"paths\": [\"~/.npm\"]") ==
      "tools/smith.json:10: directories: the path ~/.npm of \"ore\" is also one of npm/cache\n");
}

TEST_CASE("what is no JSON is refused with its line") {
  CHECK(errors("").starts_with("tools/smith.json:1: syntax error"));
  CHECK(errors("{\n\"name\": \"a\",\n}").starts_with("tools/smith.json:3: syntax error"));
  CHECK(errors("\xff").starts_with("tools/smith.json:1: syntax error"));
  CHECK(errors("[]") == "tools/smith.json:1: must be an object\n");
  CHECK(errors(std::string(100'000, '[')) == "tools/smith.json:1: nested too deeply\n");
  CHECK(errors(fmt::format("{{\"a\":{}", std::string(100'000, '['))) == "tools/smith.json:1: nested too deeply\n");
}

TEST_CASE("what a file lacks, has too much or has wrong is said with line and key") {
  CHECK(errors(file("smith")).empty());
  CHECK(errors_with("  \"title\": \"Smith\",\n", "") == "tools/smith.json:1: title: is missing\n");
  CHECK(errors_with("\"title\"", "\"titel\"") ==
        "tools/smith.json:1: title: is missing\n"
        "tools/smith.json:4: titel: unknown; known are $schema, commands, companions, defeats, directories, ecosystem, "
        "forms, name, prefixes, programs, title, value_options\n");
  CHECK(errors_with("\"title\": \"Smith\",", "\"title\": \"Smith\", \"title\": \"Anvil\",") ==
        "tools/smith.json:4: title: is given twice\n");
  CHECK(errors_with("\"Smith\"", "7") == "tools/smith.json:4: title: must be a text\n");
  CHECK(errors_with("\"name\": \"smith\"", "\"name\": \"anvil\"") ==
        "tools/smith.json:3: name: \"anvil\" must be the name of the file\n");
  CHECK(errors_with("\"download\"", "\"downloads\"") ==
        "tools/smith.json:12: directories[0].kind: \"downloads\" is none of download, metadata, compile-cache, "
        "build-output, in-place, installed, state\n");
  CHECK(errors_with("[\"ore\"]", "[\"coal\"]") ==
        "tools/smith.json:8: commands[0].fills[0]: \"coal\" is no directory of a known tool\n");
  CHECK(errors_with("[\"ore\"]", "[\"npm/coal\"]") ==
        "tools/smith.json:8: commands[0].fills[0]: \"npm/coal\" is no directory of a known tool\n");
  CHECK(errors_with("[\"ore\"]", "[\"npm/cache\"]").empty());
}

TEST_CASE("sentences, paths and sources have their form") {
  CHECK(errors_with("it is locked", "it is locked.") ==
        "tools/smith.json:18: directories[0].why: must not end with a full stop: \"it is locked.\"\n");
  CHECK(errors_with("it is locked", "Two builds wait") ==
        "tools/smith.json:18: directories[0].why: must begin in lower case: \"Two builds wait\"\n");
  CHECK(errors_with("it is locked", "Smith locks it").empty());
  CHECK(errors_with("it is locked", "SmithXY locks it").empty());
  CHECK(errors_with("\"~/.ore\"", "\"~/.ore\", \"/root/x\"") ==
        "tools/smith.json:15: directories[0].paths[1]: must be written with ~/: \"/root/x\"\n");
  CHECK(errors_with("\"~/.ore\"", "\"~/.ore\", \"/x/../y\"") ==
        "tools/smith.json:15: directories[0].paths[1]: must be clean: no empty part, no . or .., no / at the end: "
        "\"/x/../y\"\n");
  CHECK(errors_with("documented", "tested") ==
        "tools/smith.json:19: directories[0].source: must begin with \"tried: \" where the evidence is tested\n");
  CHECK(errors_with("documented", "recalled") ==
        "tools/smith.json:19: directories[0].source: must be \"recalled\" where the evidence is recalled\n");
  CHECK(errors_with("\"safe\"", "\"serialised\"") ==
        "tools/smith.json:11: directories[0].parallel: is missing: what is serialised has a parallel form\n");
}

TEST_CASE("where a directory lies is one of its usual places when nothing is set") {
  CHECK(errors_with("$HOME/.ore", "${ORE:-$HOME/.ore/}").empty());
  CHECK(errors_with("$HOME/.ore", "${ORE:-ore}").empty());
  CHECK(errors_with("$HOME/.ore", "$PWD/ore").empty());
  CHECK(errors_with("$HOME/.ore", "$ORE").empty());
  CHECK(errors_with("$HOME/.ore", "$HOME/.coal") ==
        "tools/smith.json:14: directories[0].at: is ~/.coal in an empty environment, which is none of `paths`\n");
  CHECK(
      errors_with("$HOME/.ore", "${HOME").starts_with("tools/smith.json:14: directories[0].at: cannot be expanded: "));
}

TEST_CASE("two files of one tool are one too many") {
  const CatalogFile files[] = {{"a/smith.json", file("smith")}, {"b/smith.json", file("smith")}};
  const CatalogReading reading = read_catalog(files);
  REQUIRE(reading.errors.size() == 1);
  CHECK(reading.errors.front().text() == "b/smith.json:3: name: \"smith\" comes twice in the catalog");
}
