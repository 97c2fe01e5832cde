// SPDX-License-Identifier: Apache-2.0
#include "support/mutate.hpp"

#include "dockerlint/syntax.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <random>
#include <vector>

namespace dockerlint::test {
namespace {

constexpr std::array<std::string_view, 5> kComments = {
    "# why\n", "# dockerlint ignore=all because\n", "# syntax=docker/dockerfile:1\n", "# escape=`\n", "\n",
};

class Mutator {
 public:
  Mutator(std::string_view bytes, std::string_view donor, std::uint32_t seed)
      : document_(Document::parse("Dockerfile", std::string(bytes))),
        donor_(Document::parse("Dockerfile", std::string(donor))),
        dice_(seed) {}

  std::string run() {
    using Change = std::string (Mutator::*)();
    constexpr Change kChanges[] = {
        &Mutator::add_instruction,    &Mutator::add_instruction, &Mutator::replace_instruction,
        &Mutator::remove_instruction, &Mutator::add_flag,        &Mutator::add_flag,
        &Mutator::replace_flag,       &Mutator::add_option,      &Mutator::replace_option,
        &Mutator::replace_word,       &Mutator::add_command,     &Mutator::add_command,
        &Mutator::replace_command,    &Mutator::remove_command,  &Mutator::replace_script_word,
        &Mutator::break_line,         &Mutator::join_line,       &Mutator::add_comment,
        &Mutator::to_heredoc,         &Mutator::to_onbuild,      &Mutator::to_crlf,
    };
    if (document_.instructions().empty()) return std::string(text()) + std::string(donor_.source().bytes());
    return (this->*kChanges[below(std::size(kChanges))])();
  }

 private:
  std::string_view text() const { return document_.source().bytes(); }
  std::size_t below(std::size_t count) { return count == 0 ? 0 : dice_() % count; }

  template <typename Span>
  auto& any_of(const Span& span) {
    return span[below(span.size())];
  }
  const Instruction& any_instruction() { return any_of(document_.instructions()); }

  static TextRange lines(const Document& document, const Instruction& instruction) {
    const SourceText& source = document.source();
    return {source.line_start(instruction.first_line),
            instruction.last_line < source.line_count() ? source.line_start(instruction.last_line + 1) : source.size()};
  }

  std::string with(TextRange range, std::string_view replacement) const {
    std::string out(text());
    out.replace(range.begin, range.size(), replacement);
    return out;
  }

  /// Whole lines of the donor.
  std::string part() {
    if (donor_.instructions().empty()) return "RUN true\n";
    std::string out(donor_.source().slice(lines(donor_, any_of(donor_.instructions()))));
    if (!out.ends_with('\n')) out += '\n';
    return out;
  }

  std::string add_instruction() { return with(TextRange::at(lines(document_, any_instruction()).end), part()); }
  std::string replace_instruction() { return with(lines(document_, any_instruction()), part()); }
  std::string remove_instruction() { return with(lines(document_, any_instruction()), ""); }

  static std::vector<TextRange> flags(const Document& document) {
    std::vector<TextRange> all;
    for (const Instruction& instruction : document.instructions())
      for (const Flag& flag : instruction.flags) all.push_back(flag.range);
    return all;
  }
  std::string donated_flag() {
    const std::vector<TextRange> all = flags(donor_);
    return all.empty() ? "--mount=type=cache,target=/root/.npm" : std::string(donor_.source().slice(any_of(all)));
  }

  std::string add_flag() {
    const Instruction& instruction = any_instruction();
    return with(TextRange::at(instruction.keyword.range.end), ' ' + donated_flag());
  }
  std::string replace_flag() {
    const std::vector<TextRange> all = flags(document_);
    return all.empty() ? add_flag() : with(any_of(all), donated_flag());
  }

  /// What is between commas in flags.
  static std::vector<TextRange> options(const Document& document) {
    std::vector<TextRange> all;
    for (const TextRange flag : flags(document)) {
      const std::string_view text = document.source().slice(flag);
      std::size_t from = std::min(text.find('='), text.size());
      while (from < text.size()) {
        const std::size_t end = std::min(text.find(',', from + 1), text.size());
        all.push_back({flag.begin + static_cast<TextSize>(from + 1), flag.begin + static_cast<TextSize>(end)});
        from = end;
      }
    }
    return all;
  }
  std::string donated_option() {
    const std::vector<TextRange> all = options(donor_);
    return all.empty() ? "sharing=private" : std::string(donor_.source().slice(any_of(all)));
  }

  std::string add_option() {
    const std::vector<TextRange> all = options(document_);
    return all.empty() ? add_flag() : with(TextRange::at(any_of(all).end), ',' + donated_option());
  }
  std::string replace_option() {
    const std::vector<TextRange> all = options(document_);
    return all.empty() ? add_flag() : with(any_of(all), donated_option());
  }

  std::string replace_word() {
    std::vector<TextRange> ours;
    std::vector<std::string_view> theirs;
    for (const Instruction& instruction : document_.instructions())
      for (const Argument& argument : instruction.arguments) ours.push_back(argument.range);
    for (const Instruction& instruction : donor_.instructions())
      for (const Argument& argument : instruction.arguments) theirs.push_back(donor_.source().slice(argument.range));
    if (ours.empty() || theirs.empty()) return add_instruction();
    return with(any_of(ours), any_of(theirs));
  }

  /// What is between blanks, `\\` and the bytes of `separators` in the scripts of RUNs.
  static std::vector<TextRange> parts_of_scripts(const Document& document, std::string_view separators) {
    std::vector<TextRange> all;
    for (const Instruction& instruction : document.instructions()) {
      if (instruction.kind != InstructionKind::run || instruction.body.empty()) continue;
      const TextSize begin = instruction.body.in_source().begin;
      const TextSize end = std::max(instruction.range.end, begin);
      const std::string_view script = document.source().slice({begin, end});
      for (std::size_t at = 0; at < script.size();) {
        const std::size_t from = std::min(script.find_first_not_of(separators, at), script.size());
        std::size_t to = std::min(script.find_first_of(separators, from), script.size());
        at = to;
        while (to > from && std::string_view(" \t\r\n\\").find(script[to - 1]) != script.npos) --to;
        if (to > from) all.push_back({begin + static_cast<TextSize>(from), begin + static_cast<TextSize>(to)});
      }
    }
    return all;
  }
  static std::vector<TextRange> commands(const Document& document) { return parts_of_scripts(document, "&|;"); }
  static std::vector<TextRange> script_words(const Document& document) {
    return parts_of_scripts(document, "&|; \t\r\n\\");
  }

  std::string donated_command() {
    const std::vector<TextRange> all = commands(donor_);
    return all.empty() ? "npm ci" : std::string(donor_.source().slice(any_of(all)));
  }

  std::string add_command() {
    constexpr std::array<std::string_view, 4> kJoiners = {" && ", " && ", "; ", " || "};
    const std::vector<TextRange> all = commands(document_);
    if (all.empty()) return add_instruction();
    const std::string joiner(any_of(kJoiners));
    return with(TextRange::at(any_of(all).end), joiner + donated_command());
  }
  std::string replace_command() {
    const std::vector<TextRange> all = commands(document_);
    return all.empty() ? replace_instruction() : with(any_of(all), donated_command());
  }
  std::string remove_command() {
    const std::vector<TextRange> all = commands(document_);
    if (all.size() < 2) return remove_instruction();
    const std::size_t i = below(all.size() - 1);
    return with({all[i].begin, all[i + 1].begin}, "");
  }
  std::string replace_script_word() {
    const std::vector<TextRange> ours = script_words(document_), theirs = script_words(donor_);
    if (ours.empty() || theirs.empty()) return replace_word();
    return with(any_of(ours), donor_.source().slice(any_of(theirs)));
  }

  std::string break_line() {
    std::vector<TextSize> blanks;
    for (const Instruction& instruction : document_.instructions())
      for (TextSize i = instruction.range.begin; i < instruction.range.end; ++i)
        if (text()[i] == ' ') blanks.push_back(i);
    if (blanks.empty()) return add_comment();
    std::string broken = {' ', document_.escape(), '\n'};
    if (below(3) == 0) broken += any_of(kComments);
    const TextSize blank = any_of(blanks);
    return with({blank, blank + 1}, broken);
  }

  std::string join_line() {
    std::vector<TextRange> all;
    for (const Token& token : document_.tokens())
      if (token.kind == TokenKind::continuation) all.push_back(token.range);
    return all.empty() ? break_line() : with(any_of(all), " ");
  }

  std::string add_comment() {
    return with(TextRange::at(lines(document_, any_instruction()).begin), any_of(kComments));
  }

  std::string to_heredoc() {
    const Instruction& instruction = any_instruction();
    const std::string body(document_.source().slice(instruction.range).substr(instruction.keyword.range.size()));
    return with(instruction.range, "RUN <<EOF\n" + body + "\nEOF\n");
  }
  std::string to_onbuild() { return with(TextRange::at(any_instruction().range.begin), "ONBUILD "); }

  std::string to_crlf() {
    std::string out;
    for (const char c : text()) {
      if (c == '\n' && !out.ends_with('\r')) out += '\r';
      out += c;
    }
    return out;
  }

  const Document document_;
  const Document donor_;
  std::mt19937 dice_;
};

}  // namespace

std::string mutated(std::string_view bytes, std::string_view donor, std::uint32_t seed) {
  return Mutator(bytes, donor, seed).run();
}

}  // namespace dockerlint::test
