// SPDX-License-Identifier: Apache-2.0
// Reads a Dockerfile line by line as BuildKit does (parser/parser.go), but keeps every byte and never stops.

#include "dockerlint/syntax.hpp"
#include "syntax/directives.hpp"
#include "syntax/heredoc.hpp"
#include "syntax/lines.hpp"
#include "syntax/tokens.hpp"
#include "syntax/validate.hpp"
#include "syntax/words.hpp"
#include "text/arena.hpp"
#include "text/go_values.hpp"
#include "text/shown.hpp"
#include "text/utf8.hpp"

#include <fmt/core.h>

#include <mutex>
#include <unordered_map>
#include <utility>

namespace dockerlint {

struct Document::Impl {
  Impl(std::string path, std::string bytes) : source(std::move(path), std::move(bytes)) {}

  SourceText source;
  Arena arena;
  char escape = '\\';
  std::vector<Token> comments;
  std::vector<Directive> directives;
  std::vector<Instruction> instructions;
  std::vector<SyntaxError> errors;
  std::once_flag tokens_are_made;
  std::vector<Token> tokens;
};

namespace {

/// BuildKit reads lines into a buffer of 64 KiB (parser.go, bufio.MaxScanTokenSize).
constexpr TextSize kLongestLine = 65535;

}  // namespace

class Parser {
 public:
  explicit Parser(Document::Impl& document) : doc_(document), source_(doc_.source), bytes_(source_.bytes()) {}

  void file() {
    doc_.instructions.reserve(source_.line_count() / 2 + 1);
    if (bytes_.starts_with(kByteOrderMark)) at_ = static_cast<TextSize>(kByteOrderMark.size());
    while (at_ < source_.size()) {
      const Line line = next_line();
      if (blank_or_comment(line)) continue;
      instruction(line);
    }
    doc_.instructions.shrink_to_fit();
    check_stages();
  }

 private:
  // --- lines ---

  Line next_line() {
    const Line line = line_at(source_, ++line_number_);
    if (line.end - line.text.begin > kLongestLine) {
      const TextSize text_end = line.end - (bytes_[line.end - 1] == '\n');
      if (text_end - line.text.begin > kLongestLine) line_too_long(line.text.begin, text_end);
    }
    at_ = line.end;
    return line;
  }

  void line_too_long(TextSize begin, TextSize end) {
    error(SyntaxErrorKind::line_too_long, {begin, end},
          fmt::format("this line is {} bytes long; BuildKit takes at most {}", end - begin, kLongestLine));
  }

  /// Takes a line that stands between instructions. False: it is not such a line.
  bool blank_or_comment(const Line& line) {
    const std::string_view text = source_.slice(line.text);
    const std::string_view stripped = trim_left(text);
    if (!stripped.empty() && stripped.front() != '#') return false;
    auto begin = line.text.end - static_cast<TextSize>(stripped.size());
    if (directives_.open()) {
      const auto found = directives_.read(text);
      if (found && found->counts) begin = directive(*found, line);
    }
    comment(TokenKind::comment, {begin, line.text.end});
    return true;
  }

  void comment(TokenKind kind, TextRange range) {
    if (!range.empty()) doc_.comments.push_back({kind, range});
  }

  /// Returns where it ends.
  TextSize directive(const DirectiveReader::Found& found, const Line& line) {
    const auto absolute = [&](TextRange r) { return TextRange{r.begin + line.text.begin, r.end + line.text.begin}; };
    const TextRange range = absolute(found.range);
    const TextRange value = absolute(found.value);
    comment(TokenKind::directive, range);
    if (found.repeated) {
      error(SyntaxErrorKind::directive, range, fmt::format("`# {}=` is given twice", found.name));
      return range.end;
    }
    const std::string_view text = source_.slice(value);
    doc_.directives.push_back({range, found.name, {value, text}});
    if (found.name == "check") check_directive({value, text});
    if (found.name == "escape") escape_directive({value, text});
    return range.end;
  }

  void escape_directive(const Argument& value) {
    if (value.text == "\\" || value.text == "`") doc_.escape = value.text.front();
    else
      error(SyntaxErrorKind::directive, value.range,
            fmt::format("the escape character is \\ or `, not {}", shown(value.text)));
  }

  /// `skip=…;error=…`, up to the first blank and in at most three parts (linter/linter.go).
  void check_directive(const Argument& value) {
    std::string_view rest = value.text.substr(0, value.text.find(' '));
    for (int part = 1; part <= 3; ++part) {
      const std::size_t semicolon = part < 3 ? rest.find(';') : rest.npos;
      const std::string_view option = rest.substr(0, semicolon);
      const std::size_t equals = std::min(option.find('='), option.size());
      const std::string_view name = option.substr(0, equals);
      const TextRange range = source_range(option);
      if (equals == option.size() || (name != "skip" && name != "error" && name != "experimental"))
        return error(SyntaxErrorKind::directive, range, fmt::format("`{}` is no option of `# check=`", shown(option)),
                     "it takes skip=, error= and experimental=, parted by `;`");
      const std::string_view setting = option.substr(equals + 1);
      if (name == "error" && !is_bool(setting))
        return error(SyntaxErrorKind::directive, range,
                     fmt::format("`error` is true or false, not `{}`", shown(setting)));
      if (semicolon == rest.npos) return;
      rest.remove_prefix(semicolon + 1);
    }
  }

  TextRange source_range(std::string_view piece) const {
    const auto begin = static_cast<TextSize>(piece.data() - bytes_.data());
    return {begin, begin + static_cast<TextSize>(piece.size())};
  }

  // --- instructions ---

  void instruction(const Line& first) {
    directives_.close();
    Instruction& in = doc_.instructions.emplace_back();
    in.first_line = line_number_;
    const auto indent = static_cast<TextSize>(first.text.size() - trim_left(source_.slice(first.text)).size());
    const TextSize first_begin = first.text.begin + indent;
    const TextSize first_end = continuation(source_, first.text, doc_.escape);

    pieces_.clear();
    TextSize joined = 0;
    const auto piece = [&](TextSize begin, TextSize end) {
      if (end > begin) pieces_.push_back({joined, end - begin, {begin, end}});
      joined += end - begin;
    };
    piece(first_begin, first_end);
    Line line = first;
    for (TextSize end = first_end; end != line.text.end && next_part(in, line);) {
      end = continuation(source_, line.text, doc_.escape);
      piece(line.text.begin, end);
    }
    in.last_line = line_number_;

    const LogicalText content = trimmed(logical_text());
    if (content.empty()) {
      in.range = in.keyword.range = {first_begin, first_end + (first_end < first.text.end)};
    } else {
      in.range = content.in_source();
      read(in, content, 0);
    }
    if (!in.heredocs.empty()) read_heredocs(in);
    in.last_line = line_number_;
    if (in.nested != nullptr) nested_->last_line = in.last_line;  // the heredocs are its own
    check(in);
  }

  /// What the pieces say, joined.
  LogicalText logical_text() {
    if (pieces_.empty()) return {};
    if (pieces_.size() == 1) return {source_.slice(pieces_[0].source), pieces_[0].source.begin};
    joined_.clear();
    for (const TextPiece& piece : pieces_) joined_ += source_.slice(piece.source);
    return {doc_.arena.keep(std::string_view(joined_)), doc_.arena.keep(pieces_)};
  }

  void check(Instruction& in) {
    if (in.broken) return;
    const bool labs = in.flag("device") != nullptr && may_be_labs_frontend();
    const auto refusal = validate(in, doc_.escape, labs);
    if (!refusal) return;
    in.broken = true;
    // Lines of a command whose continuation is missing: one mistake, which the first of them shows.
    const std::size_t count = doc_.instructions.size();
    if (in.kind == InstructionKind::unknown && count > 1 &&
        doc_.instructions[count - 2].kind == InstructionKind::unknown)
      return;
    if (in.kind == InstructionKind::unknown && count > 1 && has_comment_behind_escape(doc_.instructions[count - 2]))
      return error(refusal->kind, refusal->range, refusal->message,
                   fmt::format("nothing may follow the {} that continues a line, not even a comment: the line above "
                               "ends its instruction",
                               doc_.escape));
    error(refusal->kind, refusal->range, refusal->message, refusal->note);
  }

  /// `apt-get install a \ # why`.
  bool has_comment_behind_escape(const Instruction& in) const {
    std::string_view line = source_.slice(in.range);
    line = line.substr(line.find_last_of('\n') + 1);
    for (std::size_t comment = line.find('#'); comment != line.npos; comment = line.find('#', comment + 1)) {
      const std::size_t before = comment == 0 ? line.npos : line.find_last_not_of(" \t", comment - 1);
      if (before != line.npos && before + 1 < comment && line[before] == doc_.escape) return true;
    }
    return false;
  }

  /// Takes comment and blank lines up to the next line of a continued instruction, which becomes `line`.
  /// False at the end of the file.
  bool next_part(Instruction& in, Line& line) {
    while (at_ < source_.size()) {
      line = next_line();
      const std::string_view stripped = trim_left(source_.slice(line.text));
      if (!stripped.empty() && stripped.front() != '#') return true;
      if (stripped.empty()) in.empty_continuation = true;
      comment(TokenKind::comment, {line.text.end - static_cast<TextSize>(stripped.size()), line.text.end});
    }
    return false;
  }

  bool may_be_labs_frontend() const {
    for (const Directive& directive : doc_.directives)
      if (directive.name == "syntax")
        return directive.value.text.find("labs") != std::string_view::npos ||
               !directive.value.text.starts_with("docker/dockerfile");
    return false;
  }

  // --- what an instruction says ---

  /// Reads keyword, flags and arguments from the joined and trimmed text.
  void read(Instruction& in, const LogicalText& content, int depth) {
    const std::string_view text = content.text();
    std::size_t end = 0;
    while (end < text.size() && !is_blank(text[end])) ++end;
    in.keyword = {content.in_source(0, end), text.substr(0, end)};
    in.kind = instruction_kind(in.keyword.text);
    while (end < text.size() && is_blank(text[end])) ++end;

    LogicalText rest = content.slice(end, text.size());
    flags_.clear();
    rest = rest.slice(read_flags(rest, doc_.arena, flags_), rest.size());
    in.flags = doc_.arena.keep_list(flags_);
    in.body = trimmed(rest);
    read_arguments(in, depth);

    if (depth == 0 && !in.broken && takes_heredocs(in)) {
      std::vector<Heredoc> heredocs;
      find_heredocs(content, doc_.arena, heredocs);
      in.heredocs = doc_.arena.keep_list(heredocs);
    }
  }

  static bool takes_heredocs(const Instruction& in) {
    const Instruction& inner = in.nested != nullptr ? *in.nested : in;
    const bool reads =
        inner.kind == InstructionKind::run || inner.kind == InstructionKind::copy || inner.kind == InstructionKind::add;
    return reads && inner.form != Form::json;
  }

  void read_arguments(Instruction& in, int depth) {
    if (in.body.empty()) return;
    switch (in.kind) {
      case InstructionKind::unknown: return;
      case InstructionKind::env:
      case InstructionKind::label: return read_assignments(in);
      case InstructionKind::arg: return read_build_arguments(in);
      case InstructionKind::cmd:
      case InstructionKind::entrypoint:
      case InstructionKind::run:
      case InstructionKind::shell: return read_json_or(in, Form::text, in.body, {});
      case InstructionKind::add:
      case InstructionKind::copy:
      case InstructionKind::volume: return read_json_or(in, Form::words, in.body, {});
      case InstructionKind::expose:
      case InstructionKind::from: return read_words(in);
      case InstructionKind::maintainer:
      case InstructionKind::stopsignal:
      case InstructionKind::user:
      case InstructionKind::workdir: return read_text(in, in.body, {});
      case InstructionKind::healthcheck: return read_healthcheck(in);
      case InstructionKind::onbuild: return read_nested(in, depth);
    }
  }

  void read_json_or(Instruction& in, Form otherwise, const LogicalText& text, std::vector<Argument> before) {
    std::vector<Argument> strings;
    switch (read_json_array(text, doc_.arena, strings)) {
      case JsonArray::strings:
        before.insert(before.end(), strings.begin(), strings.end());
        in.arguments = doc_.arena.keep_list(before);
        in.form = Form::json;
        return;
      case JsonArray::mixed:
        in.broken = true;
        in.form = Form::json;
        error(SyntaxErrorKind::arguments, text.in_source(), "only strings may stand in this JSON array",
              "put numbers and other values in double quotes");
        return;
      case JsonArray::none: break;
    }
    if (otherwise == Form::words) return read_words(in);
    read_text(in, text, std::move(before));
  }

  void read_text(Instruction& in, const LogicalText& text, std::vector<Argument> before) {
    const Argument all{text.in_source(), text.text()};
    if (before.empty()) {
      in.arguments = doc_.arena.keep_list_of(all);
    } else {
      before.push_back(all);
      in.arguments = doc_.arena.keep_list(before);
    }
    in.form = Form::text;
  }

  void read_words(Instruction& in) {
    words_.clear();
    split_on_blanks(in.body.text(), words_);
    arguments_.clear();
    for (const WordRange& word : words_)
      arguments_.push_back(
          {in.body.in_source(word.begin, word.end), in.body.text().substr(word.begin, word.end - word.begin)});
    in.arguments = doc_.arena.keep_list(arguments_);
    in.form = Form::words;
  }

  static Assignment assignment(const LogicalText& text, WordRange word, std::size_t equals) {
    const std::string_view s = text.text();
    const bool has_value = equals < word.end;
    const std::size_t value = has_value ? equals + 1 : word.end;
    return {
        text.in_source(word.begin, word.end),
        {text.in_source(word.begin, equals), s.substr(word.begin, equals - word.begin)},
        {value < word.end ? text.in_source(value, word.end) : TextRange::at(text.in_source(word.begin, word.end).end),
         s.substr(value, word.end - value)},
        has_value};
  }

  void read_build_arguments(Instruction& in) {
    words_.clear();
    split_quoted(in.body.text(), doc_.escape, words_);
    assignments_.clear();
    for (const WordRange& word : words_)
      assignments_.push_back(assignment(in.body, word, std::min(in.body.text().find('=', word.begin), word.end)));
    in.assignments = doc_.arena.keep_list(assignments_);
    in.form = Form::pairs;
  }

  void read_assignments(Instruction& in) {
    const std::string_view text = in.body.text();
    words_.clear();
    split_quoted(text, doc_.escape, words_);
    if (words_.empty()) return;
    const auto equals_in = [&](WordRange word) { return std::min(text.find('=', word.begin), word.end); };

    assignments_.clear();
    if (equals_in(words_[0]) == words_[0].end) {  // the legacy form: one name, and all the rest is its value
      std::size_t name_end = 0;
      while (name_end < text.size() && !is_blank(text[name_end])) ++name_end;
      if (name_end == text.size()) {
        in.broken = true;
        error(SyntaxErrorKind::arguments, in.body.in_source(),
              fmt::format("{} needs a value for `{}`", to_string(in.kind), shown(text)),
              fmt::format("write `{} {}=…`", to_string(in.kind), shown(text)));
        return;
      }
      std::size_t value = name_end;
      while (value < text.size() && is_blank(text[value])) ++value;
      assignments_.push_back({in.body.in_source(),
                              {in.body.in_source(0, name_end), text.substr(0, name_end)},
                              {in.body.in_source(value, text.size()), text.substr(value)},
                              true});
      in.form = Form::legacy;
    } else {
      in.form = Form::pairs;
      for (const WordRange& word : words_) {
        const std::size_t equals = equals_in(word);
        if (equals == word.end) {
          in.broken = true;
          error(SyntaxErrorKind::arguments, in.body.in_source(word.begin, word.end),
                fmt::format("`{}` has no `=`", shown(text.substr(word.begin, word.end - word.begin))),
                fmt::format("{} takes name=value; a value with blanks needs quotes", to_string(in.kind)));
          break;
        }
        assignments_.push_back(assignment(in.body, word, equals));
      }
    }
    in.assignments = doc_.arena.keep_list(assignments_);
  }

  void read_healthcheck(Instruction& in) {
    const std::string_view text = in.body.text();
    const auto space = [&](std::size_t i) { return is_space(static_cast<unsigned char>(text[i])); };  // bytes as runes
    std::size_t end = 0;
    while (end < text.size() && !space(end)) ++end;
    std::size_t rest = end;
    while (rest < text.size() && space(rest)) ++rest;
    const Argument type{in.body.in_source(0, end), text.substr(0, end)};
    if (rest < text.size()) return read_json_or(in, Form::text, in.body.slice(rest, text.size()), {type});
    in.arguments = doc_.arena.keep_list_of(type);
    in.form = Form::words;
  }

  void read_nested(Instruction& in, int depth) {
    constexpr int kMaxDepth = 8;  // ONBUILD in ONBUILD is refused anyway; a file must not use up the stack
    if (depth == kMaxDepth) return;
    Instruction inner;
    inner.first_line = in.first_line;
    inner.last_line = line_number_;
    inner.range = in.body.in_source();
    read(inner, in.body, depth + 1);
    in.broken = inner.broken;
    if (depth == 0) nested_ = doc_.arena.make(inner);
    in.nested = depth == 0 ? nested_ : doc_.arena.make(inner);
    in.form = Form::nested;
  }

  // --- heredocs ---

  void read_heredocs(Instruction& in) {
    std::vector<Heredoc> heredocs(in.heredocs.begin(), in.heredocs.end());
    bool lost = false;
    for (Heredoc& heredoc : heredocs) {
      if (lost) {
        heredoc.terminated = false;
        heredoc.body = heredoc.end = TextRange::at(at_);
        continue;
      }
      if (std::uint32_t last = line_of_terminator(heredoc); last != 0) {
        take_heredoc(heredoc, last);
        continue;
      }
      lost = true;
      heredoc.terminated = false;
      in.broken = true;
      const std::uint32_t last = recover(heredoc);
      std::string note = fmt::format("no line after it is exactly `{}`", shown(heredoc.name));
      if (is_number(heredoc.name))
        note = "BuildKit takes a word that begins with << for a heredoc; in arithmetic, write 1<<2 without blanks";
      if (last <= source_.line_count() && last != 0 && line_number_ < last)
        note += fmt::format("; line {} was taken for its end", last);
      error(SyntaxErrorKind::heredoc, heredoc.marker, fmt::format("the heredoc `{}` has no end", shown(heredoc.name)),
            note);
      if (last != 0) take_heredoc(heredoc, last);
      else take_lines_of_no_instruction(heredoc);
    }
    in.heredocs = doc_.arena.keep_list(heredocs);
    if (!heredocs.empty() && !heredocs.back().end.empty())
      in.range.end = std::max(in.range.end, heredocs.back().end.end);
  }

  /// The text of a line as BuildKit compares it with the heredoc's name.
  std::string_view candidate(std::uint32_t number, bool strips_tabs) const {
    std::string_view text = raw_line(number);
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
    if (strips_tabs) text.remove_prefix(std::min(text.find_first_not_of('\t'), text.size()));
    return text;
  }
  std::string_view raw_line(std::uint32_t number) const {
    const TextSize end = number < source_.line_count() ? source_.line_start(number + 1) : source_.size();
    return source_.slice({source_.line_start(number), end});
  }

  /// The 1-based line, from the next on, that ends the heredoc; 0 when there is none.
  std::uint32_t line_of_terminator(const Heredoc& heredoc) {
    if (indexed_)
      return indexed_line(heredoc.name,
                          [&](std::uint32_t number) { return candidate(number, heredoc.strips_tabs) == heredoc.name; });
    for (std::uint32_t number = line_number_ + 1; number <= source_.line_count(); ++number)
      if (candidate(number, heredoc.strips_tabs) == heredoc.name) return number;
    index_lines();  // once a search has failed, others may: they must not each read the whole file again
    return 0;
  }

  void index_lines() {
    indexed_ = true;
    for (std::uint32_t number = line_number_ + 1; number <= source_.line_count(); ++number)
      lines_by_text_[trim(raw_line(number))].push_back(number);
  }

  template <typename Accept>
  std::uint32_t indexed_line(std::string_view text, Accept accept) const {
    const auto found = lines_by_text_.find(trim(text));
    if (found == lines_by_text_.end()) return 0;
    const auto& numbers = found->second;
    auto number = std::upper_bound(numbers.begin(), numbers.end(), line_number_);
    constexpr int kMostTries = 64;  // lines that differ only in blanks; more are not worth the time
    for (int tries = 0; number != numbers.end() && tries < kMostTries; ++number, ++tries)
      if (accept(*number)) return *number;
    return 0;
  }

  static bool is_number(std::string_view name) { return name.front() >= '0' && name.front() <= '9'; }

  /// Where a heredoc without end most likely ends, so that what follows can still be read: the line that
  /// was meant to end it (`EOF` for <<EOF>f, or with blanks around it); 0 when there is none.
  std::uint32_t recover(const Heredoc& heredoc) const {
    const auto plain = [](char c) {
      return (to_lower(c) >= 'a' && to_lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_';
    };
    std::size_t end = 0;
    while (end < heredoc.name.size() && plain(heredoc.name[end])) ++end;
    if (end == 0 || is_number(heredoc.name)) return 0;
    return indexed_line(heredoc.name.substr(0, end), [](std::uint32_t) { return true; });
  }

  /// Takes what follows a heredoc without end up to the next instruction: lines of a script that would each be a
  /// mistake of their own. Comments and blank lines above the instruction stay with it.
  void take_lines_of_no_instruction(Heredoc& heredoc) {
    std::uint32_t last = line_number_;
    if (!is_number(heredoc.name)) {  // 2 of $((1 << 2)) has no text
      for (std::uint32_t number = last + 1; number <= source_.line_count(); ++number) {
        const std::string_view text = trim(raw_line(number));
        if (begins_instruction(text)) break;
        if (!text.empty() && text.front() != '#') last = number;
      }
    }
    heredoc.body.begin = at_;
    while (line_number_ < last) next_line();
    heredoc.body.end = at_;
    heredoc.end = TextRange::at(at_);
  }

  /// Scripts have words such as `env` and `user`, but hardly in capitals.
  static bool begins_instruction(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && text[end] >= 'A' && text[end] <= 'Z') ++end;
    return (end == text.size() || is_blank(text[end])) &&
           instruction_kind(text.substr(0, end)) != InstructionKind::unknown;
  }

  /// Takes the lines up to and with `last` as body and end.
  void take_heredoc(Heredoc& heredoc, std::uint32_t last) {
    heredoc.body = {at_, source_.line_start(last)};
    heredoc.end = {source_.line_start(last), source_.line_range(last).end};
    while (line_number_ + 1 < last) next_line();  // for the line limit
    heredoc.end.end = next_line().text.end;
  }

  // --- errors ---

  void error(SyntaxErrorKind kind, TextRange range, std::string_view message, std::string_view note = {}) {
    doc_.errors.push_back({kind, range, doc_.arena.keep(message), doc_.arena.keep(note)});
  }

  void check_stages() {
    const auto& all = doc_.instructions;
    if (all.empty()) {
      const bool empty = bytes_.empty();
      return error(SyntaxErrorKind::stage, TextRange::at(0),
                   empty ? "the file is empty" : "the file has no instructions", "a Dockerfile begins with FROM");
    }
    for (const Instruction& in : all) {
      if (in.kind == InstructionKind::from) return;
      if (in.kind == InstructionKind::arg || in.kind == InstructionKind::unknown || in.broken) continue;
      return error(SyntaxErrorKind::stage, in.keyword.range,
                   fmt::format("{} stands before the first FROM", to_string(in.kind)),
                   "only ARG and comments may stand there");
    }
    error(SyntaxErrorKind::stage, all.back().range, "the file has no FROM", "each stage begins with FROM");
  }

  Document::Impl& doc_;
  const SourceText& source_;
  std::string_view bytes_;
  TextSize at_ = 0;
  std::uint32_t line_number_ = 0;  // of the line read last
  DirectiveReader directives_;
  std::vector<TextPiece> pieces_;  // these and what follows: scratch
  std::string joined_;
  std::vector<Flag> flags_;
  std::vector<WordRange> words_;
  std::vector<Argument> arguments_;
  std::vector<Assignment> assignments_;
  Instruction* nested_ = nullptr;  // of the ONBUILD that is read
  bool indexed_ = false;
  std::unordered_map<std::string_view, std::vector<std::uint32_t>> lines_by_text_;
};

Document::Document(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

Document Document::parse(std::string path, std::string bytes) {
  auto impl = std::make_unique<Impl>(std::move(path), std::move(bytes));
  Parser(*impl).file();
  return Document(std::move(impl));
}

const SourceText& Document::source() const { return impl_->source; }
char Document::escape() const { return impl_->escape; }
std::span<const Token> Document::comments() const { return impl_->comments; }
std::span<const Token> Document::tokens() const {
  std::call_once(impl_->tokens_are_made, [this] { impl_->tokens = make_tokens(*this); });
  return impl_->tokens;
}
std::span<const Directive> Document::directives() const { return impl_->directives; }
std::span<const Instruction> Document::instructions() const { return impl_->instructions; }
std::span<const SyntaxError> Document::errors() const { return impl_->errors; }

namespace {

std::span<const Token> touching(std::span<const Token> all, TextRange range) {
  const auto first =
      std::partition_point(all.begin(), all.end(), [&](const Token& t) { return t.range.end <= range.begin; });
  const auto last = std::partition_point(first, all.end(), [&](const Token& t) { return t.range.begin < range.end; });
  return {first, last};
}

}  // namespace

std::span<const Token> Document::tokens_in(TextRange range) const { return touching(tokens(), range); }
std::span<const Token> Document::comments_in(TextRange range) const { return touching(comments(), range); }

bool Document::has_comment(TextRange range) const {
  const auto found = comments_in(range);
  return std::any_of(found.begin(), found.end(), [](const Token& t) { return t.kind == TokenKind::comment; });
}

const Flag* Instruction::flag(std::string_view wanted) const {
  for (const Flag& candidate : flags)
    if (candidate.name == wanted) return &candidate;
  return nullptr;
}

}  // namespace dockerlint
