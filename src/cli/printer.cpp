// SPDX-License-Identifier: Apache-2.0
#include "cli/printer.hpp"

#include "cli/files.hpp"
#include "cli/replace.hpp"
#include "report/step_summary.hpp"
#include "report/visible.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

namespace dockerlint::cli {

Printer::Printer(const Options& options, const Linter& linter, Output& out, bool report_to_stderr, std::size_t files,
                 Baselines& baselines)
    : options_(options),
      baselines_(baselines),
      report_(linter.reporter()),
      out_(out),
      report_to_stderr_(report_to_stderr),
      progress_(!options.quiet, files) {
  if (linter.step_summary() != nullptr) step_summary_.emplace(*linter.step_summary());
  if (shows_report()) put(report_.begin());
}

bool Printer::use(const Task& task, Outcome outcome) {
  if (options_.baseline.write && outcome.linted)
    baselines_.found(task.input.path, task.settings, std::move(outcome.found));
  else if (outcome.linted) baselines_.linted(task.input.path, task.settings, outcome.outdated);
  const std::string report = report_.add(std::move(outcome.report));
  if (step_summary_) step_summary_rows_ += step_summary_->add(std::move(outcome.step_summary));
  if (!outcome.text.empty() || !report.empty() || !outcome.troubles.empty() || !outcome.remarks.empty())
    progress_.clear();
  if (!outcome.text.empty()) out_.write(outcome.text);
  put(report);
  if (!outcome.troubles.empty() || !outcome.remarks.empty()) out_.flush();  // so that they stand in order
  for (const std::string& trouble : outcome.troubles) complain(trouble);
  for (const std::string& remark : outcome.remarks) say(visible(remark) + '\n');
  summary_.add(outcome.summary);
  trouble_ |= outcome.trouble;
  failing_ |= outcome.failing;
  progress_.show(task.index + 1);
  return out_.error() == 0 || rewrites(options_) || options_.baseline.write;
}

int Printer::finish(const Discovery& discovery, bool trouble_before) {
  progress_.clear();
  if (shows_report()) put(report_.finish(summary_));
  if (step_summary_) add_step_summary();
  if (options_.statistics) put(summary_.table());
  out_.flush();
  if (const std::string trouble = out_.trouble(); !trouble.empty()) complain(trouble);
  trouble_ |= trouble_before || out_.error() != 0 || !discovery.troubles.empty();
  if (options_.baseline.write) write_baseline();
  else if (!options_.quiet && !options_.add_ignores)
    for (const std::string& line : baselines_.outdated()) complain(line);
  if (!options_.quiet && out_.error() == 0) close(discovery);
  return trouble_ ? 2 : failing_ ? 1 : 0;
}

void Printer::write_baseline() {
  const std::string done = baselines_.write();
  for (const std::string& trouble : baselines_.troubles()) complain(trouble);
  trouble_ |= !baselines_.troubles().empty();
  if (!options_.quiet && !done.empty()) say(done + '\n');
}

void Printer::put(std::string_view text) {
  if (text.empty()) return;
  if (report_to_stderr_) say(text);
  else out_.write(text);
}

void Printer::add_step_summary() {
  step_summary_rows_ += step_summary_->finish(summary_);
  const std::string trouble =
      append_to_file(options_.step_summary, step_summary(step_summary_rows_, summary_.closing(options_)));
  if (trouble.empty()) return;
  complain(fmt::format("cannot write to {}: {}", options_.step_summary, trouble));
  trouble_ = true;
}

void Printer::close(const Discovery& discovery) const {
  std::string line;
  if (options_.baseline.write && summary_.files > 0) return;  // said already
  if (summary_.files > 0) line = summary_.closing(options_);
  else if (discovery.left_out > 0) line = "nothing to lint: --force-exclude left out every path";
  else if (discovery.excluded > 0 && discovery.inputs.empty())
    line = "nothing to lint: the configuration leaves out every file";
  else if (discovery.inputs.empty() && !discovery.definitions.empty()) line = "no Dockerfile of this project is here";
  else if (discovery.inputs.empty() && discovery.troubles.empty()) line = "no Dockerfile here or below";
  if (line.empty()) return;
  const bool below_text = summary_.findings > 0 && shows_report() && options_.format == Format::text &&
                          (report_to_stderr_ || (out_.is_terminal() && ::isatty(STDERR_FILENO) == 1));
  say(fmt::format("{}{}\n", below_text ? "\n" : "", line));
}

}  // namespace dockerlint::cli
