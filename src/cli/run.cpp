// SPDX-License-Identifier: Apache-2.0
#include "cli/run.hpp"

#include "cli/baselines.hpp"
#include "cli/diff_view.hpp"
#include "cli/embedded.hpp"
#include "cli/files.hpp"
#include "cli/gather.hpp"
#include "cli/hyperlinks.hpp"
#include "cli/output.hpp"
#include "cli/pool.hpp"
#include "cli/progress.hpp"
#include "cli/replace.hpp"
#include "cli/revision.hpp"
#include "cli/screens.hpp"
#include "cli/summary.hpp"
#include "cli/temporary.hpp"
#include "cli/together.hpp"
#include "dockerlint/lint.hpp"
#include "report/assembly.hpp"
#include "report/place.hpp"
#include "report/step_summary.hpp"
#include "report/visible.hpp"
#include "text/diff.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <iterator>
#include <memory>
#include <new>
#include <optional>
#include <thread>
#include <utility>

namespace dockerlint::cli {
namespace {

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

std::string current_directory() {
  const std::unique_ptr<char, void (*)(void*)> path(::getcwd(nullptr, 0), std::free);
  return path ? std::string(path.get()) + '/' : std::string();
}

/// As `git apply` in the current directory needs it: relative, come what may.
std::string diff_path(std::string_view path, std::string_view directory) {
  std::string tidy = tidy_path(path, directory);
  return tidy.starts_with('/') ? tidy.substr(1) : tidy;
}

/// What a worker is handed.
struct Task {
  std::size_t index;
  const Input& input;
  const FileSettings& settings;
  Past past;
  std::string name_in_baseline;  // where one is written
};

bool is_fault(const Diagnostic& found) { return found.rule->name.starts_with("internal/"); }

/// As `config`, but of all fixes only those of comments that ignore nothing.
Config only_fixing_comments(Config config) {
  config.fixed = RuleSet::none();
  for (const Rule* const rule : all_rules())
    if (rule->about_ignores) config.fixed.insert(*rule);
  return config;
}

/// Whether two files are the same to BuildKit.
bool same_instructions(const Document& a, const Document& b) {
  return std::equal(a.instructions().begin(), a.instructions().end(), b.instructions().begin(), b.instructions().end(),
                    [](const Instruction& x, const Instruction& y) {
                      return x.kind == y.kind && x.body.text() == y.body.text() &&
                             std::equal(x.flags.begin(), x.flags.end(), y.flags.begin(), y.flags.end(),
                                        [](const Flag& f, const Flag& g) { return f.text == g.text; });
                    }) &&
         a.directives().size() == b.directives().size() && a.escape() == b.escape();
}

/// Whether files become others.
bool rewrites(const Options& options) { return options.fix || (options.add_ignores && !options.diff); }
/// Whether findings are shown one by one.
bool reports(const Options& options) {
  return !options.fix_only && !options.statistics && !options.add_ignores && !options.baseline.write;
}

class Linter {
 public:
  Linter(const Options& options, Together& project, bool report_is_shown, const ReportSettings& settings,
         bool wants_step_summary, bool diff_color, bool diff_terminal)
      : options_(options),
        project_(project),
        directory_(settings.directory),
        reporter_(make_reporter(options.format, settings)),
        step_summary_(wants_step_summary ? make_step_summary_reporter(settings) : nullptr),
        report_is_shown_(report_is_shown),
        diff_color_(diff_color),
        diff_terminal_(diff_terminal) {}

  const Reporter& reporter() const { return *reporter_; }
  const Reporter* step_summary() const { return step_summary_.get(); }

  /// Never throws: whatever happens to one file, the others are done.
  Outcome process(const Task& task) const noexcept {
    const Input& input = task.input;
    const FileSettings& settings = task.settings;
    Outcome outcome;
    FileContent content;
    Together::Member* const member = project_.member(task.index);
    try {
      if (member != nullptr) content = member->content;
      else content = input.standard_input ? read_stdin() : read_file(input.path);
      if (!content.trouble.empty()) trouble(outcome, fmt::format("cannot read {}: {}", input.path, content.trouble));
      else if (input.excluded) outcome.summary.files = 0;
      else if (!settings.usable) outcome.trouble = true;  // said once, for all such files
      else if (!input.embedded.empty()) judge_embedded(task, content, outcome);
      else if (const std::string_view why = no_dockerfile(content.bytes); !why.empty())
        trouble(outcome, fmt::format("{} was not linted: {}", input.path, why));
      else judge(task, content, outcome);
    } catch (const std::bad_alloc&) {
      fault(outcome, input, "out of memory");
    } catch (const std::exception& error) {
      fault(outcome, input, error.what());
    } catch (...) {
      fault(outcome, input, "unknown exception");
    }
    // Whoever pipes a file through us gets it back whole, whatever we think of it.
    if (input.standard_input && rewrites(options_) && outcome.text.empty()) outcome.text = std::move(content.bytes);
    return outcome;
  }

 private:
  static void trouble(Outcome& outcome, std::string message) {
    outcome.summary.files = 0;
    outcome.trouble = true;
    outcome.troubles.push_back(std::move(message));
  }

  static void fault(Outcome& outcome, const Input& input, std::string_view what) noexcept {
    outcome = {};
    outcome.trouble = true;
    try {
      outcome.summary.files = 0;
      outcome.troubles.push_back(fmt::format("{} was not linted: {}", input.path, what));
    } catch (...) {  // not even memory for a message: the exit status says it
    }
  }

  void judge(const Task& task, FileContent& content, Outcome& outcome) const {
    outcome.summary.files = 1;
    if (options_.add_ignores) {
      ignore_findings(task, content, outcome);
      return;
    }
    if (!options_.fix && !options_.diff) {
      lint_as_it_is(task, content, outcome);
      return;
    }
    const auto& [index, input, settings, past, name] = task;
    Together::Member* const member = project_.member(index);
    const FixResult result =
        member != nullptr
            ? std::move(member->result)
            : dockerlint::fix(input.path, content.bytes, settings.config, *settings.catalog, options_.at_least,
                              project_.before(index), project_.left_out(), screen_for(past));
    tell_refused(input, result.refused, outcome);
    if (!put(task, content, result.document.source().bytes(), result.applied, outcome)) {
      lint_as_it_is(task, content, outcome);
      return;
    }
    report_what_is_left(task, result, outcome);
  }

  /// The Dockerfiles that stand in a compose or bake file.
  void judge_embedded(const Task& task, const FileContent& content, Outcome& outcome) const {
    outcome.summary.files = 1;
    if (options_.add_ignores || options_.baseline.write) return;  // only what is a file of its own
    const Input& input = task.input;
    const FileSettings& settings = task.settings;
    const auto fixes = options_.fix || options_.diff ? std::optional(options_.at_least) : std::nullopt;
    EmbeddedResult result = lint_embedded(input, content.bytes, settings, fixes, options_.show_ignored);
    if (!result.trouble.empty())
      return trouble(outcome, fmt::format("{} was not linted: {}", input.path, result.trouble));
    tell_refused(input, result.refused, outcome);
    if (!put(task, content, result.bytes, result.applied, outcome))
      result = lint_embedded(input, content.bytes, settings, std::nullopt, options_.show_ignored);
    report(SourceText(input.path, std::move(result.bytes)), result.left, result.ignored, settings, outcome);
  }

  static void tell_refused(const Input& input, const std::vector<RefusedFix>& fixes, Outcome& outcome) {
    for (const RefusedFix& refused : fixes) {
      outcome.trouble = true;
      outcome.troubles.push_back(
          fmt::format("{}:{}: fix of {} left out: {}; this is a fault in dockerlint, please report it", input.path,
                      refused.line, refused.rule->name, refused.reason));
    }
  }

  /// Puts the fixed text where it belongs. False: it could not be written.
  bool put(const Task& task, const FileContent& content, std::string_view fixed,
           const std::vector<AppliedFix>& applied_fixes, Outcome& outcome) const {
    const Input& input = task.input;
    if (fixed != content.bytes) {
      if (!put(task, content, fixed, outcome)) return false;
      outcome.summary.fixed = applied_fixes.size();
      outcome.summary.fixed_files = 1;
    }
    if (options_.show_fixes)
      for (const AppliedFix& applied : applied_fixes)
        outcome.remarks.push_back(fmt::format("{} {}:{}: {} ({})", options_.diff ? "would fix" : "fixed", input.path,
                                              applied.line, applied.title, applied.rule->name));
    return true;
  }

  /// Where the new text of a file goes. False when it could not be written.
  bool put(const Task& task, const FileContent& content, std::string_view text, Outcome& outcome) const {
    const Input& input = task.input;
    if (options_.diff) {
      outcome.text = painted(unified_diff(diff_path(input.path, directory_), content.bytes, text, begins_stage),
                             diff_color_, diff_terminal_);
      outcome.failing = true;
      return true;
    }
    if (input.standard_input) {
      outcome.text = text;
      return true;
    }
    const Together::Member* const member = project_.member(task.index);  // written before
    const std::string why = member != nullptr ? member->trouble : replace_file(input.path, content, text);
    if (why.empty()) return true;
    outcome.trouble = true;
    outcome.troubles.push_back(fmt::format("cannot write {}: {}", input.path, why));
    return false;
  }

  /// Other files have been fixed, too: what is said of them is to be true of what they are now.
  void report_what_is_left(const Task& task, const FixResult& result, Outcome& outcome) const {
    const ProjectView project = project_.after(task.index);
    if (!options_.show_ignored && !task.past.counts() && project.caches == project_.before(task.index).caches)
      return report(result.document.source(), result.left, {}, task.settings, outcome);
    std::vector<Suppressed> suppressed;
    std::vector<Diagnostic> left = lint(result.document, task.settings.config, *task.settings.catalog,
                                        options_.show_ignored ? &suppressed : nullptr, project);
    screen(task, result.document, left, suppressed, outcome);
    report(result.document.source(), left, suppressed, task.settings, outcome);
  }

  void lint_as_it_is(const Task& task, FileContent& content, Outcome& outcome) const {
    const Document document = Document::parse(task.input.path, std::move(content.bytes));
    std::vector<Suppressed> suppressed;
    std::vector<Diagnostic> findings = lint(document, task.settings.config, *task.settings.catalog,
                                            options_.show_ignored ? &suppressed : nullptr, project_.before(task.index));
    if (options_.baseline.write) {
      outcome.linted = true;
      outcome.summary.findings = findings.size();
      outcome.trouble |= std::any_of(findings.begin(), findings.end(), is_fault);
      outcome.found = baseline_entries(task.name_in_baseline, document, findings);
      return;
    }
    screen(task, document, findings, suppressed, outcome);
    report(document.source(), findings, suppressed, task.settings, outcome);
  }

  void ignore_findings(const Task& task, FileContent& content, Outcome& outcome) const {
    const auto findings_in = [&](const Document& document, Outcome& counted) {
      std::vector<Suppressed> suppressed;
      std::vector<Diagnostic> findings =
          lint(document, task.settings.config, *task.settings.catalog, nullptr, project_.before(task.index));
      screen(task, document, findings, suppressed, counted);
      return findings;
    };
    const Document document = Document::parse(task.input.path, content.bytes);
    const std::vector<Diagnostic> findings = findings_in(document, outcome);
    if (findings.empty()) return;
    // A comment between two instructions may itself part what was found because they stood together.
    FixResult added = dockerlint::fix(task.input.path, add_ignores(document, findings, options_.reason),
                                      only_fixing_comments(task.settings.config), *task.settings.catalog,
                                      Applicability::safe, project_.before(task.index));
    const Document& after = added.document;
    Outcome not_counted;
    const std::vector<Diagnostic> left = findings_in(after, not_counted);
    if (!same_instructions(document, after) || !left.empty()) {
      outcome.trouble = true;
      outcome.summary.files = 0;
      const bool theirs = !left.empty() && std::any_of(left.begin(), left.end(), is_fault);
      outcome.troubles.push_back(fmt::format(
          "{}: no comments were added: {}", task.input.path,
          theirs ? left.front().message : "they would not do; this is a fault in dockerlint, please report it"));
      return;
    }
    if (!put(task, content, after.source().bytes(), outcome)) {
      outcome.summary.files = 0;
      return;
    }
    outcome.summary.ignored = findings.size();
    outcome.summary.ignored_files = 1;
  }

  /// Takes out what the baseline knows and what has not changed, and counts it.
  void screen(const Task& task, const Document& document, std::vector<Diagnostic>& findings,
              std::vector<Suppressed>& suppressed, Outcome& outcome) const {
    outcome.linted = true;
    if (!task.past.counts()) return;
    const Screened seen = screened(task.past, document, findings);
    std::vector<Diagnostic> shown;
    for (std::size_t i = 0; i < findings.size(); ++i) {
      outcome.summary.known += seen.known[i];
      outcome.summary.unchanged += seen.unchanged[i];
      if (seen.known[i] && options_.show_ignored) suppressed.push_back({std::move(findings[i]), {}, false});
      else if (!seen.known[i] && !seen.unchanged[i]) shown.push_back(std::move(findings[i]));
    }
    findings = std::move(shown);
    std::stable_sort(suppressed.begin(), suppressed.end(), [](const Suppressed& a, const Suppressed& b) {
      return a.finding.range.begin < b.finding.range.begin;
    });
    for (std::size_t i = 0; i < seen.left.size(); ++i)
      if (looks_for(task.past.baseline[i], task.settings.config)) outcome.outdated += seen.left[i];
  }

  void report(const SourceText& source, const std::vector<Diagnostic>& findings,
              const std::vector<Suppressed>& suppressed, const FileSettings& settings, Outcome& outcome) const {
    for (const Diagnostic& found : findings) {
      outcome.failing |= settings.fail_on && found.severity >= *settings.fail_on;
      outcome.trouble |= is_fault(found);
    }
    if (options_.fix_only) {
      outcome.failing = false;
      return;
    }
    Summary& summary = outcome.summary;
    summary.findings = findings.size();
    summary.files_with_findings = findings.empty() ? 0 : 1;
    for (const Diagnostic& found : findings) {
      const auto fixes = [&](Applicability asked) {
        return found.fix && settings.config.applies(*found.rule, *found.fix, asked);
      };
      const bool safely = fixes(Applicability::safe);
      summary.fixable += safely;
      summary.fixable_unsafe += !safely && fixes(Applicability::unsafe);
      RuleCount& count = summary.of(*found.rule);
      ++count.findings;
      if (fixes(options_.at_least)) ++count.fixable;
    }
    for (const Suppressed& hidden : suppressed) ++summary.of(*hidden.finding.rule).suppressed;
    const FileReport file{source, findings, suppressed, settings.fail_on};
    if (report_is_shown_) outcome.report = render(*reporter_, file);
    if (step_summary_) outcome.step_summary = render(*step_summary_, file);
  }

  const Options& options_;
  Together& project_;
  std::string directory_;
  std::unique_ptr<Reporter> reporter_;
  std::unique_ptr<Reporter> step_summary_;  // null when nobody wants one
  bool report_is_shown_;
  bool diff_color_;
  bool diff_terminal_;
};

/// Puts the outcomes out, in their order.
class Printer {
 public:
  Printer(const Options& options, const Linter& linter, Output& out, bool report_to_stderr, std::size_t files,
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

  /// False when there is nobody to read on, and nothing else to be done.
  bool use(const Task& task, Outcome outcome) {
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

  int finish(const Discovery& discovery, bool trouble_before) {
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

 private:
  bool shows_report() const { return reports(options_); }

  void write_baseline() {
    const std::string done = baselines_.write();
    for (const std::string& trouble : baselines_.troubles()) complain(trouble);
    trouble_ |= !baselines_.troubles().empty();
    if (!options_.quiet && !done.empty()) say(done + '\n');
  }

  void put(std::string_view text) {
    if (text.empty()) return;
    if (report_to_stderr_) say(text);
    else out_.write(text);
  }

  void add_step_summary() {
    step_summary_rows_ += step_summary_->finish(summary_);
    const std::string trouble =
        append_to_file(options_.step_summary, step_summary(step_summary_rows_, summary_.closing(options_)));
    if (trouble.empty()) return;
    complain(fmt::format("cannot write to {}: {}", options_.step_summary, trouble));
    trouble_ = true;
  }

  void close(const Discovery& discovery) const {
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
    task.past.since = revision.has_value();
    task.past.was = revision ? revision->text_of(path) : nullptr;
  }
  return tasks;
}

}  // namespace

int run(const Options& options) {
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
  Together together(gathered.project(), inputs, settings, threads,
                    [&](std::string_view what, std::size_t done) { progress.show(fmt::format("{} of", what), done); });
  if ((options.fix || options.diff) && !options.add_ignores)
    together.rehearse_fixes(options.at_least, [&](std::size_t i) { return screen_for(tasks[i].past); });
  progress.clear();
  const Linter linter(options, together, shows_report, report, shows_report && !options.step_summary.empty(),
                      options.diff && wants_color(options.color, fd), out.is_terminal());
  if (rewrites(options) || options.baseline.write) remove_temporaries_on_signals();
  if (options.fix) together.write_groups();

  Printer printer(options, linter, out, report_to_stderr, inputs.size(), baselines);
  in_order<Outcome>(
      inputs.size(), threads, [&](std::size_t i) { return linter.process(tasks[i]); },
      [&](std::size_t i, Outcome outcome) { return printer.use(tasks[i], std::move(outcome)); });
  return printer.finish(gathered.discovery(), gathered.trouble());
}

}  // namespace dockerlint::cli
