// SPDX-License-Identifier: Apache-2.0
#include "engine/suppressions.hpp"

#include "config/read.hpp"
#include "engine/instruction_at.hpp"
#include "text/utf8.hpp"

#include <algorithm>

namespace dockerlint {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// Takes words and signs from the front of a comment.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::string_view rest() const { return rest_; }
  bool blanks() {
    const std::size_t count =
        static_cast<std::size_t>(std::find_if_not(rest_.begin(), rest_.end(), is_blank) - rest_.begin());
    rest_.remove_prefix(count);
    return count > 0;
  }
  bool take(std::string_view piece) {
    if (!rest_.starts_with(piece)) return false;
    rest_.remove_prefix(piece.size());
    return true;
  }
  /// A word with blanks behind it.
  bool word(std::string_view piece) {
    const Reader before = *this;
    if (take(piece) && blanks()) return true;
    *this = before;
    return false;
  }
  /// Up to a blank or a comma.
  std::string_view name() {
    const std::string_view found = rest_.substr(0, rest_.find_first_of(", \t\r"));
    rest_.remove_prefix(found.size());
    return found;
  }
  /// The comma behind a name, with the blanks around it.
  bool comma() {
    const Reader before = *this;
    blanks();
    if (take(",")) {
      blanks();
      return true;
    }
    *this = before;
    return false;
  }

 private:
  std::string_view rest_;
};

/// `ignore=` and the like, with blanks where people put them.
bool key(Reader& reader, std::string_view name) {
  const Reader before = reader;
  if (reader.take(name)) {
    reader.blanks();
    if (reader.take("=")) {
      reader.blanks();
      return true;
    }
  }
  reader = before;
  return false;
}

/// Whether another linter may have a rule of this name: DL3008, StageNameCasing.
bool is_name_of_others(std::string_view name) {
  if (config::is_hadolint_name(name)) return true;
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  return is_upper(name.front()) && std::count_if(name.begin(), name.end(), is_upper) > 1 &&
         std::any_of(name.begin(), name.end(), is_lower) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return is_upper(c) || is_lower(c); });
}

class CommentReader {
 public:
  explicit CommentReader(const SourceText& source) : source_(source) {}

  std::optional<IgnoreComment> comment(TextRange range) const {
    Reader reader(source_.slice(range).substr(1));
    reader.blanks();
    IgnoreComment found;
    found.range = range;
    if (reader.word("dockerlint")) {
      found.whole_file = key(reader, "ignore-file");
      if (!found.whole_file && !key(reader, "ignore")) return std::nullopt;
    } else if (reader.word("hadolint")) {
      found.form = IgnoreForm::hadolint;
      found.whole_file = reader.word("global");
      if (!key(reader, "ignore")) return std::nullopt;
    } else if (key(reader, "check")) {
      return check(reader.rest(), found);
    } else {
      return std::nullopt;
    }
    names(reader, found);
    found.reason = trim(reader.rest());
    return found;
  }

  std::optional<IgnoreComment> directive(const Directive& directive) const {
    if (directive.name != "check") return std::nullopt;
    IgnoreComment found;
    found.whole_file = true;
    found.range = directive.range;
    return check(directive.value.text, found);
  }

 private:
  /// Of `# check=…` the value ends with the first blank, of several `skip=` the last counts (linter/linter.go).
  std::optional<IgnoreComment> check(std::string_view value, IgnoreComment found) const {
    std::string_view options = value.substr(0, value.find(' '));
    std::optional<std::string_view> skipped;
    while (!options.empty()) {
      const std::string_view option = options.substr(0, options.find(';'));
      options.remove_prefix(std::min(options.size(), option.size() + 1));
      if (option.starts_with("skip=")) skipped = option.substr(5);
    }
    if (!skipped) return std::nullopt;
    found.form = IgnoreForm::buildkit;
    Reader reader(*skipped);
    names(reader, found);
    found.reason = trim(value.substr(std::min(value.find(' '), value.size())));
    return found;
  }

  TextRange range_of(std::string_view piece) const {
    const auto begin = static_cast<TextSize>(piece.data() - source_.bytes().data());
    return {begin, begin + static_cast<TextSize>(piece.size())};
  }

  void names(Reader& reader, IgnoreComment& found) const {
    found.list = TextRange::at(range_of(reader.rest()).begin);
    do {
      const std::string_view name = reader.name();
      found.list.end = range_of(name).end;
      if (!name.empty()) found.names.push_back(named(found.form, name));
    } while (reader.comma());
  }

  IgnoredName named(IgnoreForm form, std::string_view name) const {
    IgnoredName found{range_of(name), name, meant(form, name)};
    found.unknown = form == IgnoreForm::dockerlint && found.rules.empty() && !is_name_of_others(name);
    if (found.unknown) found.meant = RuleSet::nearest(name);
    return found;
  }

  static std::vector<const Rule*> meant(IgnoreForm form, std::string_view name) {
    if (form == IgnoreForm::dockerlint) return RuleSet::named(name);
    if (form == IgnoreForm::buildkit && name == "all") return RuleSet::of_buildkit();
    return RuleSet::with_alias(name);
  }

  const SourceText& source_;
};

/// The instruction that a comment is about: the one it stands in, else the one right below its block. Up to `block`, which
/// moves on, the lines below the comment before this one are comments.
std::optional<TextRange> scope_of(const Document& document, TextRange comment, std::uint32_t& block) {
  const auto instructions = document.instructions();
  const auto next = std::partition_point(instructions.begin(), instructions.end(),
                                         [&](const Instruction& in) { return in.range.end <= comment.begin; });
  if (next == instructions.end()) return std::nullopt;
  if (next->range.begin > comment.begin) {
    // Nothing but comment lines may stand between: a blank line parts a block from what follows.
    const SourceText& source = document.source();
    for (block = std::max(block, source.line_of(comment.begin) + 1); block < next->first_line; ++block) {
      const std::string_view text = trim_left(source.line(block));
      if (text.empty() || text.front() != '#') return std::nullopt;
    }
  }
  return next->range;
}

/// Of several `# check=…` above one instruction BuildKit heeds the first.
void only_first_checks(std::vector<IgnoreComment>& comments) {
  std::optional<TextSize> last;
  const auto later = [&](const IgnoreComment& comment) {
    if (comment.form != IgnoreForm::buildkit || comment.whole_file || !comment.scope) return false;
    const bool seen = last == comment.scope->begin;
    last = comment.scope->begin;
    return seen;
  };
  comments.erase(std::remove_if(comments.begin(), comments.end(), later), comments.end());
}

}  // namespace

std::vector<IgnoreComment> read_ignores(const Document& document) {
  std::vector<IgnoreComment> comments;
  const SourceText& source = document.source();
  const CommentReader reader(source);
  for (const Directive& directive : document.directives())
    if (auto found = reader.directive(directive)) comments.push_back(std::move(*found));
  // Of `dockerlint` and `hadolint` the end, which is a seldom one.
  const auto has = [&](std::string_view word) { return source.bytes().find(word) != std::string_view::npos; };
  if (has("lint") || has("skip="))
    for (const Token& token : document.comments())
      if (token.kind == TokenKind::comment)
        if (auto found = reader.comment(token.range)) comments.push_back(std::move(*found));
  std::uint32_t block = 0;
  for (IgnoreComment& comment : comments)
    comment.scope = comment.whole_file ? TextRange{0, source.size()} : scope_of(document, comment.range, block);
  only_first_checks(comments);
  return comments;
}

Suppressions::Suppressions(const Document& document) : document_(document), comments_(read_ignores(document)) {
  for (std::size_t i = 0; i < comments_.size(); ++i) {
    const IgnoreComment& comment = comments_[i];
    if (!comment.scope) continue;
    const TextSize scope = comment.whole_file ? kFile : comment.scope->begin;
    for (std::size_t j = 0; j < comment.names.size(); ++j)
      for (const Rule* const rule : comment.names[j].rules) by_scope_.try_emplace({scope, rule}, First{i, j});
  }
}

std::optional<std::string_view> Suppressions::use(TextSize scope, const Rule& rule) {
  const auto found = by_scope_.find({scope, &rule});
  if (found == by_scope_.end()) return std::nullopt;
  IgnoreComment& comment = comments_[found->second.comment];
  comment.names[found->second.name].used = true;
  return comment.reason;
}

std::optional<std::string_view> Suppressions::reason_to_hide(const Rule& rule, TextRange where) {
  if (by_scope_.empty()) return std::nullopt;
  const auto in_file = use(kFile, rule);
  const Instruction* const in = instruction_at(where.begin, document_);
  const auto in_instruction = in != nullptr ? use(in->range.begin, rule) : std::nullopt;
  return in_instruction ? in_instruction : in_file;
}

void Suppressions::judge(const Config& config, std::span<const Rule* const> failed, bool alone) {
  for (IgnoreComment& comment : comments_) {
    for (IgnoredName& name : comment.names) {
      bool all = true, some = false;
      for (const Rule* const rule : name.rules) {
        if (rule->about_ignores) continue;  // they come when this is settled
        some = true;
        all = all && config.enabled.contains(*rule) && !(alone && rule->of_projects) &&
              std::find(failed.begin(), failed.end(), rule) == failed.end();
      }
      name.judged = some && all;
    }
  }
}

namespace {

bool is_idle(const IgnoreComment& comment) {
  return comment.form == IgnoreForm::dockerlint && comment.scope && !comment.names.empty() &&
         std::all_of(comment.names.begin(), comment.names.end(),
                     [](const IgnoredName& name) { return name.judged && !name.used; });
}

}  // namespace

std::vector<const IgnoreComment*> Suppressions::idle() const {
  std::vector<const IgnoreComment*> found;
  for (const IgnoreComment& comment : comments_)
    if (is_idle(comment)) found.push_back(&comment);
  return found;
}

void Suppressions::is_used_by(const Rule& rule) {
  for (IgnoreComment& comment : comments_) {
    if (!is_idle(comment)) continue;
    for (IgnoredName& name : comment.names)
      if (std::find(name.rules.begin(), name.rules.end(), &rule) != name.rules.end()) name.used = true;
  }
}

}  // namespace dockerlint
