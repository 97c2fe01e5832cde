// SPDX-License-Identifier: Apache-2.0
#include "engine/suppressions.hpp"

#include "dockerlint/config.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <optional>

namespace dockerlint {
namespace {

struct Request {
  bool whole_file;
  std::string_view rules;  // parted by commas
  std::string_view reason;
};

/// Reads `# dockerlint ignore=…` and `# dockerlint ignore-file=…`; all else is a comment for people.
std::optional<Request> read_comment(std::string_view comment) {
  comment = trim_left(comment.substr(1));
  constexpr std::string_view kOurs = "dockerlint";
  if (!comment.starts_with(kOurs)) return std::nullopt;
  comment.remove_prefix(kOurs.size());
  const std::string_view request = trim_left(comment);
  if (request.size() == comment.size()) return std::nullopt;  // no blank behind our name
  const std::size_t equals = request.find('=');
  if (equals == request.npos) return std::nullopt;
  const std::string_view key = request.substr(0, equals);
  if (key != "ignore" && key != "ignore-file") return std::nullopt;
  const std::string_view rest = request.substr(equals + 1);
  const std::string_view rules = rest.substr(0, rest.find_first_of(" \t\r"));
  return Request{key == "ignore-file", rules, trim(rest.substr(rules.size()))};
}

std::vector<const Rule*> rules_in(std::string_view list) {
  std::vector<const Rule*> rules;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    const auto named = RuleSet::named(list.substr(0, comma));
    rules.insert(rules.end(), named.begin(), named.end());
    list.remove_prefix(comma == list.npos ? list.size() : comma + 1);
  }
  return rules;
}

/// The instruction that a comment is about: the one it stands in, else the one right below its block.
std::optional<TextRange> scope_of(const Document& document, const Token& comment) {
  const auto instructions = document.instructions();
  const auto next = std::partition_point(instructions.begin(), instructions.end(),
                                         [&](const Instruction& in) { return in.range.end <= comment.range.begin; });
  if (next == instructions.end()) return std::nullopt;
  if (next->range.begin > comment.range.begin) {
    // Nothing but comment lines may stand between: a blank line parts a block from what follows.
    const SourceText& source = document.source();
    for (std::uint32_t line = source.line_of(comment.range.begin) + 1; line < next->first_line; ++line) {
      const std::string_view text = trim_left(source.line(line));
      if (text.empty() || text.front() != '#') return std::nullopt;
    }
  }
  return next->range;
}

}  // namespace

Suppressions::Suppressions(const Document& document) {
  const SourceText& source = document.source();
  if (source.bytes().find("dockerlint") == std::string_view::npos) return;
  for (const Token& token : document.tokens()) {
    if (token.kind != TokenKind::comment) continue;
    const auto request = read_comment(source.slice(token.range));
    if (!request) continue;
    std::optional<TextRange> scope = TextRange{0, source.size()};
    if (!request->whole_file) scope = scope_of(document, token);
    if (scope) entries_.push_back({*scope, rules_in(request->rules), request->reason});
  }
}

std::optional<std::string_view> Suppressions::reason_to_hide(const Rule& rule, TextRange where) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.scope.begin <= where.begin && where.begin <= entry.scope.end &&
           std::find(entry.rules.begin(), entry.rules.end(), &rule) != entry.rules.end();
  });
  if (found == entries_.end()) return std::nullopt;
  return found->reason;
}

}  // namespace dockerlint
