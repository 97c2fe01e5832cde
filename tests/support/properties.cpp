// SPDX-License-Identifier: Apache-2.0
#include "support/properties.hpp"

#include "dockerlint/model.hpp"
#include "engine/suppressions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace dockerlint::test {
namespace {

using Faults = std::vector<std::string>;

void tokens_tile(const Document& document, std::string_view bytes, Faults& faults) {
  TextSize at = 0;
  for (const Token& token : document.tokens()) {
    if (token.range.begin != at || token.range.end <= at) {
      faults.push_back(fmt::format("tokens do not tile: a {} at {}-{} follows what ends at {}", to_string(token.kind),
                                   token.range.begin, token.range.end, at));
      return;
    }
    at = token.range.end;
  }
  if (at != bytes.size()) faults.push_back(fmt::format("tokens end at {} of {} bytes", at, bytes.size()));
  if (document.source().bytes() != bytes) faults.push_back("the document's bytes are not the input's");
}

void instruction_in_place(const Document& document, const Instruction& instruction, Faults& faults) {
  const SourceText& source = document.source();
  const auto fault = [&](std::string_view what) {
    faults.push_back(fmt::format("line {}: {} {}", instruction.first_line, instruction.keyword.text, what));
  };
  const TextRange whole = instruction.range;
  if (whole.begin > whole.end || whole.end > source.size()) return fault("is not inside the file");
  if (!whole.contains(instruction.keyword.range)) fault("does not hold its keyword");
  // Lines that hold only a continuation may stand before the keyword.
  const std::uint32_t line = source.line_of(whole.begin);
  if (line < instruction.first_line || line > instruction.last_line) fault("does not begin in its lines");
  if (source.line_of(whole.end) > instruction.last_line || instruction.last_line > source.line_count())
    fault("does not end in its lines");
  if (!instruction.body.empty() && !whole.contains(instruction.body.in_source())) fault("does not hold its body");

  TextSize at = instruction.keyword.range.begin;
  for (const Flag& flag : instruction.flags) {
    if (flag.range.begin < at || !whole.contains(flag.range)) fault("has a flag out of place");
    at = flag.range.end;
    const TextRange value = flag.value.in_source();
    if (flag.has_value && !flag.value.empty() && !flag.range.contains(value)) fault("has a flag's value out of place");
  }
  for (const Argument& argument : instruction.arguments) {
    if (argument.range.begin < at || !whole.contains(argument.range)) fault("has an argument out of place");
    at = argument.range.begin;
  }
  for (const Assignment& assignment : instruction.assignments) {
    if (!whole.contains(assignment.range)) fault("has an assignment out of place");
    if (!assignment.range.contains(assignment.name.range)) fault("has a name outside its assignment");
    if (assignment.has_value && !assignment.range.contains(assignment.value.range))
      fault("has a value outside its assignment");
  }
  TextSize body_end = 0;
  for (const Heredoc& heredoc : instruction.heredocs) {
    if (heredoc.marker.empty() || heredoc.marker.begin < whole.begin) fault("has a heredoc marker out of place");
    if (heredoc.body.begin > heredoc.body.end || heredoc.body.end > source.size() || heredoc.body.begin < body_end)
      fault("has a heredoc body out of place");
    if (heredoc.terminated && heredoc.end.begin != heredoc.body.end) fault("has a heredoc end apart from its body");
    body_end = std::max(heredoc.body.end, heredoc.end.end);
  }
  if (instruction.nested != nullptr) {
    if (!whole.contains(instruction.nested->range)) fault("does not hold its nested instruction");
    instruction_in_place(document, *instruction.nested, faults);
  }
}

void tree_in_place(const Document& document, Faults& faults) {
  TextSize at = 0;
  for (const Instruction& instruction : document.instructions()) {
    if (instruction.range.begin < at)
      faults.push_back(fmt::format("line {}: overlaps the instruction before", instruction.first_line));
    at = instruction.range.end;
    instruction_in_place(document, instruction, faults);
  }
  for (const SyntaxError& error : document.errors()) {
    if (error.range.begin > error.range.end || error.range.end > document.source().size())
      faults.push_back(fmt::format("a syntax error is not inside the file: {}", error.message));
    if (error.message.empty()) faults.push_back("a syntax error says nothing");
  }
}

void model_in_place(const Document& document, Faults& faults) {
  const Model model(document);
  std::uint32_t index = 0;
  for (const Stage& stage : model.stages()) {
    if (stage.index != index++) faults.push_back(fmt::format("stage {} has the index {}", index - 1, stage.index));
    if (stage.from == nullptr) faults.push_back("a stage has no FROM");
    if (stage.parent != nullptr && stage.parent->index >= stage.index)
      faults.push_back("a stage builds on a later one");
    for (const RunStep& run : stage.runs) {
      if (run.stage != &stage) faults.push_back("a RUN is in a stage that is not its own");
      for (const Mount& mount : run.mounts) {
        if (mount.run != &run) faults.push_back("a mount is in a RUN that is not its own");
        for (const MountOption& option : mount.options)
          if (mount.flag == nullptr || !mount.flag->range.contains(option.range) ||
              !option.range.contains(option.name_range) || !option.range.contains(option.value_range))
            faults.push_back(fmt::format("a mount option is out of place: {}", option.name));
      }
    }
  }
  for (const BuildError& error : model.errors()) {
    if (error.range.begin > error.range.end || error.range.end > document.source().size())
      faults.push_back(fmt::format("a build error is not inside the file: {}", error.message));
    if (error.message.empty()) faults.push_back("a build error says nothing");
  }
}

void read_whole(const std::string& path, std::string_view bytes, Faults& faults) {
  const Document document = Document::parse(path, std::string(bytes));
  tokens_tile(document, bytes, faults);
  tree_in_place(document, faults);
  model_in_place(document, faults);
}

/// Whether cutting at `offset` parts the bytes of one code point.
bool parts_a_code_point(std::string_view bytes, std::size_t offset) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const auto follows = [&](std::size_t i) { return i < bytes.size() && (byte(i) & 0xC0) == 0x80; };
  if (!follows(offset)) return false;
  for (std::size_t back = 1; back <= 3 && back <= offset; ++back) {
    const unsigned char lead = byte(offset - back);
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
    if ((lead & 0xC0) == 0x80) continue;
    if (length <= back) return false;
    for (std::size_t i = 1; i < length; ++i)
      if (!follows(offset - back + i)) return false;
    return true;
  }
  return false;
}

std::string without_cr(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n') out += text[i];
  return out;
}

std::string with_cr(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? "\r\n" : std::string(1, c);
  return out;
}

/// The input with `\n` only; nothing where `\r\n` cannot be the same file: with a `\r` that is text, or
/// with a line so long that one more byte counts.
std::optional<std::string> with_plain_line_ends(std::string_view bytes) {
  constexpr std::size_t kLongLine = 65535;
  std::string plain = without_cr(bytes);
  if (plain.find('\r') != plain.npos) return std::nullopt;
  for (std::size_t begin = 0, end = 0; begin < plain.size(); begin = end + 1) {
    end = std::min(plain.find('\n', begin), plain.size());
    if (end - begin >= kLongLine) return std::nullopt;
  }
  return plain;
}

bool eligible(const Diagnostic& finding, const Config& config, Applicability at_least) {
  return finding.fix && config.applies(*finding.rule, *finding.fix, at_least);
}

bool conflict(const TextEdit& a, const TextEdit& b) {
  if (a == b) return false;  // one edit serves both
  return overlaps(a.range, b.range) || a.range.begin == b.range.begin;
}

/// An edit of one fix that is put right behind what another fix removes waits for it.
bool waits(const TextEdit& edit, const TextEdit& removal) {
  return edit.range.empty() && !removal.range.empty() && removal.text.empty() && edit.range.begin == removal.range.end;
}

std::string spliced(std::string_view text, std::vector<TextEdit> edits) {
  std::sort(edits.begin(), edits.end(), [](const TextEdit& a, const TextEdit& b) {
    return std::tie(a.range.begin, a.range.end) < std::tie(b.range.begin, b.range.end);
  });
  edits.erase(std::unique(edits.begin(), edits.end()), edits.end());
  std::string out;
  std::size_t at = 0;
  for (const TextEdit& edit : edits) {
    out += text.substr(at, edit.range.begin - at);
    out += edit.text;
    at = edit.range.end;
  }
  out += text.substr(at);
  return out;
}

/// The instructions that are gone although no edit takes away a whole one.
std::size_t lost_instructions(const Document& before, const std::vector<TextEdit>& edits, const Document& after) {
  const auto kept = static_cast<std::size_t>(
      std::count_if(before.instructions().begin(), before.instructions().end(), [&](const Instruction& instruction) {
        return std::none_of(edits.begin(), edits.end(),
                            [&](const TextEdit& edit) { return edit.range.contains(instruction.range); });
      }));
  const std::size_t now = after.instructions().size();
  return now < kept ? kept - now : 0;
}

/// The comments of the file that `counts` picks, each with how often it is there.
template <typename Counts>
std::map<std::string, int> comments(const Document& document, Counts counts) {
  std::map<std::string, int> all;
  for (const Token& token : document.tokens()) {
    if (token.kind != TokenKind::comment && token.kind != TokenKind::directive) continue;
    if (!counts(token)) continue;
    std::string_view text = document.source().slice(token.range);
    while (!text.empty() && (text.back() == '\r' || text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    if (token.kind == TokenKind::directive) text = text.substr(0, text.find('='));  // a fix may give it another value
    ++all[std::string(text)];
  }
  return all;
}

/// Those that no fix may be about: a comment that asks to ignore something is itself the subject of some.
std::map<std::string, int> comments(const Document& document) {
  std::set<TextSize> subjects;
  for (const IgnoreComment& comment : read_ignores(document))
    if (comment.form == IgnoreForm::dockerlint) subjects.insert(comment.range.begin);
  return comments(document, [&](const Token& token) { return !subjects.contains(token.range.begin); });
}

struct Replay {
  std::string text;
  std::size_t lost_instructions = 0;
  std::map<std::string, int> removed_comments;  // by edits that take them away whole
};

/// What comes of the edits of the fixes in `applied`, and of nothing else. Nothing if they cannot be
/// found again.
std::optional<Replay> replayed(const std::string& path, std::string_view bytes, const Config& config,
                               Applicability at_least, const std::vector<AppliedFix>& applied) {
  Replay replay{std::string(bytes)};
  for (std::size_t next = 0; next < applied.size();) {
    const Document document = Document::parse(path, replay.text);
    const std::vector<Diagnostic> found = lint(document, config, Catalog::builtin());
    std::vector<bool> taken(found.size(), false);
    std::vector<TextEdit> edits;
    const auto fits = [&](std::size_t i, const AppliedFix& fix) {
      if (taken[i] || !eligible(found[i], config, at_least)) return false;
      if (found[i].rule != fix.rule || found[i].fix->title != fix.title) return false;
      if (document.source().line_of(found[i].range.begin) != fix.line) return false;
      for (const TextEdit& edit : found[i].fix->edits)
        for (const TextEdit& other : edits)
          if (conflict(edit, other) || waits(edit, other) || waits(other, edit)) return false;
      return true;
    };
    const std::size_t before = next;
    while (next < applied.size()) {
      std::size_t i = 0;
      while (i < found.size() && !fits(i, applied[next])) ++i;
      if (i == found.size()) break;
      taken[i] = true;
      edits.insert(edits.end(), found[i].fix->edits.begin(), found[i].fix->edits.end());
      ++next;
    }
    if (next == before) return std::nullopt;
    const auto goes = [&](const Token& token) {
      return std::any_of(edits.begin(), edits.end(), [&](const TextEdit& e) { return e.range.contains(token.range); });
    };
    for (const auto& [comment, count] : comments(document, goes)) replay.removed_comments[comment] += count;
    replay.text = spliced(replay.text, edits);
    replay.lost_instructions += lost_instructions(document, edits, Document::parse(path, replay.text));
  }
  return replay;
}

std::map<std::string, int> errors(const Document& document) {
  std::map<std::string, int> all;
  for (const SyntaxError& error : document.errors()) ++all[std::string(error.message)];
  const Model model(document);
  for (const BuildError& error : model.errors()) ++all[std::string(error.message)];
  return all;
}

using Place = std::tuple<std::uint32_t, std::uint32_t, std::string_view, std::string>;

std::vector<Place> places(const Document& document, const std::vector<Diagnostic>& found) {
  std::vector<Place> all;
  for (const Diagnostic& finding : found) {
    const LineColumn at = document.source().line_column(finding.range.begin);
    all.emplace_back(at.line, at.column, finding.rule->name, finding.message);
  }
  return all;
}

class Findings {
 public:
  Findings(const Document& document, Faults& faults) : document_(document), faults_(faults) {}

  void check(const Diagnostic& finding) {
    rule_ = finding.rule;
    line_ = document_.source().line_of(std::min(finding.range.begin, document_.source().size()));
    if (rule_->name.starts_with("internal/")) return fault(finding.message);
    if (!in_file(finding.range)) fault("is not inside the file");
    for (const Label& label : finding.labels)
      if (!in_file(label.range)) fault("has a label that is not inside the file");
    if (finding.message.empty() || finding.message.find('\n') != finding.message.npos) fault("does not say one line");
    if (rule_->fix == FixKind::always && !finding.fix) fault("has no fix, though its rule always fixes");
    if (rule_->fix == FixKind::none && finding.fix) fault("has a fix, though its rule never fixes");
    if (finding.fix) check(*finding.fix, finding.range);
  }

 private:
  void fault(std::string_view what) { faults_.push_back(fmt::format("line {}: {}: {}", line_, rule_->name, what)); }
  bool in_file(TextRange range) const { return range.begin <= range.end && range.end <= document_.source().size(); }

  void check(const Fix& fix, TextRange about) {
    if (fix.title.empty()) fault("has a fix without a title");
    if (fix.edits.empty()) fault("has a fix that edits nothing");
    for (std::size_t i = 0; i < fix.edits.size(); ++i) {
      const TextEdit& edit = fix.edits[i];
      if (!in_file(edit.range)) {
        fault("has an edit that is not inside the file");
        continue;
      }
      const std::string_view bytes = document_.source().bytes();
      if (document_.source().slice(edit.range) == edit.text) fault("has an edit that changes nothing");
      if (parts_a_code_point(bytes, edit.range.begin) || parts_a_code_point(bytes, edit.range.end))
        fault("has an edit that parts a code point");
      const Token* comment = comment_about(about);
      const bool in_comment = comment != nullptr && lines(comment->range).contains(edit.range);
      if (!in_comment && !in_instruction(edit.range) && !is_new_line(edit))
        fault("has an edit outside any instruction");
      if (!in_comment && fix.applicability == Applicability::safe && document_.has_comment(edit.range))
        fault("has a safe edit that covers a comment");
      for (std::size_t j = 0; j < i; ++j)
        if (conflict(edit, fix.edits[j])) fault("has edits that overlap");
    }
  }

  /// The lines that hold `range`, with the line end of the last.
  TextRange lines(TextRange range) const {
    const SourceText& source = document_.source();
    const std::uint32_t last = source.line_of(range.end);
    return {source.line_start(source.line_of(range.begin)),
            last < source.line_count() ? source.line_start(last + 1) : source.size()};
  }

  /// Whole lines between others: an instruction may come before the comments of the next one.
  bool is_new_line(const TextEdit& edit) const {
    const SourceText& source = document_.source();
    return edit.range.empty() && edit.text.ends_with('\n') &&
           source.line_start(source.line_of(edit.range.begin)) == edit.range.begin;
  }

  bool in_instruction(TextRange range) const {
    return std::any_of(document_.instructions().begin(), document_.instructions().end(), [&](const Instruction& i) {
      const SourceText& source = document_.source();
      const TextSize end = i.last_line < source.line_count() ? source.line_start(i.last_line + 1) : source.size();
      return TextRange{source.line_start(i.first_line), end}.contains(range);
    });
  }

  /// The comment or directive that the finding is about, if it is about one.
  const Token* comment_about(TextRange about) const {
    for (const Token& token : document_.tokens_in(about))
      if ((token.kind == TokenKind::comment || token.kind == TokenKind::directive) && token.range.contains(about))
        return &token;
    return nullptr;
  }

  const Document& document_;
  Faults& faults_;
  const Rule* rule_ = nullptr;
  std::uint32_t line_ = 0;
};

}  // namespace

Config everything() {
  Config config;
  config.min_severity = Severity::hint;
  return config;
}

Config only(const Rule& rule) {
  Config config{RuleSet::none(), RuleSet::none()};
  config.enabled.insert(rule);
  config.fixed.insert(rule);
  config.min_severity = Severity::hint;
  return config;
}

std::vector<std::string> broken_by_reading(const std::string& path, std::string_view bytes) {
  Faults faults;
  read_whole(path, bytes, faults);
  return faults;
}

std::vector<std::string> broken_by_deletion(const std::string& path, std::string_view bytes, std::size_t deletions) {
  Faults faults;
  const Document document = Document::parse(path, std::string(bytes));
  const std::span<const Token> tokens = document.tokens();
  const std::size_t count = std::min(deletions, tokens.size());
  for (std::size_t i = 0; i < count && faults.empty(); ++i) {
    const Token& token = tokens[i * tokens.size() / count];
    std::string without(bytes);
    without.erase(token.range.begin, token.range.size());
    read_whole(path, without, faults);
    for (std::string& fault : faults)
      fault = fmt::format("without the {} at {}: {}", to_string(token.kind), token.range.begin, fault);
  }
  return faults;
}

std::vector<std::string> broken_by_linting(const std::string& path, std::string_view bytes, const Config& config) {
  Faults faults;
  const Document document = Document::parse(path, std::string(bytes));
  const std::vector<Diagnostic> found = lint(document, config, Catalog::builtin());

  Findings findings(document, faults);
  TextSize at = 0;
  for (const Diagnostic& finding : found) {
    if (finding.range.begin < at) faults.push_back(fmt::format("{}: out of order", finding.rule->name));
    at = finding.range.begin;
    findings.check(finding);
  }

  if (const auto plain = with_plain_line_ends(bytes)) {
    const Document lf = Document::parse(path, *plain);
    const Document crlf = Document::parse(path, with_cr(*plain));
    if (places(lf, lint(lf, config, Catalog::builtin())) != places(crlf, lint(crlf, config, Catalog::builtin())))
      faults.push_back("with \\r\\n the findings are others");
  }
  return faults;
}

std::vector<std::string> broken_by_fixing(const std::string& path, std::string_view bytes, const Config& config,
                                          Applicability at_least) {
  Faults faults;
  const auto fault = [&](std::string what) {
    faults.push_back(fmt::format("with {} fixes: {}", to_string(at_least), what));
  };
  const Catalog& catalog = Catalog::builtin();
  const FixResult once = fix(path, std::string(bytes), config, catalog, at_least);
  const std::string text(once.document.source().bytes());

  const std::map<std::string, int> errors_before = errors(Document::parse(path, std::string(bytes)));
  for (const RefusedFix& refused : once.refused) {
    fault(
        fmt::format("line {}: {}: refused to {}: {}", refused.line, refused.rule->name, refused.title, refused.reason));
  }
  if (once.refused.empty())
    for (const Diagnostic& left : once.left)
      if (eligible(left, config, at_least))
        fault(fmt::format("line {}: {}: not settled: {}", once.document.source().line_of(left.range.begin),
                          left.rule->name, left.fix->title));
  if (once.applied.empty() && text != bytes) fault("changed the file, and says that it did nothing");
  if (places(once.document, once.left) != places(once.document, lint(once.document, config, catalog)))
    fault("what is left is not what the fixed file has");

  if (!once.applied.empty()) {
    const Document before = Document::parse(path, std::string(bytes));
    tokens_tile(once.document, text, faults);
    const std::optional<Replay> sum = replayed(path, bytes, config, at_least, once.applied);
    if (!sum) fault("a fix that is said to be applied is none that was offered");
    else if (sum->text != text) fault("the result is not the sum of the edits that are said to be applied");
    constexpr std::size_t kMostPerFix = 1024;
    if (text.size() > 2 * bytes.size() + kMostPerFix * once.applied.size())
      fault(fmt::format("{} bytes have become {}", bytes.size(), text.size()));
    if (sum && sum->lost_instructions > 0) fault(fmt::format("{} instructions are lost", sum->lost_instructions));

    // Behind one mistake there may be another, which shows when the first is put right; but never more than before.
    const auto total = [](const std::map<std::string, int>& counts) {
      int all = 0;
      for (const auto& [message, count] : counts) all += count;
      return all;
    };
    std::map<std::string, int> known = errors_before;
    const std::map<std::string, int> errors_after = errors(once.document);
    for (const auto& [message, count] : errors_after)
      if (count > known[message] && total(errors_after) > total(errors_before))
        fault(fmt::format("a new error: {}", message));

    std::map<std::string, int> kept = comments(once.document);
    if (at_least == Applicability::unsafe && sum)
      for (const auto& [comment, count] : sum->removed_comments) kept[comment] += count;
    for (const auto& [comment, count] : comments(before))
      if (count > kept[comment]) fault(fmt::format("a comment is lost: {}", comment));

    const FixResult twice = fix(path, text, config, catalog, at_least);
    if (!twice.applied.empty() || twice.document.source().bytes() != text) fault("fixing again changes the file again");
  }

  if (const auto plain = with_plain_line_ends(bytes)) {
    const FixResult lf = *plain == bytes ? FixResult{Document::parse(path, text), {}, {}, {}}
                                         : fix(path, *plain, config, catalog, at_least);
    const FixResult crlf = fix(path, with_cr(*plain), config, catalog, at_least);
    if (crlf.document.source().bytes() != with_cr(lf.document.source().bytes()))
      fault("with \\r\\n the result is another");
  }
  return faults;
}

std::vector<std::string> broken_by_ignoring(const std::string& path, std::string_view bytes, const Config& config) {
  const Document before = Document::parse(path, std::string(bytes));
  const std::vector<Diagnostic> found = lint(before, config, Catalog::builtin());
  if (found.empty()) return {};
  Faults faults;
  const Document after = Document::parse(path, add_ignores(before, found, "why"));
  const bool same = std::equal(before.instructions().begin(), before.instructions().end(), after.instructions().begin(),
                               after.instructions().end(), [](const Instruction& a, const Instruction& b) {
                                 return a.kind == b.kind && a.body.text() == b.body.text();
                               });
  if (!same || before.directives().size() != after.directives().size())
    faults.push_back("with ignores, BuildKit reads something else");
  for (const Diagnostic& left : lint(after, config, Catalog::builtin()))
    if (!left.rule->about_ignores)
      faults.push_back(fmt::format("{}: found although a comment ignores it", left.rule->name));
  return faults;
}

std::vector<std::string> broken_properties(const std::string& path, std::string_view bytes, const Config& config,
                                           std::size_t deletions) {
  Faults faults = broken_by_reading(path, bytes);
  if (!faults.empty()) return faults;
  for (const Faults& more :
       {broken_by_deletion(path, bytes, deletions), broken_by_linting(path, bytes, config),
        broken_by_ignoring(path, bytes, config), broken_by_fixing(path, bytes, config, Applicability::safe),
        broken_by_fixing(path, bytes, config, Applicability::unsafe)})
    faults.insert(faults.end(), more.begin(), more.end());
  return faults;
}

}  // namespace dockerlint::test
