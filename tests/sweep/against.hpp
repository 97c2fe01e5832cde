// SPDX-License-Identifier: Apache-2.0
#pragma once
// What another tool says of the same files.

#include "sweep/judge.hpp"

#include <map>
#include <string>

namespace dockerlint::sweep {

struct Against {
  std::string command;    // is given a file
  bool verdicts = false;  // compare whether it accepts the file, not what it finds where
};

/// How often something was said, and where for the first time.
struct Counted {
  std::size_t times = 0;
  std::string first;
};

struct Differences {
  std::size_t agreed = 0;
  std::map<std::string, Counted> only_we;
  std::map<std::string, Counted> only_they;

  void add(const Differences& other);
};

/// Findings are the same when they are about the same line. Theirs are lines `…:LINE:…` of the output. A file is
/// accepted by us when BuildKit would take it, by them when the command exits with 0.
Differences compare(const Case& input, const Against& against);

}  // namespace dockerlint::sweep
