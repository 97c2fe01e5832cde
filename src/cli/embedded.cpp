// SPDX-License-Identifier: Apache-2.0
#include "cli/embedded.hpp"

#include "project/embedded.hpp"

#include <utility>

namespace dockerlint::cli {
namespace {

/// Makes all fixes; what they would be goes into `result` for those that could be put into the file.
std::vector<InlineDockerfile> fix_all(const Input& input, const FileSettings& settings, Applicability at_least,
                                      EmbeddedResult& result) {
  std::vector<std::string> wanted;
  std::vector<FixResult> fixes;
  for (const InlineDockerfile& text : input.embedded) {
    fixes.push_back(dockerlint::fix(input.path, text.text, settings.config, *settings.catalog, at_least));
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

void lint(const InlineDockerfile& text, const FileSettings& settings, bool wants_ignored, EmbeddedResult& result) {
  const Document document = Document::parse(text.where.path, text.text);
  std::vector<Suppressed> ignored;
  for (Diagnostic& found :
       dockerlint::lint(document, settings.config, *settings.catalog, wants_ignored ? &ignored : nullptr))
    result.left.push_back(project::in_file(std::move(found), text, result.bytes));
  for (Suppressed& hidden : ignored) {
    hidden.finding = project::in_file(std::move(hidden.finding), text, result.bytes);
    result.ignored.push_back(std::move(hidden));
  }
}

}  // namespace

EmbeddedResult lint_embedded(const Input& input, const std::string& bytes, const FileSettings& settings,
                             std::optional<Applicability> fixes, bool wants_ignored) {
  EmbeddedResult result;
  result.bytes = bytes;
  for (const InlineDockerfile& text : input.embedded)
    if (!project::stands_in(bytes, text)) result.trouble = "it changed while it was read";
  if (!result.trouble.empty()) return result;
  std::vector<InlineDockerfile> texts = fixes ? fix_all(input, settings, *fixes, result) : input.embedded;
  for (const InlineDockerfile& text : texts) lint(text, settings, wants_ignored, result);
  return result;
}

}  // namespace dockerlint::cli
