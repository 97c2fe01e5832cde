// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a log of a build says of its steps: `docker buildx build --progress=rawjson`, or `--progress=plain`.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::plan {

/// A cache mount of a step, as its text has it: variables are expanded in it.
struct LoggedMount {
  std::string id;
  std::string target;
  bool locked = false;
};

struct LoggedStep {
  std::string key;                    // that other logs have, too, where it is the same step; empty: none
  std::string name;                   // "[api build 3/5] RUN …"
  std::string chain;                  // "api build": the steps of one are done one after the other
  std::size_t number = 0, of = 0;     // 3 of 5; 0: none of the Dockerfile's
  std::string text;                   // "RUN …"
  std::vector<std::size_t> inputs;    // steps that come before it
  std::int64_t began = 0, ended = 0;  // microseconds; without a clock, `began` is 0
  bool cached = false;
  std::vector<LoggedMount> mounts;  // of caches, in the order in which they are locked
};

struct BuildLog {
  std::vector<LoggedStep> steps;
  bool has_clock = false;  // it says when steps began, not only how long they took
  std::string trouble;     // why it is no log that we can read
};

BuildLog read_build_log(std::string_view bytes);

}  // namespace dockerlint::plan
