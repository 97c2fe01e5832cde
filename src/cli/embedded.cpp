// SPDX-License-Identifier: Apache-2.0
#include "cli/embedded.hpp"

#include "cli/added_ignores.hpp"
#include "cli/baselines.hpp"
#include "cli/faults.hpp"
#include "project/embedded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace dockerlint::cli {

bool are_there(const Input& input, std::string_view bytes) {
  return std::all_of(input.embedded.begin(), input.embedded.end(),
                     [&](const InlineDockerfile& text) { return project::stands_in(bytes, text); });
}

std::size_t outdated_builds(const Input& input, const Past& past, const Config& config) {
  std::set<std::string_view> builds;
  for (const InlineDockerfile& text : input.embedded) builds.insert(text.build);
  std::size_t count = 0;
  for (const BaselineEntry& entry : past.baseline)
    if (!builds.contains(entry.build) && looks_for(entry, config)) count += entry.count;
  return count;
}

std::vector<AppliedFix> EmbeddedFixes::all_applied() const {
  std::vector<AppliedFix> all;
  for (const auto& of_text : applied) all.insert(all.end(), of_text.begin(), of_text.end());
  return all;
}

EmbeddedFixes fix_embedded(const Input& input, const std::string& bytes, const FileSettings& settings,
                           Applicability at_least, const ProjectViews& views, std::span<const Past> pasts,
                           const std::set<std::string, std::less<>>& left_out) {
  EmbeddedFixes out;
  std::vector<std::string> wanted;
  out.applied.resize(input.embedded.size());
  for (std::size_t i = 0; i < input.embedded.size(); ++i) {
    const InlineDockerfile& text = input.embedded[i];
    wanted.push_back(text.text);
    if (!text.editable) continue;
    FixResult fixed = fix(input.path, text.text, settings.config, *settings.catalog, at_least, views[i], left_out,
                          screen_for(pasts[i]));
    wanted.back() = fixed.document.source().bytes();
    out.applied[i] = std::move(fixed.applied);
    for (RefusedFix& refused : fixed.refused) {
      refused.line += text.where.at.line;
      out.refused.push_back(std::move(refused));
    }
  }
  project::Rewritten made = project::rewritten(bytes, input.embedded, wanted);
  for (std::size_t i = 0; i < input.embedded.size(); ++i) {
    if (made.texts[i].text != wanted[i]) out.applied[i].clear();
    for (AppliedFix& applied : out.applied[i]) applied.line += input.embedded[i].where.at.line;
  }
  out.bytes = std::move(made.file);
  out.texts = std::move(made.texts);
  return out;
}

EmbeddedFindings lint_embedded(const std::vector<InlineDockerfile>& texts, std::string_view bytes,
                               const FileSettings& settings, const ProjectViews& views, std::span<const Past> pasts,
                               bool wants_ignored) {
  EmbeddedFindings out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const InlineDockerfile& text = texts[i];
    const Document document = Document::parse(text.where.path, text.text);
    std::vector<Suppressed> ignored;
    std::vector<Suppressed>* const hidden = wants_ignored ? &ignored : nullptr;
    std::vector<Diagnostic> found = lint(document, settings.config, *settings.catalog, hidden, views[i]);
    out.left_alone.add(take_out(pasts[i], document, settings.config, found, hidden));
    for (Diagnostic& left : found) out.found.push_back(project::in_file(std::move(left), text, bytes));
    for (Suppressed& one : ignored) {
      one.finding = project::in_file(std::move(one.finding), text, bytes);
      out.ignored.push_back(std::move(one));
    }
  }
  return out;
}

EmbeddedEntries embedded_entries(const Input& input, const FileSettings& settings, const ProjectViews& views,
                                 std::string_view name) {
  EmbeddedEntries result;
  for (std::size_t i = 0; i < input.embedded.size(); ++i) {
    const InlineDockerfile& text = input.embedded[i];
    const Document document = Document::parse(text.where.path, text.text);
    const std::vector<Diagnostic> found = lint(document, settings.config, *settings.catalog, nullptr, views[i]);
    result.fault |= std::any_of(found.begin(), found.end(), is_fault);
    std::vector<BaselineEntry> more = baseline_entries(name, text.build, document, found);
    std::move(more.begin(), more.end(), std::back_inserter(result.entries));
  }
  return result;
}

EmbeddedIgnores ignore_embedded(const Input& input, const std::string& bytes, const FileSettings& settings,
                                const ProjectViews& views, std::span<const Past> pasts, std::string_view reason) {
  EmbeddedIgnores result;
  const auto refuse = [&](const InlineDockerfile& text, std::string_view why) {
    result.troubles.push_back(
        fmt::format("{}:{}: no comments were added for {}: {}", input.path, text.where.at.line, text.build, why));
  };
  std::vector<std::string> wanted;
  std::vector<std::size_t> counts;
  for (std::size_t i = 0; i < input.embedded.size(); ++i) {
    const InlineDockerfile& text = input.embedded[i];
    wanted.push_back(text.text);
    counts.push_back(0);
    AddedIgnores added = with_ignores(input.path, text.text, settings, views[i], pasts[i], reason);
    result.left_alone.add(added.left_alone);
    if (!added.trouble.empty()) refuse(text, added.trouble);
    else if (added.findings > 0 && !text.editable)
      refuse(text, "only a block of YAML (`|`) or a heredoc of HCL, without variables, can be changed");
    else if (added.findings > 0) {
      wanted.back() = std::move(added.text);
      counts.back() = added.findings;
    }
  }
  project::Rewritten made = project::rewritten(bytes, input.embedded, wanted);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (made.texts[i].text == wanted[i]) result.findings += counts[i];
    else refuse(input.embedded[i], "they would not do; this is a fault in dockerlint, please report it");
  }
  result.bytes = std::move(made.file);
  return result;
}

}  // namespace dockerlint::cli
