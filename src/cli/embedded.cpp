// SPDX-License-Identifier: Apache-2.0
#include "cli/embedded.hpp"

#include "cli/added_ignores.hpp"
#include "cli/baselines.hpp"
#include "cli/faults.hpp"
#include "project/embedded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace dockerlint::cli {
namespace {

std::string why_not(const Input& input, std::string_view bytes) {
  const bool stand = std::all_of(input.embedded.begin(), input.embedded.end(),
                                 [&](const InlineDockerfile& text) { return project::stands_in(bytes, text); });
  return stand ? "" : "it changed while it was read";
}

/// Of the baseline, what is about builds that have no Dockerfile here any more.
std::size_t outdated_builds(const Input& input, const Past& past, const Config& config) {
  std::set<std::string_view> builds;
  for (const InlineDockerfile& text : input.embedded) builds.insert(text.build);
  std::size_t count = 0;
  for (const BaselineEntry& entry : past.baseline)
    if (!builds.contains(entry.build) && looks_for(entry, config)) count += entry.count;
  return count;
}

/// Makes all fixes; what they would be goes into `result` for those that could be put into the file.
std::vector<InlineDockerfile> fix_all(const Input& input, const FileSettings& settings, const std::vector<Past>& pasts,
                                      Applicability at_least, EmbeddedResult& result) {
  std::vector<std::string> wanted;
  std::vector<FixResult> fixes;
  for (std::size_t i = 0; i < input.embedded.size(); ++i) {
    const InlineDockerfile& text = input.embedded[i];
    fixes.push_back(dockerlint::fix(input.path, text.text, settings.config, *settings.catalog, at_least, {}, {},
                                    screen_for(pasts[i])));
    wanted.push_back(text.editable ? std::string(fixes.back().document.source().bytes()) : text.text);
  }
  project::Rewritten made = project::rewritten(result.bytes, input.embedded, wanted);
  for (std::size_t i = 0; i < fixes.size(); ++i) {
    const InlineDockerfile& text = input.embedded[i];
    if (!text.editable) continue;
    for (RefusedFix& refused : fixes[i].refused) {
      refused.line += text.where.at.line;
      result.refused.push_back(std::move(refused));
    }
    if (made.texts[i].text != wanted[i]) continue;
    for (AppliedFix& applied : fixes[i].applied) {
      applied.line += text.where.at.line;
      result.applied.push_back(std::move(applied));
    }
  }
  result.bytes = std::move(made.file);
  return std::move(made.texts);
}

void lint(const InlineDockerfile& text, const FileSettings& settings, const Past& past, bool wants_ignored,
          EmbeddedResult& result) {
  const Document document = Document::parse(text.where.path, text.text);
  std::vector<Suppressed> ignored;
  std::vector<Suppressed>* const hidden = wants_ignored ? &ignored : nullptr;
  std::vector<Diagnostic> found = dockerlint::lint(document, settings.config, *settings.catalog, hidden);
  result.left_alone.add(take_out(past, document, settings.config, found, hidden));
  for (Diagnostic& left : found) result.left.push_back(project::in_file(std::move(left), text, result.bytes));
  for (Suppressed& one : ignored) {
    one.finding = project::in_file(std::move(one.finding), text, result.bytes);
    result.ignored.push_back(std::move(one));
  }
}

}  // namespace

EmbeddedResult lint_embedded(const Input& input, const std::string& bytes, const FileSettings& settings,
                             const Past& past, std::optional<Applicability> fixes, bool wants_ignored) {
  EmbeddedResult result;
  result.bytes = bytes;
  result.trouble = why_not(input, bytes);
  if (!result.trouble.empty()) return result;
  const std::vector<Past> pasts = pasts_of(input.embedded, SourceText(input.path, bytes), past);
  const std::vector<InlineDockerfile> texts = fixes ? fix_all(input, settings, pasts, *fixes, result) : input.embedded;
  for (std::size_t i = 0; i < texts.size(); ++i) lint(texts[i], settings, pasts[i], wants_ignored, result);
  result.left_alone.outdated += outdated_builds(input, past, settings.config);
  return result;
}

EmbeddedEntries embedded_entries(const Input& input, const std::string& bytes, const FileSettings& settings,
                                 std::string_view name) {
  EmbeddedEntries result;
  result.trouble = why_not(input, bytes);
  if (!result.trouble.empty()) return result;
  for (const InlineDockerfile& text : input.embedded) {
    const Document document = Document::parse(text.where.path, text.text);
    const std::vector<Diagnostic> found = dockerlint::lint(document, settings.config, *settings.catalog);
    result.fault |= std::any_of(found.begin(), found.end(), is_fault);
    std::vector<BaselineEntry> more = baseline_entries(name, text.build, document, found);
    std::move(more.begin(), more.end(), std::back_inserter(result.entries));
  }
  return result;
}

EmbeddedIgnores ignore_embedded(const Input& input, const std::string& bytes, const FileSettings& settings,
                                const Past& past, std::string_view reason) {
  EmbeddedIgnores result;
  result.bytes = bytes;
  const auto refuse = [&](const InlineDockerfile& text, std::string_view why) {
    result.troubles.push_back(
        fmt::format("{}:{}: no comments were added for {}: {}", input.path, text.where.at.line, text.build, why));
  };
  if (const std::string why = why_not(input, bytes); !why.empty()) {
    result.troubles.push_back(fmt::format("{}: no comments were added: {}", input.path, why));
    return result;
  }
  const std::vector<Past> pasts = pasts_of(input.embedded, SourceText(input.path, bytes), past);
  std::vector<std::string> wanted;
  std::vector<std::size_t> counts;
  for (std::size_t i = 0; i < input.embedded.size(); ++i) {
    const InlineDockerfile& text = input.embedded[i];
    wanted.push_back(text.text);
    counts.push_back(0);
    AddedIgnores added = with_ignores(input.path, text.text, settings, {}, pasts[i], reason);
    result.left_alone.add(added.left_alone);
    if (!added.trouble.empty()) refuse(text, added.trouble);
    else if (added.findings > 0 && !text.editable)
      refuse(text, "only a block of YAML (`|`) without variables of compose can be changed");
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
