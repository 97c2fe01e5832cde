// SPDX-License-Identifier: Apache-2.0
#include "report/fingerprint.hpp"

#include "dockerlint/rule.hpp"

#include <fmt/format.h>

namespace dockerlint {
namespace {

constexpr TextSize kMost = 256;  // bytes of the text: many findings may be about all of a long file

/// FNV-1a.
class Hash {
 public:
  void add(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001B3; }
  void add(std::string_view text) {
    for (const char c : text) add(static_cast<unsigned char>(c));
    add(0);
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xCBF29CE484222325;
};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

std::string Fingerprints::next(const Diagnostic& found) {
  TextRange text = found.range;
  if (text.empty()) text.end = std::max(text.begin, source_.line_range(source_.line_of(text.begin)).end);
  text.end = std::min({text.end, source_.size(), text.begin + kMost});
  Hash hash;
  hash.add(scope_);
  hash.add(found.rule->name);
  for (const char c : source_.slice(text))  // indentation and line ends are nobody's identity
    if (!is_blank(c)) hash.add(static_cast<unsigned char>(c));
  return fmt::format("{:016x}:{}", hash.value(), ++seen_[hash.value()]);
}

}  // namespace dockerlint
