// SPDX-License-Identifier: Apache-2.0
#include "cli/embedded.hpp"

#include "project/embedded.hpp"

#include <algorithm>
#include <utility>

namespace dockerlint::cli {

bool are_there(const Input& input, std::string_view bytes) {
  return std::all_of(input.embedded.begin(), input.embedded.end(),
                     [&](const InlineDockerfile& text) { return project::stands_in(bytes, text); });
}

std::vector<AppliedFix> EmbeddedFixes::all_applied() const {
  std::vector<AppliedFix> all;
  for (const auto& of_text : applied) all.insert(all.end(), of_text.begin(), of_text.end());
  return all;
}

EmbeddedFixes fix_embedded(const Input& input, const std::string& bytes, const FileSettings& settings,
                           Applicability at_least, const ProjectViews& views,
                           const std::set<std::string, std::less<>>& left_out) {
  EmbeddedFixes out;
  std::vector<std::string> wanted;
  out.applied.resize(input.embedded.size());
  for (std::size_t i = 0; i < input.embedded.size(); ++i) {
    const InlineDockerfile& text = input.embedded[i];
    wanted.push_back(text.text);
    if (!text.editable) continue;
    FixResult fixed = fix(input.path, text.text, settings.config, *settings.catalog, at_least, views[i], left_out);
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
                               const FileSettings& settings, const ProjectViews& views, bool wants_ignored) {
  EmbeddedFindings out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const InlineDockerfile& text = texts[i];
    const Document document = Document::parse(text.where.path, text.text);
    std::vector<Suppressed> ignored;
    for (Diagnostic& found :
         lint(document, settings.config, *settings.catalog, wants_ignored ? &ignored : nullptr, views[i]))
      out.found.push_back(project::in_file(std::move(found), text, bytes));
    for (Suppressed& hidden : ignored) {
      hidden.finding = project::in_file(std::move(hidden.finding), text, bytes);
      out.ignored.push_back(std::move(hidden));
    }
  }
  return out;
}

}  // namespace dockerlint::cli
