// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a log of builds says of their steps: `docker buildx bake --progress=rawjson`, or `--progress=plain`.

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

/// Times are in microseconds.
struct LoggedStep {
  std::string key;                  // that other logs have, too, where it is the same step; empty: none
  std::string name;                 // "[api build 3/5] RUN …"
  std::vector<std::string> chains;  // "api build": whose steps are done one after the other; several builds may
                                    // share a step, which then has the name of each
  std::size_t number = 0, of = 0;   // 3 of 5; 0: none of the Dockerfile's
  std::string text;                 // "RUN …"
  std::size_t build = 0;            // counts the builds that have written into the log one after the other
  std::vector<std::size_t> inputs;  // steps that come before it
  std::int64_t began = 0, ended = 0;
  std::int64_t delay = 0;  // after its build's begin, of a step without inputs: for what loads the Dockerfile
  std::optional<std::int64_t> spoke;  // when it first printed something: it waited for no lock any more
  bool cached = false;
  std::vector<LoggedMount> mounts;  // of caches, in the order in which they are locked
};

struct BuildLog {
  std::vector<LoggedStep> steps;
  bool has_clock = false;   // it says when steps began, not only how long they took
  bool has_inputs = false;  // it says what each step stands on
  std::string trouble;      // why nothing can be learnt from it
  std::size_t line = 0;     // where; 0: nowhere in particular
};

BuildLog read_build_log(std::string_view bytes);

}  // namespace dockerlint::plan
