// SPDX-License-Identifier: Apache-2.0
#pragma once
// What must hold of one Dockerfile.

#include "dockerlint/lint.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dockerlint::sweep {

struct Settings {
  std::string program;  // the dockerlint whose time, memory and output are looked at; empty: none
  double slow = 1;      // how many times the time a release build may take is allowed
  std::string builder;  // a command that builds DOCKERFILE CONTEXT; empty: none
  std::size_t deletions = 16;
};

struct Case {
  std::string name;
  std::string folder;  // what a build of it would see
  std::string bytes;
};

struct Judgement {
  std::vector<std::string> faults;
  std::size_t findings = 0;
  std::size_t fixed = 0;
  double cpu = 0;  // of the program, in seconds
  enum class Build : std::uint8_t { not_tried, broken_before, good } build = Build::not_tried;
};

/// All of it, in processes of their own: a crash is a fault as others.
Judgement judge(const Case& input, const Settings& settings);

/// What makes two faults the same, whatever the file: without lines, numbers and what is quoted from the file.
std::string kind_of(std::string_view fault);

/// The smallest file that still has a fault of this kind.
std::string smallest(const Case& input, std::string_view fault, const Settings& settings);

}  // namespace dockerlint::sweep
