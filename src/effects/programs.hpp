// SPDX-License-Identifier: Apache-2.0
#pragma once
// What well-known programs do with the paths on their command lines: cp reads all but the last, mkdir makes each.

#include "dockerlint/commands.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace dockerlint {

enum class PathUse : std::uint8_t {
  read,      // must be there
  read_all,  // with all below it
  write,     // this path is made
  fill,      // something comes below it; nobody says what
  remove,
};

/// One path that a command uses.
struct UsedPath {
  PathUse use;
  const CommandWord* word;  // that says it; null: no single one
  std::string path;         // as the program is given it: perhaps relative; pieces known only
  bool into = false;        // write: if the path is a directory, the thing comes below it, under `name`
  std::string name = {};
};

struct ProgramEffects {
  bool known = false;     // false: it may do anything, where it runs
  bool anywhere = false;  // it writes to a path that is not known
  bool tolerant = false;  // what it reads need not be there: a test
  std::vector<UsedPath> paths;
};

/// `may` is what a program does that is not known. One whose words are not known is not known either.
ProgramEffects effects_of(const RunCommand& command);

}  // namespace dockerlint
