// SPDX-License-Identifier: Apache-2.0
// How command lines are matched and places are found, shown with tools that are made up for it.

#include "support/catalog_cases.hpp"
#include "support/catch.hpp"

#include <fmt/format.h>

using namespace dockerlint;
using namespace dockerlint::catalog_cases;

namespace {

constexpr const char* kMake = R"({
  "name": "smith", "title": "Smith", "ecosystem": "downloads",
  "programs": ["smith"],
  "forms": ["python -m smith", "node smith.js"],
  "value_options": ["--root", "-C"],
  "prefixes": ["+*"],
  "commands": [
    { "run": ["forge"], "unless": ["--dry-run", "-n"], "fills": ["ore", "wagon/load"] },
    { "run": ["forge"], "only_with": ["--dry-run"], "needs": ["ore"] },
    { "run": ["ore clean"], "empties": ["ore"] },
    { "run": ["*"], "programs": ["anvil"], "writes": ["ore"] },
    { "run": [""], "fills": ["ore"] }
  ],
  "directories": [
    { "name": "ore", "kind": "download", "mount": "yes", "what": "smith's ore",
      "flags": ["--ore", "-o", "--root/ore"], "at": "${SMITH_ORE:-${SMITH_HOME:-$HOME/.smith}/ore}",
      "paths": ["~/.smith/ore"], "concurrency": "safe", "why": "it is", "evidence": "recalled", "source": "recalled" },
    { "name": "slag", "kind": "build-output", "mount": "no", "what": "smith's slag", "at": "${SLAG:-slag}",
      "paths": [], "concurrency": "unknown", "evidence": "recalled", "source": "recalled" },
    { "name": "shop", "kind": "state", "mount": "no", "what": "the shop", "paths": ["/var/shop"],
      "concurrency": "unknown", "evidence": "recalled", "source": "recalled" },
    { "name": "yard", "kind": "state", "mount": "no", "what": "the yard", "paths": ["~/yard", "/var/yard"],
      "concurrency": "unknown", "evidence": "recalled", "source": "recalled" }
  ],
  "defeats": [
    { "flags": ["--no-ore", "--keep=none"], "variables": ["NO_ORE", "ORE=off"], "except": ["0", "false"],
      "directories": ["ore"], "why": "it then keeps nothing", "evidence": "recalled", "source": "recalled" }
  ]
})";

constexpr const char* kWagon = R"({
  "name": "wagon", "title": "Wagon", "ecosystem": "downloads",
  "programs": ["wagon", "smith2"],
  "commands": [ { "run": ["pull"], "fills": ["load"] }, { "run": ["forge"], "needs": ["load"] } ],
  "directories": [
    { "name": "load", "kind": "download", "mount": "yes", "what": "the load", "paths": ["/var/load"],
      "concurrency": "unknown", "evidence": "recalled", "source": "recalled" }
  ]
})";

Catalog made_up() {
  const CatalogFile files[] = {{"smith.json", kMake}, {"wagon.json", kWagon}};
  CatalogReading reading = read_catalog(files);
  for (const CatalogError& error : reading.errors) INFO(error.text());
  REQUIRE(reading.errors.empty());
  return *std::move(reading.catalog);
}

void check(std::string_view cases) {
  const Catalog catalog = made_up();
  for (const Case& test : read_cases(cases)) {
    INFO(test.left);
    CHECK(seen(test, *catalog.tool("smith"), catalog) == test.expected);
  }
}

}  // namespace

TEST_CASE("a program is known by its name, wherever it lies and of whatever version") {
  check(R"(
smith forge                => smith: forge fills ore, wagon/load
/opt/bin/smith forge       => smith: forge fills ore, wagon/load
smith3.12 forge            => smith: forge fills ore, wagon/load
smith-3 forge              => smith: forge fills ore, wagon/load
# A name that is listed with its version is itself.
smith2 forge               => wagon: forge needs load
smithy forge               => -
blacksmith forge           => -
echo smith forge           => -
)");
}

TEST_CASE("options, their values and prefixes before the subcommand are looked through") {
  check(R"(
smith --verbose forge              => smith: forge fills ore, wagon/load
smith --root /x -v forge           => smith: forge fills ore, wagon/load
smith --root=/x forge              => smith: forge fills ore, wagon/load
smith --ore /x forge               => smith: forge fills ore, wagon/load
smith +nightly forge               => smith: forge fills ore, wagon/load
smith ore clean                    => smith: ore clean empties ore
smith ore --all clean              => smith: ore clean empties ore
smith ore                          => -
# The value of an option that takes none is the subcommand.
smith --verbose x forge            => -
)");
}

TEST_CASE("the first command that fits counts, with the options that it wants and without those that it does not") {
  check(R"(
smith forge --dry-run              => smith: forge needs ore
smith forge --dry-run=yes          => smith: forge needs ore
smith forge -n                     => -
# Letters in one word are not taken apart, and behind -- are no options.
smith forge -vn                    => smith: forge fills ore, wagon/load
smith forge -- --dry-run           => smith: forge fills ore, wagon/load
smith                              => smith: fills ore
smith --verbose                    => smith: fills ore
smith melt                         => -
anvil                              => -
anvil x                            => smith: * writes ore
anvil forge                        => smith: * writes ore
)");
}

TEST_CASE("words that run a tool may have options and paths between them") {
  check(R"(
python -m smith forge              => smith: forge fills ore, wagon/load
python3.11 -u -m smith -v forge    => smith: forge fills ore, wagon/load
node /opt/smith.js forge           => smith: forge fills ore, wagon/load
python -m blacksmith forge         => -
)");
}

TEST_CASE("what is not known is not guessed") {
  check(R"(
smith "$(x)y"                       => -
smith $(x) forge                   => -
"$(x)y" forge                       => -
python -m "$(x)y" forge             => -
smith forge $(x)                   => smith: forge fills ore, wagon/load
# A program without subcommands does the same with every argument.
anvil "$(x)y"                       => smith: * writes ore
)");
}

TEST_CASE("a directory is where the option, the environment or the home has it") {
  check(R"(
smith forge                        -> ore /root/.smith/ore
smith forge --ore /o               -> ore /o
smith forge --ore=/o               -> ore /o
smith forge --ore /o --ore=/p/     -> ore /p
smith --root /r forge              -> ore /r/ore
smith forge -- --ore /o            -> ore /root/.smith/ore
SMITH_ORE=/e smith forge           -> ore /e
SMITH_HOME=/h smith forge          -> ore /h/ore
@env SMITH_HOME=/h
smith forge                        -> ore /h/ore
@
@user app home=/home/app
smith forge                        -> ore /home/app/.smith/ore
smith forge                        -> yard ?
@
@workdir /w
smith forge                        -> slag /w/slag
smith forge --ore ../o             -> ore /o
SLAG=./a/ smith forge              -> slag /w/a
smith forge                        -> shop /var/shop
smith forge                        -> wagon/load /var/load
)");
}

TEST_CASE("a place that something unknown could move is unknown") {
  check(R"(
smith forge --ore "$(x)y"           -> ore ?
smith forge --ore                  -> ore ?
smith forge --ore="$(x)y"           -> ore ?
smith forge $(x)                   -> ore ?
smith forge "lib-$(x)y"            -> ore /root/.smith/ore
# It may be an option with its value, or several letters.
smith forge -overbose              -> ore ?
SMITH_ORE=$(x) smith forge         -> ore ?
@image registry.example/unknown
smith forge                        -> ore ?
smith forge --ore /o               -> ore /o
smith forge --ore o                -> ore ?
)");
}

TEST_CASE("an option or a variable turns a cache off") {
  check(R"(
smith forge --no-ore               => smith: forge fills ore, wagon/load; defeated by --no-ore
smith forge --keep=none            => smith: forge fills ore, wagon/load; defeated by --keep=none
smith forge --keep none            => smith: forge fills ore, wagon/load; defeated by --keep
smith forge --keep=some            => smith: forge fills ore, wagon/load
NO_ORE=1 smith forge               => smith: forge fills ore, wagon/load; defeated by NO_ORE
NO_ORE=0 smith forge               => smith: forge fills ore, wagon/load
NO_ORE= smith forge                => smith: forge fills ore, wagon/load
ORE=off smith forge                => smith: forge fills ore, wagon/load; defeated by ORE
ORE=on smith forge                 => smith: forge fills ore, wagon/load
@env NO_ORE=yes
smith forge                        => smith: forge fills ore, wagon/load; defeated by NO_ORE
)");
}
