// SPDX-License-Identifier: Apache-2.0
#pragma once
// The Markdown that GitHub shows on the page of a run: a table of the findings, the worst first.

#include "dockerlint/report.hpp"

#include <string>
#include <string_view>

namespace dockerlint {

/// Says of each file the rows of the table.
std::unique_ptr<Reporter> make_step_summary_reporter(const ReportSettings& settings);

/// The summary from all rows and the line that closes the run. GitHub takes 1 MiB of a step and drops what is
/// larger as a whole, so that only as many rows are shown as surely fit.
std::string step_summary(std::string_view rows, std::string_view closing);

}  // namespace dockerlint
