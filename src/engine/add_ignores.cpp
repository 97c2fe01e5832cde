// SPDX-License-Identifier: Apache-2.0
// Writing down, in the file, that what is found there is known.
#include "dockerlint/lint.hpp"
#include "engine/instruction_at.hpp"
#include "engine/suppressions.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

namespace dockerlint {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

using Names = std::set<std::string_view>;

std::string joined(const Names& names) {
  std::string out;
  for (const std::string_view name : names) out += fmt::format("{}{}", out.empty() ? "" : ",", name);
  return out;
}

class Writer {
 public:
  Writer(const Document& document, std::string_view reason)
      : document_(document), source_(document.source()), reason_(reason), comments_(read_ignores(document)) {
    for (const IgnoreComment& comment : comments_) {
      if (comment.form != IgnoreForm::dockerlint || !comment.scope) continue;
      if (comment.whole_file) of_file_ = of_file_ != nullptr ? of_file_ : &comment;
      else of_instruction_[comment.scope->begin] = &comment;
    }
  }

  void ignore(const Diagnostic& found) {
    if (RuleSet::place_of(*found.rule) == all_rules().size()) return;  // internal/…: nobody's to ignore
    const Instruction* const in = instruction_at(found.range.begin, document_);
    if (in == nullptr) file_.insert(found.rule->name);
    else instructions_[in].insert(found.rule->name);
  }

  std::string text() {
    if (!file_.empty()) {
      if (of_file_ != nullptr) lengthen(*of_file_, file_);
      else add_for_file();
    }
    for (const auto& [in, names] : instructions_) {
      const auto comment = of_instruction_.find(in->range.begin);
      if (comment != of_instruction_.end()) lengthen(*comment->second, names);
      else new_lines_[begin_of(in->first_line)] += line("ignore", names, in->first_line);
    }
    std::string out;
    TextSize at = 0;
    for (const auto& [place, added] : new_lines_) {
      out.append(source_.slice({at, place})).append(added);
      at = place;
    }
    return out.append(source_.slice({at, source_.size()}));
  }

 private:
  TextSize begin_of(std::uint32_t line) const {
    const TextSize begin = source_.line_start(line);
    const bool marked = begin == 0 && source_.bytes().starts_with(kByteOrderMark);
    return marked ? static_cast<TextSize>(kByteOrderMark.size()) : begin;
  }

  /// As the line ends, or, where it is the last and has none, the one before it.
  std::string_view line_end(std::uint32_t line) const {
    if (line == source_.line_count() && !source_.bytes().ends_with('\n') && line > 1) --line;
    const TextSize end = source_.line_range(line).end;
    return end < source_.size() && source_.bytes()[end] == '\r' ? "\r\n" : "\n";
  }

  std::string comment(std::string_view key, const Names& names) const {
    return fmt::format("# dockerlint {}={}{}{}", key, joined(names), reason_.empty() ? "" : " ", reason_);
  }

  std::string line(std::string_view key, const Names& names, std::uint32_t above) const {
    const std::string_view rest = source_.slice({begin_of(above), source_.line_range(above).end});
    const std::string_view indent = rest.substr(0, rest.find_first_not_of(" \t"));
    return fmt::format("{}{}{}", indent, comment(key, names), line_end(above));
  }

  /// Above the first instruction, behind all that BuildKit may read as a directive.
  void add_for_file() {
    const auto instructions = document_.instructions();
    if (!instructions.empty()) {
      const std::uint32_t first = instructions.front().first_line;
      new_lines_[begin_of(first)] += line("ignore-file", file_, first);
      return;
    }
    const bool begins_line =
        source_.bytes().empty() || source_.bytes().ends_with('\n') || source_.bytes() == kByteOrderMark;
    const std::string_view end = source_.bytes().empty() ? "\n" : line_end(source_.line_count());
    new_lines_[source_.size()] += fmt::format("{}{}{}", begins_line ? "" : end, comment("ignore-file", file_), end);
  }

  void lengthen(const IgnoreComment& comment, const Names& names) {
    std::string& added = new_lines_[comment.list.end];
    added += fmt::format("{}{}", comment.names.empty() ? "" : ",", joined(names));
    if (comment.reason.empty() && !reason_.empty()) added += fmt::format(" {}", reason_);
  }

  const Document& document_;
  const SourceText& source_;
  std::string_view reason_;
  std::vector<IgnoreComment> comments_;
  const IgnoreComment* of_file_ = nullptr;
  std::map<TextSize, const IgnoreComment*> of_instruction_;  // the last, by where the instruction begins
  Names file_;
  std::map<const Instruction*, Names> instructions_;
  std::map<TextSize, std::string> new_lines_;  // by where they go
};

}  // namespace

std::string add_ignores(const Document& document, std::span<const Diagnostic> findings, std::string_view reason) {
  Writer writer(document, reason);
  for (const Diagnostic& found : findings) writer.ignore(found);
  return writer.text();
}

}  // namespace dockerlint
