// SPDX-License-Identifier: Apache-2.0
#include "model/expand.hpp"

#include "text/char_set.hpp"
#include "text/shown.hpp"
#include "text/utf8.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace dockerlint {
namespace {

/// One step of a pattern such as `v*.?`.
struct PatternStep {
  enum class Kind : std::uint8_t { literal, any_one, any_run };
  Kind kind;
  std::string_view literal;  // one code point
};

/// Patterns know `*`, `?`, and `\` before these, itself, `}` and `/`. Nothing for another escape.
std::optional<std::vector<PatternStep>> parse_pattern(std::string_view pattern) {
  std::vector<PatternStep> steps;
  while (!pattern.empty()) {
    const char c = pattern.front();
    std::size_t skip = 0;
    if (c == '*' || c == '?') {
      steps.push_back({c == '*' ? PatternStep::Kind::any_run : PatternStep::Kind::any_one, {}});
      pattern.remove_prefix(1);
      continue;
    }
    if (c == '\\') {
      const char next = pattern.size() > 1 ? pattern[1] : '\0';
      if (next != '}' && next != '/' && next != '*' && next != '?' && next != '\\') return std::nullopt;
      skip = 1;
    }
    pattern.remove_prefix(skip);
    const std::size_t length = decode(pattern).length;
    steps.push_back({PatternStep::Kind::literal, pattern.substr(0, length)});
    pattern.remove_prefix(length);
  }
  return steps;
}

/// Where a pattern that is matched from any place of a text on ends, as a backtracking regular expression would find
/// it; in time proportional to the product of both lengths.
class PatternMatch {
 public:
  PatternMatch(const std::vector<PatternStep>& steps, std::string_view text, bool greedy) : text_(text) {
    for (std::size_t at = 0; at < text.size(); at += decode(text.substr(at)).length) starts_.push_back(at);
    for (std::size_t at = 0; at <= text.size(); ++at) ends_.emplace_back(at);
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
      if (step->kind == PatternStep::Kind::any_run) before_run(greedy);
      else before_one(*step);
    }
  }

  /// Where the match that begins at `at` ends.
  std::optional<std::size_t> match(std::size_t at) const { return ends_[at]; }

 private:
  using End = std::optional<std::size_t>;

  /// Puts a step before what `ends_` speaks of.
  void before_one(const PatternStep& step) {
    std::vector<End> ends(ends_.size());
    for (const std::size_t at : starts_)
      if (const std::size_t length = one(step, at); length > 0) ends[at] = ends_[at + length];
    ends_ = std::move(ends);
  }

  /// A run goes as far in its line as the rest still matches, or no farther than that needs.
  void before_run(bool greedy) {
    std::vector<End> ends(ends_.size());
    End best = ends.back() = ends_.back();
    for (std::size_t i = starts_.size(); i-- > 0;) {
      const std::size_t at = starts_[i];
      if (text_[at] == '\n') best = std::nullopt;
      if (ends_[at] && (!best || !greedy)) best = ends_[at];
      ends[at] = best;
    }
    ends_ = std::move(ends);
  }

  /// How much of the text at `at` one step takes; 0 when it does not match.
  std::size_t one(const PatternStep& step, std::size_t at) const {
    const std::size_t length = decode(text_.substr(at)).length;
    if (step.kind == PatternStep::Kind::any_one) return text_[at] == '\n' ? 0 : length;
    return text_.substr(at, length) == step.literal ? length : 0;
  }

  std::string_view text_;
  std::vector<std::size_t> starts_;  // of code points
  std::vector<End> ends_;            // of what comes behind the steps that are still to be put before it
};

/// Words as they come together; white space outside quotes parts them.
class Words {
 public:
  void plain(std::string_view text) {
    while (!text.empty()) {
      std::size_t length = 0;  // of what is no white space
      CodePoint c{};
      for (; length < text.size(); length += c.length)
        if (c = decode(text.substr(length)); is_space(c.value)) break;
      if (length > 0) raw(text.substr(0, length));
      text.remove_prefix(length);
      if (text.empty()) return;
      if (in_word_ && !word_.empty()) end();
      text.remove_prefix(c.length);
    }
  }
  void raw(std::string_view text) {
    word_ += text;
    in_word_ = true;
  }
  std::vector<std::string> take() {
    if (!word_.empty()) end();
    return std::move(words_);
  }

 private:
  void end() {
    words_.push_back(std::move(word_));
    word_.clear();
    in_word_ = false;
  }
  std::vector<std::string> words_;
  std::string word_;
  bool in_word_ = false;
};

class Expander {
 public:
  Expander(std::string_view word, char escape, bool quotes, Lookup lookup)
      : s_(word), escape_(escape), quotes_(quotes), lookup_(lookup) {}

  /// `words` may be null.
  Expansion run(Words* words = nullptr) {
    std::string text;
    if (until('\0', false, words, text)) result_.text = std::move(text);
    else if (result_.error.empty() && result_.known) result_.error = "it is not understood";
    return std::move(result_);
  }

 private:
  // What is read is put behind `out`. False: an error, which is in result_.

  static constexpr int kMaxDepth = 100;  // a hostile file must not use up the stack
  static constexpr std::size_t kMaxPatternWork = 1U << 16;

  bool fail(std::string why) {
    if (result_.error.empty()) result_.error = std::move(why);
    return false;
  }
  bool done() const { return at_ >= s_.size(); }
  std::string_view code_point() {
    const std::string_view c = s_.substr(at_, decode(s_.substr(at_)).length);
    at_ += c.size();
    return c;
  }

  /// Goes to the next byte that may mean something; there is none here.
  std::string_view plain(char stop) {
    const std::size_t begin = at_;
    for (; !done(); ++at_) {
      const char c = s_[at_];
      if (c == '$' || c == escape_ || (stop != '\0' && c == stop) || (quotes_ && (c == '\'' || c == '"'))) break;
    }
    return s_.substr(begin, at_ - begin);
  }

  /// Everything up to `stop`, which is taken but not kept; '\0' stands for the end of the word.
  bool until(char stop, bool keep_escapes, Words* words, std::string& out) {
    while (!done()) {
      const char c = s_[at_];
      const std::size_t size = out.size();
      const auto added = [&] { return std::string_view(out).substr(size); };
      if (stop != '\0' && c == stop) {
        ++at_;
        return true;
      }
      if (quotes_ && (c == '\'' || c == '"')) {
        if (!(c == '\'' ? single_quoted(out) : double_quoted(keep_escapes, out))) return false;
        if (words != nullptr) words->raw(added());
      } else if (c == '$') {
        if (!dollar(out)) return false;
        if (words != nullptr) words->plain(added());
      } else if (c == escape_) {
        if (keep_escapes) out += c;
        ++at_;
        if (!done()) out += code_point();
        if (words != nullptr && out.size() > size) words->raw(added());
      } else {
        out += plain(stop);
        if (words != nullptr) words->plain(added());
      }
    }
    if (stop == '\0') return true;
    return fail(stop == '}' ? "`}` is missing" : fmt::format("`{}` is missing in `${{…}}`", stop));
  }

  bool single_quoted(std::string& out) {
    const std::size_t end = s_.find('\'', at_ + 1);
    if (end == s_.npos) return fail("a ' is not closed");
    out += s_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return true;
  }

  bool double_quoted(bool keep_escapes, std::string& out) {
    for (++at_; !done();) {
      const char c = s_[at_];
      if (c == '"') {
        ++at_;
        return true;
      }
      if (c == '$') {
        if (!dollar(out)) return false;
        continue;
      }
      if (c == escape_) {
        if (keep_escapes) out += c;
        if (++at_; done()) break;
        const char next = s_[at_];
        if (next != '"' && next != '$' && next != escape_) {
          out += c;
          continue;
        }
      }
      out += code_point();
    }
    return fail("a \" is not closed");
  }

  Variable look_up(std::string_view name) {
    const Variable variable = lookup_(name);
    if (!variable.known) result_.known = false;
    else if (!variable.set) result_.unset.push_back(name);
    return variable;
  }

  bool dollar(std::string& out) {
    if (depth_ == kMaxDepth) {
      result_.known = false;
      const auto closing = std::count(s_.begin() + static_cast<std::ptrdiff_t>(at_), s_.end(), '}');
      if (closing < kMaxDepth) return fail("`}` is missing");
      return false;
    }
    ++depth_;
    const bool good = substitution(out);
    --depth_;
    return good;
  }

  bool substitution(std::string& out) {
    ++at_;
    if (done() || s_[at_] != '{') {
      const std::string_view variable = name();
      return put(variable.empty() ? "$" : look_up(variable).value, out);
    }
    if (++at_; done()) return fail("`}` is missing");
    if (s_[at_] == '{' || s_[at_] == '}' || s_[at_] == ':')
      return fail(fmt::format("`${{{}` begins no variable", s_[at_]));
    const std::string_view variable = name();
    if (done()) return fail("`}` is missing");
    const std::string_view operation = code_point();
    if (operation == "}") return put(look_up(variable).value, out);
    if (operation == "/") return replaced(variable, out);

    const bool colon = operation == ":";
    if (colon && done()) return fail("`}` is missing");
    const std::string_view modifier = colon ? code_point() : operation;
    const bool trims = modifier == "#" || modifier == "%";
    const bool known_modifier = modifier == "-" || modifier == "+" || modifier == "?" || (trims && !colon);
    if (!known_modifier)
      return fail(fmt::format("`{}{}` is no modifier that a Dockerfile knows", colon ? ":" : "", shown(modifier)));
    std::string word;
    return until('}', trims, nullptr, word) && modified(variable, modifier.front(), colon, word, out);
  }

  static bool put(std::string_view text, std::string& out) {
    out += text;
    return true;
  }

  bool modified(std::string_view name, char modifier, bool empty_is_unset, std::string_view word, std::string& out) {
    const Variable variable = look_up(name);
    const bool set = variable.set && !(empty_is_unset && variable.value.empty());
    switch (modifier) {
      case '-': return put(set ? variable.value : word, out);
      case '+': return put(set ? word : std::string_view(), out);
      case '?':
        if (set || !variable.known) return put(variable.value, out);
        return fail(word.empty() ? fmt::format("`{}` is not set", name) : fmt::format("{}: {}", name, shown(word)));
      default: return trimmed(variable.value, modifier, word, out);
    }
  }

  bool too_long(std::string_view pattern, std::string_view value) {
    if (pattern.size() * value.size() <= kMaxPatternWork) return false;
    result_.known = false;
    return true;
  }

  /// `#` and `%`: the shortest match goes, with the sign twice the longest.
  bool trimmed(std::string_view value, char modifier, std::string_view pattern, std::string& out) {
    const bool greedy = pattern.starts_with(modifier);
    if (greedy) pattern.remove_prefix(1);
    const auto steps = parse_pattern(pattern);
    if (!steps) return fail(fmt::format("`{}` is no pattern", shown(pattern)));
    if (too_long(pattern, value)) return put(value, out);
    const PatternMatch match(*steps, value, greedy);
    if (modifier == '#') {
      const auto end = match.match(0);
      return put(end ? value.substr(*end) : value, out);
    }
    return put(value.substr(0, suffix_start(*steps, value, greedy)), out);
  }

  /// A suffix is a prefix of the reversed value.
  static std::size_t suffix_start(const std::vector<PatternStep>& steps, std::string_view value, bool greedy) {
    std::vector<std::size_t> starts;
    std::string reversed;
    for (std::size_t at = 0; at < value.size(); at += decode(value.substr(at)).length) starts.push_back(at);
    for (std::size_t i = starts.size(); i-- > 0;) {
      const std::size_t end = i + 1 < starts.size() ? starts[i + 1] : value.size();
      reversed += value.substr(starts[i], end - starts[i]);
    }
    const std::vector<PatternStep> backwards(steps.rbegin(), steps.rend());
    const auto end = PatternMatch(backwards, reversed, greedy).match(0);
    return end ? value.size() - *end : value.size();
  }

  /// `/pattern/text}` and `//pattern/text}`.
  bool replaced(std::string_view name, std::string& out) {
    const bool all = !done() && s_[at_] == '/';
    if (all) ++at_;
    std::string pattern, with;
    if (!until('/', true, nullptr, pattern) || !until('}', true, nullptr, with)) return false;
    const std::string_view value = look_up(name).value;
    const auto steps = parse_pattern(pattern);
    if (!steps) return fail(fmt::format("`{}` is no pattern", shown(pattern)));
    if (too_long(pattern, value)) return put(value, out);

    const PatternMatch match(*steps, value, true);
    bool found = false;
    std::optional<std::size_t> last_end;
    for (std::size_t at = 0; at <= value.size();) {
      const auto end = all || !found ? match.match(at) : std::nullopt;
      const bool empty_again = end && *end == at && last_end == at;  // not right behind the last match
      if (end && !empty_again) {
        out += with;
        found = true;
        last_end = *end;
        if (*end > at) {
          at = *end;
          continue;
        }
      }
      if (at == value.size()) break;
      const std::size_t length = decode(value.substr(at)).length;
      out += value.substr(at, length);
      at += length;
    }
    return true;
  }

  /// Letters, digits and `_`; or digits; or one special character. Empty: `$` stands for itself.
  std::string_view name() {
    constexpr std::string_view kSpecial = "@*#?-$!0";
    const std::size_t begin = at_;
    const auto digit = [&] { return !done() && s_[at_] >= '0' && s_[at_] <= '9'; };
    if (digit()) {
      while (digit()) ++at_;
      return s_.substr(begin, at_ - begin);
    }
    if (!done() && kSpecial.find(s_[at_]) != kSpecial.npos) return s_.substr(at_++, 1);
    while (!done()) {
      const char first = to_lower(s_[at_]);
      if ((first >= 'a' && first <= 'z') || first == '_' || digit()) {
        ++at_;
        continue;
      }
      const CodePoint c = decode(s_.substr(at_));
      if (c.value < 0x80 || !is_letter(c.value)) break;
      at_ += c.length;
    }
    return s_.substr(begin, at_ - begin);
  }

  /// Beyond ASCII nearly every code point that people write is a letter, and a wrong guess only
  /// makes a name longer that is not set either way.
  static bool is_letter(char32_t c) {
    return c >= 0xAA && c != 0xFFFD && !is_space(c) && !(c >= 0x2000 && c <= 0x2BFF);
  }

  std::string_view s_;
  char escape_;
  bool quotes_;
  Lookup lookup_;
  std::size_t at_ = 0;
  int depth_ = 0;
  Expansion result_;
};

}  // namespace

Expansion expand(std::string_view word, char escape, Lookup lookup) {
  if (!needs_expansion(word, escape)) return {.text = std::string(word), .known = true, .error = {}, .unset = {}};
  return Expander(word, escape, true, lookup).run();
}

Expansion expand_to_words(std::string_view word, char escape, Lookup lookup, std::vector<std::string>& words) {
  Words cut;
  Expansion expansion = Expander(word, escape, true, lookup).run(&cut);
  words = cut.take();
  return expansion;
}

Expansion expand_inline_file(std::string_view body, Lookup lookup) { return Expander(body, '\\', false, lookup).run(); }

bool needs_expansion(std::string_view word, char escape) {
  static constexpr CharSet kMayMatter("$'\"\\`");
  for (const char c : word)
    if (kMayMatter.has(c) && ((c != '\\' && c != '`') || c == escape)) return true;
  return false;
}

}  // namespace dockerlint
