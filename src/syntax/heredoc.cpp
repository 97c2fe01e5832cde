// SPDX-License-Identifier: Apache-2.0
#include "syntax/heredoc.hpp"

#include "syntax/words.hpp"
#include "text/utf8.hpp"

#include <optional>
#include <string>

namespace dockerlint {
namespace {

/// BuildKit's shell lexer as it is used to find heredocs: every variable is unset and stays as
/// written, quotes and escapes stay, and `\` escapes whatever the directive says (shell/lex.go).
class Lexer {
 public:
  explicit Lexer(std::string_view text) : s_(text) {}

  /// False where the lexer gives up.
  bool words(std::vector<WordRange>& out) {
    if (!run('\0', &out)) return false;
    end_word(&out);
    return true;
  }

 private:
  bool done() const { return at_ >= s_.size(); }
  char peek() const { return s_[at_]; }

  void begin_word(std::vector<WordRange>* out) {
    if (out != nullptr && !in_word_) {
      in_word_ = true;
      word_ = at_;
    }
  }
  void end_word(std::vector<WordRange>* out) {
    if (out != nullptr && in_word_) out->push_back({word_, at_});
    in_word_ = false;
  }

  /// To the end, or behind `stop`. `out` is null inside `${…}`, where words do not count.
  bool run(char stop, std::vector<WordRange>* out) {
    while (!done()) {
      const char c = peek();
      if (stop != '\0' && c == stop) {
        ++at_;
        return true;
      }
      if (c == '\'' || c == '"') {
        begin_word(out);
        if (!quoted(c)) return false;
      } else if (c == '$') {
        if (!dollar(out)) return false;
      } else if (c == '\\') {
        begin_word(out);
        at_ += 1;
        if (!done()) at_ += decode(s_.substr(at_)).length;
      } else {
        character(out);
      }
    }
    return stop == '\0';
  }

  void character(std::vector<WordRange>* out) {
    const CodePoint c = decode(s_.substr(at_));
    if (out != nullptr && is_space(c.value)) {
      // Blanks right behind << belong to the word, so that `<< EOF` works.
      if (in_word_ && !trim_right(s_.substr(word_, at_ - word_)).ends_with("<<")) end_word(out);
    } else {
      begin_word(out);
    }
    at_ += c.length;
  }

  bool quoted(char quote) {
    ++at_;
    while (!done()) {
      const char c = peek();
      if (c == quote) {
        ++at_;
        return true;
      }
      if (quote == '"' && c == '$') {
        if (!dollar(nullptr)) return false;
      } else if (quote == '"' && c == '\\') {
        ++at_;
        if (!done() && (peek() == '"' || peek() == '$' || peek() == '\\')) ++at_;
      } else {
        ++at_;
      }
    }
    return false;
  }

  /// `$name` and `${…}`. What an unset variable leaves is its own text, in which blanks part words.
  bool dollar(std::vector<WordRange>* out) {
    const std::size_t begin = at_;
    if (depth_ == kMaxDepth) return false;
    ++depth_;
    const bool understood = skip_dollar();
    --depth_;
    if (!understood) return false;
    if (out == nullptr) return true;
    const std::size_t end = at_;
    for (at_ = begin; at_ < end;) character(out);
    return true;
  }

  bool skip_dollar() {
    ++at_;
    if (done() || peek() != '{') {
      name();
      return true;
    }
    if (++at_; done()) return false;
    if (peek() == '{' || peek() == '}' || peek() == ':') return false;
    name();
    if (done()) return false;
    const char c = s_[at_++];
    if (c == '}') return true;
    if (c == ':') {
      if (done()) return false;
      at_ += decode(s_.substr(at_)).length;
      return run('}', nullptr);
    }
    if (c == '+' || c == '-' || c == '?' || c == '#' || c == '%') return run('}', nullptr);
    if (c != '/') return false;
    if (!done() && peek() == '/') ++at_;
    return run('/', nullptr) && run('}', nullptr);
  }

  void name() {
    constexpr std::string_view kSpecial = "@*#?-$!0";
    const std::size_t begin = at_;
    while (!done()) {
      const char c = peek();
      const bool digit = c >= '0' && c <= '9';
      if (at_ == begin && digit) {
        while (!done() && peek() >= '0' && peek() <= '9') ++at_;
        return;
      }
      if (at_ == begin && kSpecial.find(c) != kSpecial.npos) {
        ++at_;
        return;
      }
      if (!digit && c != '_' && !(to_lower(c) >= 'a' && to_lower(c) <= 'z')) return;
      ++at_;
    }
  }

  static constexpr int kMaxDepth = 100;  // of ${a:-${b:-…}}: a hostile file must not use up the stack

  std::string_view s_;
  std::size_t at_ = 0;
  std::size_t word_ = 0;
  int depth_ = 0;
  bool in_word_ = false;
};

struct Marker {
  std::string name;
  bool expands = true;
  bool strips_tabs = false;
};

/// `digits << [-] blanks name`, where the name is one word and not empty without its quotes.
std::optional<Marker> parse_marker(std::string_view word) {
  std::size_t at = 0;
  while (at < word.size() && word[at] >= '0' && word[at] <= '9') ++at;
  if (!word.substr(at).starts_with("<<")) return std::nullopt;
  at += 2;
  Marker marker;
  if (at < word.size() && word[at] == '-') {
    marker.strips_tabs = true;
    ++at;
  }
  while (at < word.size() && (word[at] == ' ' || (word[at] >= '\t' && word[at] <= '\r' && word[at] != '\v'))) ++at;
  const std::string_view rest = word.substr(at);
  if (rest.empty() || rest.find('<') != rest.npos) return std::nullopt;

  char quote = '\0';
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    if (quote == '\0' && (c == '\'' || c == '"')) {
      quote = c;
      marker.expands = false;
    } else if (quote != '\0' && c == quote) {
      quote = '\0';
    } else if (c == '\\' && quote == '\0') {
      if (++i < rest.size()) marker.name += rest[i];
    } else if (c == '\\' && quote == '"' && i + 1 < rest.size() &&
               (rest[i + 1] == '"' || rest[i + 1] == '$' || rest[i + 1] == '\\')) {
      marker.name += rest[++i];
    } else if (quote == '\0' && is_space(static_cast<unsigned char>(c)) && static_cast<unsigned char>(c) < 0x80) {
      return std::nullopt;  // two words
    } else {
      marker.name += c;
    }
  }
  if (marker.name.empty()) return std::nullopt;
  return marker;
}

}  // namespace

void find_heredocs(const LogicalText& line, Arena& arena, std::vector<Heredoc>& heredocs) {
  const std::string_view text = line.text();
  if (text.find("<<") == text.npos) return;
  std::vector<WordRange> words;
  if (!Lexer(text).words(words)) return;
  for (const WordRange& word : words) {
    const std::string_view written = text.substr(word.begin, word.end - word.begin);
    const auto marker = parse_marker(written);
    if (!marker) continue;
    Heredoc heredoc;
    heredoc.marker = line.in_source(word.begin, word.end);
    heredoc.name = arena.keep(std::string_view(marker->name));
    heredoc.expands = marker->expands;
    heredoc.strips_tabs = marker->strips_tabs;
    heredocs.push_back(heredoc);
  }
}

bool is_heredoc_word(std::string_view word) { return parse_marker(word).has_value(); }

}  // namespace dockerlint
