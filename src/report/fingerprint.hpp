// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a finding is known by from one run to the next: its rule and the text it is about, not the line it stands on.

#include "dockerlint/diagnostic.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace dockerlint {

/// FNV-1a.
class TextHash {
 public:
  void add(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001B3; }
  void add(std::string_view text) {
    for (const char c : text) add(static_cast<unsigned char>(c));
    add(0);
  }
  /// Indentation and line ends are nobody's identity.
  void add_without_blanks(std::string_view text) {
    for (const char c : text)
      if (c != ' ' && c != '\t' && c != '\r' && c != '\n') add(static_cast<unsigned char>(c));
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xCBF29CE484222325;
};

/// The fingerprints of one file's findings, which must be asked for in their order.
class Fingerprints {
 public:
  /// Findings of files with another `scope` have other fingerprints.
  Fingerprints(const SourceText& source, std::string_view scope) : source_(source), scope_(scope) {}

  /// `c4b51c0f8b1ae0d9:1`: sixteen digits, and how many have had the same so far.
  std::string next(const Diagnostic& found);
  /// The number that these digits are.
  static std::uint64_t hash(const SourceText& source, std::string_view scope, const Diagnostic& found);

 private:
  const SourceText& source_;
  std::string_view scope_;
  std::unordered_map<std::uint64_t, unsigned> seen_;
};

}  // namespace dockerlint
