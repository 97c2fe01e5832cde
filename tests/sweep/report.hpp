// SPDX-License-Identifier: Apache-2.0
#pragma once
// What came of a sweep, in Markdown.

#include "sweep/against.hpp"
#include "sweep/judge.hpp"

#include <string>
#include <vector>

namespace dockerlint::sweep {

/// Faults of one kind.
struct Failure {
  std::string first;     // as it was said of the file in which it was seen first
  std::string smallest;  // what is left of that file when nothing can be taken away
  std::vector<std::string> files;
};

struct Sweep {
  std::size_t files = 0;
  std::size_t bytes = 0;
  std::size_t findings = 0;
  std::size_t fixed = 0;
  std::size_t broken_before = 0;
  std::size_t built = 0;
  double cpu = 0;
  double most_cpu = 0;
  std::string slowest;
  std::vector<Failure> failures;
  Differences differences;
};

std::string report(const Sweep& sweep, const Settings& settings, const Against& against);

}  // namespace dockerlint::sweep
