// SPDX-License-Identifier: Apache-2.0
#pragma once
// A compose or bake file while it is read, and what is said of it.

#include "data/value.hpp"
#include "dockerlint/project.hpp"

#include <string>
#include <vector>

namespace dockerlint::project {

class Source {
 public:
  Source(std::string path, std::string bytes) : text_(std::move(path), std::move(bytes)) {}

  const std::string& path() const { return text_.path(); }
  std::string_view bytes() const { return text_.bytes(); }

  /// Quick, however long the line is.
  FilePlace at(TextRange range) const;
  FilePlace at(const data::Entry& entry) const { return at(entry.range); }
  FilePlace at(const data::Value& value) const { return at(value.range); }
  FilePlace whole() const { return {path(), {}, {}}; }

 private:
  std::uint32_t code_points_before(TextSize offset) const;

  SourceText text_;
  mutable std::vector<std::uint32_t> counted_;  // code points before each 256th byte
};

/// Where troubles go. One place says one thing once: files that are read twice complain once.
class Troubles {
 public:
  explicit Troubles(std::vector<ProjectTrouble>& troubles) : troubles_(troubles) {}

  void add(ProjectTrouble trouble);
  void error(FilePlace where, std::string message) { add({std::move(where), std::move(message), Severity::error}); }
  void warning(FilePlace where, std::string message) { add({std::move(where), std::move(message), Severity::warning}); }
  /// What could not be told.
  void unknown(FilePlace where, std::string message) { add({std::move(where), std::move(message), Severity::hint}); }

 private:
  std::vector<ProjectTrouble>& troubles_;
};

}  // namespace dockerlint::project
