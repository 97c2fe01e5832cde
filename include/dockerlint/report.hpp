// SPDX-License-Identifier: Apache-2.0
#pragma once
// How findings are shown. A reporter renders one file at a time, in any order and on any thread;
// whoever calls it puts the pieces together in the order of the files.

#include "dockerlint/diagnostic.hpp"
#include "dockerlint/syntax.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dockerlint {

enum class Format : std::uint8_t { text, concise, json };
std::optional<Format> format_named(std::string_view name);

struct FileReport {
  const Document& document;
  std::span<const Diagnostic> findings;
};

struct Totals {
  std::size_t files = 0;
  std::size_t findings = 0;
  std::size_t fixable = 0;         // with --fix
  std::size_t fixable_unsafe = 0;  // more with --unsafe-fixes
  std::size_t fixed = 0;
};

struct Style {
  bool color = false;
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
  virtual std::string finish(const Totals& totals) const;
};

std::unique_ptr<Reporter> make_reporter(Format format, Style style);

}  // namespace dockerlint
