// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/syntax.hpp"
#include "text/utf8.hpp"

#include <array>

namespace dockerlint {
namespace {

// In the order of InstructionKind.
constexpr std::array<std::string_view, 19> kInstructions{
    "",      "ADD",        "ARG",     "CMD", "COPY",  "ENTRYPOINT", "ENV",  "EXPOSE", "FROM",   "HEALTHCHECK",
    "LABEL", "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"};

/// Where in kInstructions, which is sorted, the names begin that begin with a letter of the alphabet or a later one.
constexpr auto kBegins = [] {
  std::array<std::uint8_t, 27> begins{};
  for (std::size_t letter = 0; letter < begins.size(); ++letter) {
    std::uint8_t at = 1;
    while (at < kInstructions.size() && kInstructions[at].front() < static_cast<char>('A' + letter)) ++at;
    begins[letter] = at;
  }
  return begins;
}();

// In the order of TokenKind.
constexpr std::array<std::string_view, 12> kTokens{"bom",     "whitespace",     "newline",      "directive",
                                                   "comment", "continuation",   "keyword",      "flag",
                                                   "text",    "heredoc_marker", "heredoc_body", "heredoc_end"};

}  // namespace

std::string_view to_string(InstructionKind kind) { return kInstructions[static_cast<std::size_t>(kind)]; }
std::string_view to_string(TokenKind kind) { return kTokens[static_cast<std::size_t>(kind)]; }

InstructionKind instruction_kind(std::string_view keyword) {
  if (keyword.empty()) return InstructionKind::unknown;
  const char first = to_upper(keyword.front());
  if (first < 'A' || first > 'Z') return InstructionKind::unknown;
  const auto letter = static_cast<std::size_t>(first - 'A');
  for (std::size_t i = kBegins[letter]; i < kBegins[letter + 1]; ++i)
    if (equal_ignoring_case(kInstructions[i], keyword)) return static_cast<InstructionKind>(i);
  return InstructionKind::unknown;
}

}  // namespace dockerlint
