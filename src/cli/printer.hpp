// SPDX-License-Identifier: Apache-2.0
#pragma once
// What comes of the files, put out in their order.

#include "cli/baselines.hpp"
#include "cli/discover.hpp"
#include "cli/linter.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/summary.hpp"
#include "report/assembly.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace dockerlint::cli {

class Printer {
 public:
  Printer(const Options& options, const Linter& linter, Output& out, bool report_to_stderr, std::size_t files,
          Baselines& baselines);

  /// False when there is nobody to read on, and nothing else to be done.
  bool use(const Task& task, Outcome outcome);
  /// The exit status.
  int finish(const Discovery& discovery, bool trouble_before);

 private:
  bool shows_report() const { return reports(options_); }
  void write_baseline();
  void put(std::string_view text);
  void add_step_summary();
  void close(const Discovery& discovery) const;

  const Options& options_;
  Baselines& baselines_;
  Assembly report_;
  std::optional<Assembly> step_summary_;
  std::string step_summary_rows_;
  Output& out_;
  bool report_to_stderr_;
  Progress progress_;
  Summary summary_;
  bool trouble_ = false;
  bool failing_ = false;
};

}  // namespace dockerlint::cli
