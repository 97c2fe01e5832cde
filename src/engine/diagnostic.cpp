// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/diagnostic.hpp"

namespace dockerlint {

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::hint: return "hint";
    case Severity::info: return "info";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  return "";
}

std::string_view to_string(Applicability applicability) {
  switch (applicability) {
    case Applicability::display_only: return "display-only";
    case Applicability::unsafe: return "unsafe";
    case Applicability::safe: return "safe";
  }
  return "";
}

Diagnostic& Diagnostic::at(Severity other) {
  severity = other;
  return *this;
}

Diagnostic& Diagnostic::label(TextRange where, std::string text) {
  labels.push_back({where, std::move(text)});
  return *this;
}

Diagnostic& Diagnostic::label(Elsewhere where) {
  elsewhere.push_back(std::move(where));
  return *this;
}

Diagnostic& Diagnostic::note(std::string text) {
  notes.push_back(std::move(text));
  return *this;
}

Diagnostic& Diagnostic::suggest(Applicability applicability, std::string title, std::vector<TextEdit> edits) {
  fix = Fix{.applicability = applicability, .title = std::move(title), .edits = std::move(edits)};
  return *this;
}

}  // namespace dockerlint
