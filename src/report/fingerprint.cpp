// SPDX-License-Identifier: Apache-2.0
#include "report/fingerprint.hpp"

#include "dockerlint/rule.hpp"

#include <fmt/format.h>

namespace dockerlint {
namespace {

constexpr TextSize kMost = 256;  // bytes of the text: many findings may be about all of a long file

}  // namespace

std::uint64_t Fingerprints::hash(const SourceText& source, std::string_view scope, const Diagnostic& found) {
  TextRange text = found.range;
  if (text.empty()) text.end = std::max(text.begin, source.line_range(source.line_of(text.begin)).end);
  text.end = std::min({text.end, source.size(), text.begin + kMost});
  TextHash hash;
  hash.add(scope);
  hash.add(found.rule->name);
  hash.add_without_blanks(source.slice(text));
  return hash.value();
}

std::string Fingerprints::next(const Diagnostic& found) {
  const std::uint64_t value = hash(source_, scope_, found);
  return fmt::format("{:016x}:{}", value, ++seen_[value]);
}

}  // namespace dockerlint
