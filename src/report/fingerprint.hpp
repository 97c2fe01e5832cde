// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a finding is known by from one run to the next: its rule and the text it is about, not the line it stands on.

#include "dockerlint/diagnostic.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace dockerlint {

/// The fingerprints of one file's findings, which must be asked for in their order.
class Fingerprints {
 public:
  /// Findings of files with another `scope` have other fingerprints.
  Fingerprints(const SourceText& source, std::string_view scope) : source_(source), scope_(scope) {}

  /// `c4b51c0f8b1ae0d9:1`: sixteen digits, and how many have had the same so far.
  std::string next(const Diagnostic& found);

 private:
  const SourceText& source_;
  std::string_view scope_;
  std::unordered_map<std::uint64_t, unsigned> seen_;
};

}  // namespace dockerlint
