// SPDX-License-Identifier: Apache-2.0
#pragma once
// How findings are shown. A reporter renders one file at a time, in any order and on any thread;
// whoever calls it puts the pieces together in the order of the files.

#include "dockerlint/diagnostic.hpp"
#include "dockerlint/syntax.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint {

enum class Format : std::uint8_t {
  text,
  concise,
  json,
  jsonl,
  sarif,
  github,
  gitlab,
  codeclimate,
  checkstyle,
  junit,
  gnu,
  rdjson,
};
/// In the order of Format.
std::span<const std::string_view> format_names();
std::optional<Format> format_named(std::string_view name);
/// Whether all of the output is one document, so that nothing else may stand beside it.
bool is_document(Format format);

struct FileReport {
  const SourceText& source;
  std::span<const Diagnostic> findings;
  std::span<const Suppressed> suppressed = {};          // only where somebody asked for them
  std::optional<Severity> fail_on = Severity::warning;  // what is a failure, where a format tells failures from remarks
  bool has_baseline = false;                            // `findings` are those that are not in it
};

struct RuleCount {
  const Rule* rule;
  std::size_t findings = 0;
  std::size_t fixable = 0;
  std::size_t suppressed = 0;
};

struct Totals {
  std::size_t files = 0;
  std::size_t findings = 0;
  std::size_t fixable = 0;         // with --fix
  std::size_t fixable_unsafe = 0;  // more with --unsafe-fixes
  std::size_t fixed = 0;
  std::vector<RuleCount> rules;  // those that found something, in the order in which they first did
};

struct ReportSettings {
  bool color = false;
  std::string directory;   // where relative paths begin; ends in a slash, or unknown
  std::string rule_pages;  // a URL that NAME.md behind it makes one of a rule's page; empty: text has no hyperlinks
};

class Reporter {
 public:
  virtual ~Reporter() = default;
  /// What stands before the first file.
  virtual std::string begin() const { return {}; }
  /// One file's findings; may be called from several threads at once. Empty when there is nothing to say.
  virtual std::string file(const FileReport& report) const = 0;
  /// What stands between two pieces that are not empty.
  virtual std::string_view separator() const { return {}; }
  /// Whether the errors of all files stand before any warning, and so on.
  virtual bool worst_first() const { return false; }
  virtual std::string finish(const Totals& totals) const;
};

std::unique_ptr<Reporter> make_reporter(Format format, const ReportSettings& settings);

}  // namespace dockerlint
