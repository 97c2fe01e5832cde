// SPDX-License-Identifier: Apache-2.0
#include "cli/embedded.hpp"

#include "project/embedded.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace dockerlint::cli {
namespace {

/// The Dockerfiles of one file, from the first to the last: each fix moves those behind it.
class EmbeddedLinter {
 public:
  EmbeddedLinter(const Input& input, const std::string& bytes, const FileSettings& settings, bool wants_ignored)
      : input_(input), settings_(settings), wants_ignored_(wants_ignored) {
    result_.bytes = bytes;
  }

  EmbeddedResult run(std::optional<Applicability> fixes) {
    for (const InlineDockerfile& as_read : input_.embedded) {
      InlineDockerfile text = as_read;
      project::move_by(text, bytes_more_, lines_more_);
      if (!project::stands_in(result_.bytes, text)) {
        result_ = {};
        result_.trouble = "it changed while it was read";
        return std::move(result_);
      }
      if (fixes && text.editable) fix(text, *fixes);
      texts_.push_back(std::move(text));
    }
    for (const InlineDockerfile& text : texts_) lint(text);
    return std::move(result_);
  }

 private:
  void fix(InlineDockerfile& text, Applicability at_least) {
    FixResult fixed = dockerlint::fix(input_.path, text.text, settings_.config, *settings_.catalog, at_least);
    const std::uint32_t first_line = text.where.at.line - static_cast<std::uint32_t>(lines_more_);
    for (RefusedFix& refused : fixed.refused) {
      refused.line += first_line;
      result_.refused.push_back(std::move(refused));
    }
    const std::string_view wanted = fixed.document.source().bytes();
    if (wanted == text.text) return;
    std::optional<std::string> bytes = project::with_text(result_.bytes, text, wanted);
    if (!bytes) return;  // not for certain: the findings are reported
    const auto lines = [](const std::string& of) { return std::count(of.begin(), of.end(), '\n'); };
    lines_more_ += lines(*bytes) - lines(result_.bytes);
    bytes_more_ += static_cast<std::ptrdiff_t>(bytes->size()) - static_cast<std::ptrdiff_t>(result_.bytes.size());
    result_.bytes = std::move(*bytes);
    text = project::read_again(result_.bytes, text);
    for (AppliedFix& applied : fixed.applied) {
      applied.line += first_line;
      result_.applied.push_back(std::move(applied));
    }
  }

  void lint(const InlineDockerfile& text) {
    const Document document = Document::parse(input_.path, text.text);
    std::vector<Suppressed> ignored;
    for (Diagnostic& found :
         dockerlint::lint(document, settings_.config, *settings_.catalog, wants_ignored_ ? &ignored : nullptr))
      result_.left.push_back(project::in_file(std::move(found), text, result_.bytes));
    for (Suppressed& hidden : ignored) {
      hidden.finding = project::in_file(std::move(hidden.finding), text, result_.bytes);
      result_.ignored.push_back(std::move(hidden));
    }
  }

  const Input& input_;
  const FileSettings& settings_;
  bool wants_ignored_;
  EmbeddedResult result_;
  std::vector<InlineDockerfile> texts_;  // as they stand in `result_.bytes`
  std::ptrdiff_t bytes_more_ = 0;
  std::ptrdiff_t lines_more_ = 0;
};

}  // namespace

EmbeddedResult lint_embedded(const Input& input, const std::string& bytes, const FileSettings& settings,
                             std::optional<Applicability> fixes, bool wants_ignored) {
  return EmbeddedLinter(input, bytes, settings, wants_ignored).run(fixes);
}

}  // namespace dockerlint::cli
