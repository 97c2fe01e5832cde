// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/lint.hpp"

#include "engine/suppressions.hpp"

#include <algorithm>
#include <exception>
#include <tuple>

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

void run(const Rule& rule, const Model& model, const Config& config, const Catalog& catalog,
         std::vector<Diagnostic>& found) {
  const std::size_t before = found.size();
  try {
    const RuleSettings* const settings = config.settings_of(rule);
    RuleContext cx(rule, model, catalog, found, config.project, settings != nullptr ? &settings->options : nullptr);
    rule.check(cx);
    if (settings != nullptr && settings->severity)
      for (std::size_t i = before; i < found.size(); ++i) found[i].severity = severity_in(*settings, found[i]);
  } catch (const std::bad_alloc&) {
    throw;  // no rule is to blame
  } catch (const std::exception& failure) {
    found.resize(before);
    RuleContext cx(kRuleFailed, model, catalog, found);
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
    asked_not_to = asked_not_to || suppressions.hide(*found.rule, edit.range);
  }
  if (comment) found.fix->applicability = Applicability::display_only;
  if (!asked_not_to) return;
  found.fix.reset();
  found.note("no fix: it would also change what a comment asks to leave alone");
}

}  // namespace

Diagnostic& RuleContext::add(TextRange where, std::string message) {
  found_.push_back({&rule_, rule_.severity, std::move(message), where, {}, {}, {}});
  return found_.back();
}

const OptionValue* RuleContext::chosen(const RuleOption& option) const {
  const auto place = std::find(rule_.options.begin(), rule_.options.end(), &option) - rule_.options.begin();
  if (options_ == nullptr || static_cast<std::size_t>(place) >= options_->size()) return nullptr;
  const auto& value = (*options_)[static_cast<std::size_t>(place)];
  return value ? &*value : nullptr;
}

bool RuleContext::option(const Option<bool>& option) const {
  const OptionValue* const value = chosen(option);
  return value != nullptr ? std::get<bool>(*value) : std::get<bool>(option.fallback);
}

std::int64_t RuleContext::option(const Option<std::int64_t>& option) const {
  const OptionValue* const value = chosen(option);
  return value != nullptr ? std::get<std::int64_t>(*value) : std::get<std::int64_t>(option.fallback);
}

std::string_view RuleContext::option(const Option<std::string_view>& option) const {
  const OptionValue* const value = chosen(option);
  return value != nullptr ? std::get<std::string>(*value) : std::get<std::string_view>(option.fallback);
}

std::vector<std::string_view> RuleContext::option(const Option<OptionWords>& option) const {
  if (const OptionValue* const value = chosen(option)) {
    const auto& words = std::get<std::vector<std::string>>(*value);
    return {words.begin(), words.end()};
  }
  const OptionWords words = std::get<OptionWords>(option.fallback);
  return {words.begin(), words.end()};
}

std::string_view to_string(CachePolicy policy) {
  switch (policy) {
    case CachePolicy::automatic: return "auto";
    case CachePolicy::mounts: return "mounts";
    case CachePolicy::clean: return "clean";
  }
  return "";
}

std::string_view to_string(Ci ci) {
  switch (ci) {
    case Ci::unknown: return "unknown";
    case Ci::ephemeral: return "ephemeral";
    case Ci::persistent: return "persistent";
  }
  return "";
}

std::string_view to_string(FixKind kind) {
  switch (kind) {
    case FixKind::none: return "none";
    case FixKind::sometimes: return "sometimes";
    case FixKind::always: return "always";
  }
  return "";
}

std::vector<Diagnostic> lint(const Document& document, const Config& config, const Catalog& catalog) {
  const Model model(document);
  std::vector<Diagnostic> found;
  const auto rules = all_rules();
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (config.enabled.contains_at(i)) run(*rules[i], model, config, catalog, found);
  if (found.empty()) return found;

  const Suppressions suppressions(document);
  std::erase_if(found, [&](const Diagnostic& d) {
    return d.severity < config.min_severity || suppressions.hide(*d.rule, d.range);
  });
  for (Diagnostic& d : found) restrain_fix(d, document, suppressions);
  const auto key = [](const Diagnostic& d) { return std::tie(d.range.begin, d.rule->name, d.range.end, d.message); };
  std::stable_sort(found.begin(), found.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
  return found;
}

}  // namespace dockerlint
