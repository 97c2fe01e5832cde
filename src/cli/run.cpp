// SPDX-License-Identifier: Apache-2.0
#include "cli/run.hpp"

#include "cli/baselines.hpp"
#include "cli/files.hpp"
#include "cli/gather.hpp"
#include "cli/hyperlinks.hpp"
#include "cli/linter.hpp"
#include "cli/output.hpp"
#include "cli/pool.hpp"
#include "cli/printer.hpp"
#include "cli/progress.hpp"
#include "cli/revision.hpp"
#include "cli/screens.hpp"
#include "cli/temporary.hpp"
#include "cli/together.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dockerlint::cli {
namespace {

std::string current_directory() {
  const std::unique_ptr<char, void (*)(void*)> path(::getcwd(nullptr, 0), std::free);
  return path ? std::string(path.get()) + '/' : std::string();
}

/// Opens --output. Not before it is sure that this empties none of the files to be linted.
int open_output(const std::string& path, const std::vector<Input>& inputs, std::string& trouble) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  struct stat output {};
  if (fd < 0 || ::fstat(fd, &output) != 0) {
    trouble = fmt::format("cannot write to {}: {}", path, error_text(errno));
    return fd;
  }
  if (!S_ISREG(output.st_mode)) return fd;
  for (const Input& input : inputs) {
    struct stat status {};
    if (input.standard_input || ::stat(input.path.c_str(), &status) != 0) continue;
    if (status.st_dev == output.st_dev && status.st_ino == output.st_ino) {
      trouble = fmt::format("--output would overwrite {}, which is to be linted", input.path);
      return fd;
    }
  }
  if (::ftruncate(fd, 0) != 0) trouble = fmt::format("cannot write to {}: {}", path, error_text(errno));
  return fd;
}

std::vector<Task> tasks_for(const Options& options, const std::vector<Input>& inputs,
                            const std::vector<const FileSettings*>& settings, const Baselines& baselines,
                            const std::optional<Revision>& revision) {
  std::vector<Task> tasks;
  tasks.reserve(inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Task& task = tasks.emplace_back(Task{i, inputs[i], *settings[i], {}, {}});
    const std::string& path = inputs[i].path;
    if (options.baseline.write) task.name_in_baseline = baselines.name_of(path, *settings[i]);
    else task.past.baseline = baselines.entries_of(path, *settings[i]);
    task.past.has_baseline = baselines.has(*settings[i]);
    task.past.since = revision.has_value();
    task.past.was = revision ? revision->text_of(path) : nullptr;
  }
  return tasks;
}

}  // namespace

int run(const Options& options) {
  if (!options.quiet)
    for (const std::string& remark : options.remarks) complain(remark);
  const Gathered gathered(options);
  if (!gathered.usable()) return 2;
  const std::vector<Input>& inputs = gathered.inputs();
  const std::vector<const FileSettings*>& settings = gathered.settings();
  Baselines baselines(options.baseline);
  for (const FileSettings* one : settings) baselines.prepare(*one);
  for (const std::string& trouble : baselines.troubles()) complain(trouble);
  if (!baselines.troubles().empty()) return 2;
  std::optional<Revision> revision;
  if (!options.new_since.empty()) {
    std::vector<std::string> paths;
    for (const Input& input : inputs) paths.push_back(input.path);
    revision.emplace(options.new_since, paths);
    if (!revision->trouble().empty()) {
      complain(revision->trouble());
      return 2;
    }
  }
  const std::vector<Task> tasks = tasks_for(options, inputs, settings, baselines, revision);

  int fd = STDOUT_FILENO;
  if (!options.output.empty()) {
    std::string trouble;
    fd = open_output(options.output, inputs, trouble);
    if (!trouble.empty()) {
      complain(trouble);
      return 2;
    }
  }
  Output out(fd, options.output.empty() ? "standard output" : options.output);

  const bool passes_text = rewrites(options) && std::any_of(inputs.begin(), inputs.end(),
                                                            [](const Input& input) { return input.standard_input; });
  const bool report_to_stderr = options.diff || passes_text;
  const ReportSettings report{.color = wants_color(options.color, report_to_stderr ? STDERR_FILENO : fd),
                              .directory = current_directory(),
                              .rule_pages = rule_pages(options.hyperlinks, report_to_stderr ? STDERR_FILENO : fd)};
  const bool shows_report = reports(options);
  const std::size_t threads = thread_count(options, inputs.size());
  Progress progress(!options.quiet, inputs.size());
  const bool fixes = (options.fix || options.diff) && !options.add_ignores;
  Together together(
      gathered.project(), inputs, settings, threads,
      [&](std::string_view what, std::size_t done) { progress.show(fmt::format("{} of", what), done); },
      fixes || options.add_ignores ? Purpose::fix : Purpose::lint);
  if (fixes) together.rehearse_fixes(options.at_least, [&](std::size_t i) -> const Past& { return tasks[i].past; });
  progress.clear();
  const Linter linter(options, together,
                      {.report = report,
                       .wants_step_summary = shows_report && !options.step_summary.empty(),
                       .diff_color = options.diff && wants_color(options.color, fd),
                       .diff_terminal = out.is_terminal()});
  if (rewrites(options) || options.baseline.write) remove_temporaries_on_signals();
  if (options.fix) together.write_groups();

  Printer printer(options, linter, out, report_to_stderr, inputs.size(), baselines);
  in_order<Outcome>(
      inputs.size(), threads, [&](std::size_t i) { return linter.process(tasks[i]); },
      [&](std::size_t i, Outcome outcome) { return printer.use(tasks[i], std::move(outcome)); });
  return printer.finish(gathered.discovery(), gathered.trouble());
}

}  // namespace dockerlint::cli
