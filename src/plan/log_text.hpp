// SPDX-License-Identifier: Apache-2.0
#pragma once
// What both kinds of logs have in common: the names of steps, and times.

#include "plan/build_log.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace dockerlint::plan {

BuildLog read_json_log(std::string_view bytes);
BuildLog read_plain_log(std::string_view bytes);

/// "2026-08-21T10:00:00.123456789Z" in microseconds; nothing where it is none. An offset (`+02:00`) counts.
std::optional<std::int64_t> time_of(std::string_view text);

/// The flags of an instruction: `--mount=type=cache,target=/x`.
std::vector<std::string_view> flags_of(std::string_view text);

/// Reads "[api build 3/5] RUN …" into a step that has this name beside those that it has already.
void add_name(std::string_view name, LoggedStep& step);

/// Why a log in which a step did not end well says nothing.
std::string failed_step(std::string_view name, bool canceled);

}  // namespace dockerlint::plan
