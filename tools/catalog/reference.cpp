// SPDX-License-Identifier: Apache-2.0
#include "reference.hpp"

#include "catalog/page.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

namespace dockerlint::catalog {
namespace {

constexpr std::string_view kIntroduction =
    R"(<!-- Made from rules/catalog/*.json by tools/catalog/generate.cpp: change those. -->
# What is known of build tools

Which directories a tool keeps, which of its commands fill, need or empty them, where they lie, and whether two
builds may use one of them at once. `dockerlint explain npm` prints one tool's part of this page;
`dockerlint rules --catalog --format json` gives all of it to programs. `~` is any user's home.

## How to read it

A command **fills** a directory when it fetches or makes what is missing there and uses what is there. It **writes**
one into which its product goes, and which the image or a later step therefore wants. It **needs** one without whose
content it fails, or does something else. It **empties** one that it purges.

| Kind of directory | What is in it |
|---|---|
| download | files that can be fetched again |
| metadata | indexes and lists |
| compile-cache | results that the tool checks by content |
| build-output | a build tree: products and what was made on the way |
| in-place | files that are fetched once and read from here later, by other steps or at run time |
| installed | what must be in the image |
| state | configuration, credentials, databases |

BuildKit lets two builds write to one cache mount at once unless it says `sharing=locked`. Whether that is right
depends on the tool, and on what of it is mounted: a lock that lies outside the mount protects nobody.

| Two builds at once | Right sharing | What it means |
|---|---|---|
| exclusive | `locked` | the tool fails, or what it keeps is damaged |
| serialised | `locked` | the same, but waiting costs whole compilations, and there is a way to let builds run side by side |
| tolerated | `shared` | safe in current versions; older ones had races, so that `locked` is no mistake |
| safe | `shared` | safe by documentation, source or experiment |
| unknown | | nobody has tried, and nothing is said about it |

Each fact says how it is known: *tested* with what was tried and seen, *source-read*, *documented* and *reported*
with the place, or only *recalled*, which is never more than info.
)";

constexpr std::string_view kEnd =
    R"(
## Correcting it

Each tool is a file in `rules/catalog/`; `schema.json` beside them says what its keys mean. The build refuses what
does not fit. A fact needs a source: a page that says so, the line in the tool's own source, or how it was tried and
what was seen. Without one, leave the directory out: a false alarm costs more than a miss. A project adds tools of its
own, and corrects these, with files of the same form: `dockerlint --catalog tools/make.json`.
)";

struct Ecosystem {
  std::string_view name;
  std::string_view title;
};

constexpr std::array kEcosystems = {
    Ecosystem{"os-packages", "Packages of the system"},
    Ecosystem{"python", "Python"},
    Ecosystem{"javascript", "JavaScript"},
    Ecosystem{"rust", "Rust"},
    Ecosystem{"c-cpp", "C and C++"},
    Ecosystem{"go", "Go"},
    Ecosystem{"jvm", "Java and the JVM"},
    Ecosystem{"dotnet", ".NET"},
    Ecosystem{"php", "PHP"},
    Ecosystem{"ruby", "Ruby"},
    Ecosystem{"elixir", "Elixir and Erlang"},
    Ecosystem{"haskell", "Haskell"},
    Ecosystem{"swift", "Swift"},
    Ecosystem{"r", "R"},
    Ecosystem{"julia", "Julia"},
    Ecosystem{"lua", "Lua"},
    Ecosystem{"perl", "Perl"},
    Ecosystem{"ocaml", "OCaml"},
    Ecosystem{"dart", "Dart and Flutter"},
    Ecosystem{"nim", "Nim"},
    Ecosystem{"crystal", "Crystal"},
    Ecosystem{"infrastructure", "Infrastructure"},
    Ecosystem{"downloads", "Downloads"},
};

/// The text of a table's cell: a bar would end it.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string sharing_cell(const CacheDir& directory) {
  if (directory.concurrency == Concurrency::unknown) return "unknown";
  return fmt::format("`{}` ({})", directory.sharing() == Sharing::locked ? "locked" : "shared",
                     to_string(directory.concurrency));
}

std::string rows(const Tool& tool) {
  std::string out;
  std::string_view title = tool.title;
  for (const CacheDir& directory : tool.directories) {
    std::string places;
    for (const std::string_view path : directory.paths)
      places += fmt::format("{}`{}`", places.empty() ? "" : "<br>", path);
    if (places.empty()) places = directory.at.empty() ? "" : fmt::format("`{}`", cell(directory.at));
    out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", cell(title), cell(directory.what), places,
                       to_string(directory.kind), to_string(directory.mount), sharing_cell(directory));
    title = "";
  }
  return out;
}

}  // namespace

std::string reference(std::span<const Tool* const> tools) {
  std::string out(kIntroduction);
  for (const Ecosystem& ecosystem : kEcosystems) {
    std::string table;
    std::string pages;
    for (const Tool* tool : tools) {
      if (tool->ecosystem != ecosystem.name) continue;
      table += rows(*tool);
      pages += fmt::format("\n### {}\n\n{}", tool->title, tool_page(*tool));
    }
    if (pages.empty()) continue;
    out += fmt::format("\n## {}\n", ecosystem.title);
    if (!table.empty())
      out += fmt::format(
          "\n| Tool | Directory | Usually at | Kind | Cache mount | Right sharing |\n|---|---|---|---|---|---|\n{}",
          table);
    out += pages;
  }
  out += kEnd;
  return out;
}

}  // namespace dockerlint::catalog
