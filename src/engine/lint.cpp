// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/lint.hpp"

#include "engine/suppressions.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <map>
#include <span>
#include <tuple>
#include <utility>

namespace dockerlint {
namespace {

/// Not in the registry: it stands for a rule that has failed.
constinit const Rule kRuleFailed{
    .name = "internal/rule-failed",
    .summary = "rules that failed, which is a fault of dockerlint",
    .severity = Severity::error,
    .fix = FixKind::none,
    .since = "0.1.0",
    .check = nullptr,
};

/// A finding that its rule makes quieter than it usually is, because it is less sure, stays quieter.
Severity severity_in(const RuleSettings& settings, const Diagnostic& found) {
  const Severity wanted = *settings.severity;
  return found.severity >= found.rule->severity ? wanted : std::min(found.severity, wanted);
}

/// False when the rule has failed.
bool run(const Rule& rule, const Facts& facts, const Config& config, std::span<const IgnoreComment> ignores,
         std::vector<Diagnostic>& found) {
  const std::size_t before = found.size();
  try {
    const RuleSettings* const settings = config.settings_of(rule);
    RuleContext cx(rule, facts, found, config.project, settings != nullptr ? &settings->options : nullptr, ignores);
    rule.check(cx);
    if (settings != nullptr && settings->severity)
      for (std::size_t i = before; i < found.size(); ++i) found[i].severity = severity_in(*settings, found[i]);
    return true;
  } catch (const std::bad_alloc&) {
    throw;  // no rule is to blame
  } catch (const std::exception& failure) {
    found.resize(before);
    RuleContext cx(kRuleFailed, facts, found);
    cx.report(TextRange::at(0), "the rule {} failed: {}", rule.name, failure.what())
        .note("this is a fault in dockerlint: please report it, with this file");
    return false;
  }
}

/// Whether an edit takes a comment away that the finding is not about.
bool takes_comment(const Diagnostic& found, TextRange edit, const Document& document) {
  const auto comments = document.comments_in(edit);
  return std::any_of(comments.begin(), comments.end(), [&](const Token& comment) {
    return comment.kind == TokenKind::comment && !comment.range.contains(found.range);
  });
}

/// No fix takes a comment away, save the one that it is about, and none changes what its rule is asked to leave alone,
/// however sure it is.
void restrain_fix(Diagnostic& found, const Document& document, Suppressions& suppressions) {
  if (!found.fix) return;
  bool comment = false, asked_not_to = false;
  for (const TextEdit& edit : found.fix->edits) {
    comment = comment || takes_comment(found, edit.range, document);
    asked_not_to = suppressions.reason_to_hide(*found.rule, edit.range) || asked_not_to;
  }
  if (comment) found.fix->applicability = Applicability::display_only;
  if (!asked_not_to) return;
  found.fix.reset();
  found.note("no fix: it would also change what a comment asks to leave alone");
}

}  // namespace

Diagnostic& RuleContext::add(TextRange where, std::string message) {
  found_.push_back({&rule_, rule_.severity, std::move(message), where, {}, {}, {}, {}});
  return found_.back();
}

std::string_view to_string(FixKind kind) {
  switch (kind) {
    case FixKind::none: return "none";
    case FixKind::sometimes: return "sometimes";
    case FixKind::always: return "always";
  }
  return "";
}

namespace {

void sort(std::vector<Diagnostic>& found) {
  const auto key = [](const Diagnostic& d) { return std::tie(d.range.begin, d.rule->name, d.range.end, d.message); };
  std::stable_sort(found.begin(), found.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
}

/// Takes out what comments hide, and what is too quiet to be shown; a comment is of use for that all the same.
void hide(std::vector<Diagnostic>& found, const Document& document, const Config& config, Suppressions& suppressions,
          std::vector<Suppressed>* suppressed) {
  std::erase_if(found, [&](Diagnostic& d) {
    const auto reason = suppressions.reason_to_hide(*d.rule, d.range);
    if (d.severity < config.min_severity) return true;
    if (reason && suppressed != nullptr) suppressed->push_back({std::move(d), std::string(*reason)});
    return reason.has_value();
  });
  for (Diagnostic& d : found) restrain_fix(d, document, suppressions);
}

/// Runs the enabled rules of one kind. Returns those that have failed.
std::vector<const Rule*> run_all(bool about_ignores, const Facts& facts, const Config& config,
                                 std::span<const IgnoreComment> ignores, std::vector<Diagnostic>& found) {
  std::vector<const Rule*> failed;
  const auto rules = all_rules();
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (config.enabled.contains_at(i) && rules[i]->about_ignores == about_ignores &&
        !run(*rules[i], facts, config, ignores, found))
      failed.push_back(rules[i]);
  return failed;
}

using Counts = std::map<const Rule*, std::size_t>;

Counts counted(std::span<const Diagnostic> found) {
  Counts counts;
  for (const Diagnostic& d : found) ++counts[d.rule];
  return counts;
}

/// Some rules are silent where somebody has put a comment, whatever it says. So comments that seem to hide nothing are
/// left out in a second reading: what is found then, they do hide.
void reconsider(Suppressions& suppressions, const Facts& facts, const Config& config, const Counts& before) {
  const std::vector<const IgnoreComment*> idle = suppressions.idle();
  if (idle.empty()) return;
  const SourceText& source = facts.model().document().source();
  std::string text;
  TextSize at = 0;
  for (const IgnoreComment* const comment : idle) {
    const std::uint32_t line = source.line_of(comment->range.begin);
    text += source.slice({at, source.line_start(line)});
    at = line < source.line_count() ? source.line_start(line + 1) : source.size();
  }
  text += source.slice({at, source.size()});
  const Document bare = Document::parse(source.path(), std::move(text));
  std::vector<Diagnostic> found;
  run_all(false, Facts(bare, facts.catalog(), facts.project()), config, {}, found);
  for (const auto& [rule, count] : counted(found)) {
    const auto was = before.find(rule);
    if (was == before.end() || was->second < count) suppressions.is_used_by(*rule);
  }
}

}  // namespace

std::vector<Diagnostic> lint(const Document& document, const Config& config, const Catalog& catalog,
                             std::vector<Suppressed>* suppressed, const ProjectView& project) {
  const Facts facts(document, catalog, project);
  Suppressions suppressions(document);
  std::vector<Diagnostic> found;
  const std::vector<const Rule*> failed = run_all(false, facts, config, {}, found);
  const Counts counts = suppressions.comments().empty() ? Counts() : counted(found);
  sort(found);
  hide(found, document, config, suppressions, suppressed);
  if (suppressions.comments().empty()) return found;

  suppressions.judge(config, failed, facts.project().caches == nullptr);
  reconsider(suppressions, facts, config, counts);
  std::vector<Diagnostic> about_ignores;
  run_all(true, facts, config, suppressions.comments(), about_ignores);
  hide(about_ignores, document, config, suppressions, suppressed);
  if (suppressed != nullptr)
    std::stable_sort(suppressed->begin(), suppressed->end(), [](const Suppressed& a, const Suppressed& b) {
      return a.finding.range.begin < b.finding.range.begin;
    });
  if (about_ignores.empty()) return found;
  std::move(about_ignores.begin(), about_ignores.end(), std::back_inserter(found));
  sort(found);
  return found;
}

}  // namespace dockerlint
