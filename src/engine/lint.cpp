// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/lint.hpp"

#include "engine/suppressions.hpp"

#include <algorithm>
#include <exception>
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

void run(const Rule& rule, const Facts& facts, const Config& config, std::vector<Diagnostic>& found) {
  const std::size_t before = found.size();
  try {
    const RuleSettings* const settings = config.settings_of(rule);
    RuleContext cx(rule, facts, found, config.project, settings != nullptr ? &settings->options : nullptr);
    rule.check(cx);
    if (settings != nullptr && settings->severity)
      for (std::size_t i = before; i < found.size(); ++i) found[i].severity = severity_in(*settings, found[i]);
  } catch (const std::bad_alloc&) {
    throw;  // no rule is to blame
  } catch (const std::exception& failure) {
    found.resize(before);
    RuleContext cx(kRuleFailed, facts, found);
    cx.report(TextRange::at(0), "the rule {} failed: {}", rule.name, failure.what())
        .note("this is a fault in dockerlint: please report it, with this file");
  }
}

/// No fix takes a comment away, and none changes what its rule is asked to leave alone, however sure it is.
void restrain_fix(Diagnostic& found, const Document& document, const Suppressions& suppressions) {
  if (!found.fix) return;
  bool comment = false, asked_not_to = false;
  for (const TextEdit& edit : found.fix->edits) {
    comment = comment || document.has_comment(edit.range);
    asked_not_to = asked_not_to || suppressions.reason_to_hide(*found.rule, edit.range);
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

std::vector<Diagnostic> lint(const Document& document, const Config& config, const Catalog& catalog,
                             std::vector<Suppressed>* suppressed, const ProjectView& project) {
  const Facts facts(document, catalog, project);
  std::vector<Diagnostic> found;
  const auto rules = all_rules();
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (config.enabled.contains_at(i)) run(*rules[i], facts, config, found);
  if (found.empty()) return found;

  const auto key = [](const Diagnostic& d) { return std::tie(d.range.begin, d.rule->name, d.range.end, d.message); };
  std::stable_sort(found.begin(), found.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
  const Suppressions suppressions(document);
  std::erase_if(found, [&](Diagnostic& d) {
    if (d.severity < config.min_severity) return true;
    const auto reason = suppressions.reason_to_hide(*d.rule, d.range);
    if (reason && suppressed != nullptr) suppressed->push_back({std::move(d), std::string(*reason)});
    return reason.has_value();
  });
  for (Diagnostic& d : found) restrain_fix(d, document, suppressions);
  return found;
}

}  // namespace dockerlint
