// SPDX-License-Identifier: Apache-2.0
#include "cli/linter.hpp"

#include "cli/added_ignores.hpp"
#include "cli/diff_view.hpp"
#include "cli/embedded.hpp"
#include "cli/faults.hpp"
#include "cli/replace.hpp"
#include "report/place.hpp"
#include "report/step_summary.hpp"
#include "text/diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <new>
#include <optional>
#include <utility>

namespace dockerlint::cli {
namespace {

/// As `git apply` in the current directory needs it: relative, come what may.
std::string diff_path(std::string_view path, std::string_view directory) {
  std::string tidy = tidy_path(path, directory);
  return tidy.starts_with('/') ? tidy.substr(1) : tidy;
}

void trouble(Outcome& outcome, std::string message) {
  outcome.summary.files = 0;
  outcome.trouble = true;
  outcome.troubles.push_back(std::move(message));
}

void fault(Outcome& outcome, const Input& input, std::string_view what) noexcept {
  outcome = {};
  outcome.trouble = true;
  try {
    outcome.summary.files = 0;
    outcome.troubles.push_back(fmt::format("{} was not linted: {}", input.path, what));
  } catch (...) {  // not even memory for a message: the exit status says it
  }
}

void tell_refused(const Input& input, const std::vector<RefusedFix>& fixes, Outcome& outcome) {
  for (const RefusedFix& refused : fixes) {
    outcome.trouble = true;
    outcome.troubles.push_back(
        fmt::format("{}:{}: fix of {} left out: {}; this is a fault in dockerlint, please report it", input.path,
                    refused.line, refused.rule->name, refused.reason));
  }
}

/// Findings that are left alone have been taken out.
void count(const Screened& left_alone, Outcome& outcome) {
  outcome.linted = true;
  outcome.summary.known += left_alone.known;
  outcome.summary.unchanged += left_alone.unchanged;
  outcome.outdated += left_alone.outdated;
}

}  // namespace

bool rewrites(const Options& options) { return options.fix || (options.add_ignores && !options.diff); }

bool reports(const Options& options) {
  return !options.fix_only && !options.statistics && !options.add_ignores && !options.baseline.write;
}

Linter::Linter(const Options& options, Together& project, const LinterSettings& settings)
    : options_(options),
      project_(project),
      directory_(settings.report.directory),
      reporter_(make_reporter(options.format, settings.report)),
      step_summary_(settings.wants_step_summary ? make_step_summary_reporter(settings.report) : nullptr),
      report_is_shown_(reports(options)),
      diff_color_(settings.diff_color),
      diff_terminal_(settings.diff_terminal) {}

Outcome Linter::process(const Task& task) const noexcept {
  const Input& input = task.input;
  const FileSettings& settings = task.settings;
  Outcome outcome;
  FileContent content;
  Together::Member* const member = project_.member(task.index);
  try {
    if (member != nullptr) content = member->content;
    else if (auto kept = project_.take_content(task.index)) content = *std::move(kept);
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

void Linter::judge(const Task& task, FileContent& content, Outcome& outcome) const {
  outcome.summary.files = 1;
  if (options_.add_ignores) {
    ignore_findings(task, content, outcome);
    return;
  }
  if (!options_.fix && !options_.diff) {
    lint_as_it_is(task, content, outcome);
    return;
  }
  const Input& input = task.input;
  const FileSettings& settings = task.settings;
  Together::Member* const member = project_.member(task.index);
  const FixResult result =
      member != nullptr
          ? std::get<FixResult>(std::move(member->result))
          : dockerlint::fix(input.path, content.bytes, settings.config, *settings.catalog, options_.at_least,
                            project_.before(task.index), project_.left_out(), screen_for(task.past));
  tell_refused(input, result.refused, outcome);
  if (!put(task, content, result.document.source().bytes(), result.applied, outcome)) {
    lint_as_it_is(task, content, outcome);
    return;
  }
  report_what_is_left(task, result, outcome);
}

/// The Dockerfiles that stand in a compose or bake file.
void Linter::judge_embedded(const Task& task, const FileContent& content, Outcome& outcome) const {
  outcome.summary.files = 1;
  const Input& input = task.input;
  const FileSettings& settings = task.settings;
  if (!are_there(input, content.bytes))
    return trouble(outcome, fmt::format("{} was not linted: it changed while it was read", input.path));
  ProjectViews views = project_.all_before(task.index);
  if (options_.baseline.write) {
    EmbeddedEntries found = embedded_entries(input, settings, views, task.name_in_baseline);
    outcome.linted = true;
    outcome.summary.findings = found.entries.size();
    outcome.trouble |= found.fault;
    outcome.found = std::move(found.entries);
    return;
  }
  const std::vector<Past> pasts = pasts_of(input.embedded, SourceText(input.path, content.bytes), task.past);
  if (options_.add_ignores) {
    ignore_embedded_findings(task, content, views, pasts, outcome);
    return;
  }
  EmbeddedFixes now{content.bytes, input.embedded, {}, {}};
  if (options_.fix || options_.diff) {
    Together::Member* const member = project_.member(task.index);
    EmbeddedFixes fixed = member != nullptr ? std::get<EmbeddedFixes>(std::move(member->result))
                                            : fix_embedded(input, content.bytes, settings, options_.at_least, views,
                                                           pasts, project_.left_out());
    tell_refused(input, fixed.refused, outcome);
    if (put(task, content, fixed.bytes, fixed.all_applied(), outcome)) {
      now = std::move(fixed);
      views = project_.all_after(task.index);
    }
  }
  EmbeddedFindings left = lint_embedded(now.texts, now.bytes, settings, views, pasts, options_.show_ignored);
  left.left_alone.outdated += outdated_builds(input, task.past, settings.config);
  count(left.left_alone, outcome);
  report(SourceText(input.path, std::move(now.bytes)), left.found, left.ignored, task, outcome);
}

/// Puts the fixed text where it belongs. False: it could not be written.
bool Linter::put(const Task& task, const FileContent& content, std::string_view fixed,
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
bool Linter::put(const Task& task, const FileContent& content, std::string_view text, Outcome& outcome) const {
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
void Linter::report_what_is_left(const Task& task, const FixResult& result, Outcome& outcome) const {
  const ProjectView project = project_.after(task.index);
  if (!options_.show_ignored && !task.past.counts() && project.caches == project_.before(task.index).caches)
    return report(result.document.source(), result.left, {}, task, outcome);
  std::vector<Suppressed> suppressed;
  std::vector<Suppressed>* const hidden = options_.show_ignored ? &suppressed : nullptr;
  std::vector<Diagnostic> left = lint(result.document, task.settings.config, *task.settings.catalog, hidden, project);
  count(take_out(task.past, result.document, task.settings.config, left, hidden), outcome);
  report(result.document.source(), left, suppressed, task, outcome);
}

void Linter::lint_as_it_is(const Task& task, FileContent& content, Outcome& outcome) const {
  const Document document = Document::parse(task.input.path, std::move(content.bytes));
  std::vector<Suppressed> suppressed;
  std::vector<Suppressed>* const hidden = options_.show_ignored ? &suppressed : nullptr;
  std::vector<Diagnostic> findings =
      lint(document, task.settings.config, *task.settings.catalog, hidden, project_.before(task.index));
  if (options_.baseline.write) {
    outcome.linted = true;
    outcome.summary.findings = findings.size();
    outcome.trouble |= std::any_of(findings.begin(), findings.end(), is_fault);
    outcome.found = baseline_entries(task.name_in_baseline, {}, document, findings);
    return;
  }
  count(take_out(task.past, document, task.settings.config, findings, hidden), outcome);
  report(document.source(), findings, suppressed, task, outcome);
}

void Linter::ignore_findings(const Task& task, const FileContent& content, Outcome& outcome) const {
  const AddedIgnores added = with_ignores(task.input.path, content.bytes, task.settings, project_.before(task.index),
                                          task.past, options_.reason);
  count(added.left_alone, outcome);
  if (!added.trouble.empty())
    return trouble(outcome, fmt::format("{}: no comments were added: {}", task.input.path, added.trouble));
  count_ignored(task, content, added.text, added.findings, outcome);
}

void Linter::ignore_embedded_findings(const Task& task, const FileContent& content, const ProjectViews& views,
                                      std::span<const Past> pasts, Outcome& outcome) const {
  EmbeddedIgnores added = ignore_embedded(task.input, content.bytes, task.settings, views, pasts, options_.reason);
  count(added.left_alone, outcome);
  outcome.trouble |= !added.troubles.empty();
  if (!added.troubles.empty() && added.findings == 0) outcome.summary.files = 0;
  outcome.troubles = std::move(added.troubles);
  count_ignored(task, content, added.bytes, added.findings, outcome);
}

void Linter::count_ignored(const Task& task, const FileContent& content, std::string_view text, std::size_t findings,
                           Outcome& outcome) const {
  if (findings == 0) return;
  if (!put(task, content, text, outcome)) {
    outcome.summary.files = 0;
    return;
  }
  outcome.summary.ignored = findings;
  outcome.summary.ignored_files = 1;
}

void Linter::report(const SourceText& source, const std::vector<Diagnostic>& findings,
                    const std::vector<Suppressed>& suppressed, const Task& task, Outcome& outcome) const {
  const FileSettings& settings = task.settings;
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
    RuleCount& of_rule = summary.of(*found.rule);
    ++of_rule.findings;
    if (fixes(options_.at_least)) ++of_rule.fixable;
  }
  for (const Suppressed& hidden : suppressed) ++summary.of(*hidden.finding.rule).suppressed;
  const FileReport file{source, findings, suppressed, settings.fail_on, task.past.has_baseline};
  if (report_is_shown_) outcome.report = render(*reporter_, file);
  if (step_summary_) outcome.step_summary = render(*step_summary_, file);
}

}  // namespace dockerlint::cli
