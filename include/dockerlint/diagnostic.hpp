// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a rule says, and what it would do about it. Plain data that owns its strings and outlives
// the Document it speaks of: no rule, reporter or file in here.

#include "dockerlint/text.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint {

struct Rule;

enum class Severity : std::uint8_t { hint, info, warning, error };
std::string_view to_string(Severity);

/// How far a fix may be trusted. Ordered: a run applies every fix at or above what it was asked for.
enum class Applicability : std::uint8_t {
  display_only,  // shown as a suggestion, never applied
  unsafe,        // likely meant, but the build may change: --unsafe-fixes
  safe,          // the image is the same, or the build goes from broken to working; comments stay
};
std::string_view to_string(Applicability);

struct TextEdit {
  TextRange range;   // what goes; empty: an insertion
  std::string text;  // what comes
  bool operator==(const TextEdit&) const = default;
};

/// All of the edits are applied, or none.
struct Fix {
  Applicability applicability = Applicability::safe;
  std::string title;  // what it does, in the imperative: "add sharing=locked"
  std::vector<TextEdit> edits;
  std::string group = {};       // of fixes in several files, which go in together or not at all; empty: it stands alone
  std::size_t group_files = 0;  // in how many files
};

/// A second place that explains the finding.
struct Label {
  TextRange range;
  std::string text;
};

/// The same in another file of the project.
struct Elsewhere {
  std::string path;  // as the file was given to us
  LineColumn at;
  std::string text;
};

struct Diagnostic {
  const Rule* rule = nullptr;
  Severity severity = Severity::warning;
  std::string message;  // what is wrong: one line, lower case, no full stop
  TextRange range;      // the smallest text that is wrong
  std::vector<Label> labels;
  std::vector<Elsewhere> elsewhere;
  std::vector<std::string> notes;  // why it matters
  std::optional<Fix> fix;

  /// Quieter or louder than the rule usually is.
  Diagnostic& at(Severity other);
  Diagnostic& label(TextRange where, std::string text);
  Diagnostic& label(Elsewhere where);
  Diagnostic& note(std::string text);
  Diagnostic& suggest(Applicability applicability, std::string title, std::vector<TextEdit> edits);
};

/// A finding that is not shown: a comment of the file asks for silence, or it was known before.
struct Suppressed {
  Diagnostic finding;
  std::string reason;     // as the comment gives it; may be empty
  bool in_source = true;  // false: by a baseline
};

}  // namespace dockerlint
