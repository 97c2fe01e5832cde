// SPDX-License-Identifier: Apache-2.0
#pragma once
// One file of a run: linted, fixed, or whatever the options ask of it.

#include "cli/discover.hpp"
#include "cli/files.hpp"
#include "cli/options.hpp"
#include "cli/screens.hpp"
#include "cli/summary.hpp"
#include "cli/together.hpp"
#include "dockerlint/report.hpp"
#include "report/assembly.hpp"
#include "report/baseline.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::cli {

/// What a worker is handed.
struct Task {
  std::size_t index;
  const Input& input;
  const FileSettings& settings;
  Past past;
  std::string name_in_baseline;  // where one is written
};

/// What came of one file, made by a worker and put out in its turn.
struct Outcome {
  Pieces report;
  Pieces step_summary;
  std::string text;  // a diff, or standard input as it came out
  std::vector<std::string> troubles;
  std::vector<std::string> remarks;  // fixes shown
  std::vector<BaselineEntry> found;  // what is to be in the baseline
  std::size_t outdated = 0;          // of those that are in it
  bool linted = false;
  Summary summary;
  bool trouble = false;
  bool failing = false;
};

/// Whether files become others.
bool rewrites(const Options& options);
/// Whether findings are shown one by one.
bool reports(const Options& options);

struct LinterSettings {
  ReportSettings report;
  bool wants_step_summary = false;
  bool diff_color = false;
  bool diff_terminal = false;
};

class Linter {
 public:
  Linter(const Options& options, Together& project, const LinterSettings& settings);

  const Reporter& reporter() const { return *reporter_; }
  /// Null when nobody wants one.
  const Reporter* step_summary() const { return step_summary_.get(); }

  /// Never throws: whatever happens to one file, the others are done. May be called from several threads at once.
  Outcome process(const Task& task) const noexcept;

 private:
  void judge(const Task& task, FileContent& content, Outcome& outcome) const;
  void judge_embedded(const Task& task, const FileContent& content, Outcome& outcome) const;
  bool put(const Task& task, const FileContent& content, std::string_view fixed,
           const std::vector<AppliedFix>& applied_fixes, Outcome& outcome) const;
  bool put(const Task& task, const FileContent& content, std::string_view text, Outcome& outcome) const;
  void report_what_is_left(const Task& task, const FixResult& result, Outcome& outcome) const;
  void lint_as_it_is(const Task& task, FileContent& content, Outcome& outcome) const;
  void ignore_findings(const Task& task, const FileContent& content, Outcome& outcome) const;
  void ignore_embedded_findings(const Task& task, const FileContent& content, const ProjectViews& views,
                                std::span<const Past> pasts, Outcome& outcome) const;
  void count_ignored(const Task& task, const FileContent& content, std::string_view text, std::size_t findings,
                     Outcome& outcome) const;
  void report(const SourceText& source, const std::vector<Diagnostic>& findings,
              const std::vector<Suppressed>& suppressed, const Task& task, Outcome& outcome) const;

  const Options& options_;
  Together& project_;
  std::string directory_;
  std::unique_ptr<Reporter> reporter_;
  std::unique_ptr<Reporter> step_summary_;
  bool report_is_shown_;
  bool diff_color_;
  bool diff_terminal_;
};

}  // namespace dockerlint::cli
