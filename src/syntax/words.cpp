// SPDX-License-Identifier: Apache-2.0
#include "syntax/words.hpp"

#include "text/utf8.hpp"

#include <string>

namespace dockerlint {
namespace {

/// Joined text that is put together byte by byte, and where each byte came from.
class TextBuilder {
 public:
  explicit TextBuilder(const LogicalText& from) : from_(from) {}

  /// Appends what [begin, end) of the text that is read stands for.
  void append(std::string_view what, std::size_t begin, std::size_t end) {
    if (pieces_.empty()) begin_ = begin;
    if (what.size() != end - begin || begin_ + text_.size() != begin) plain_ = false;
    const TextRange source = from_.in_source(begin, end);
    const auto size = static_cast<TextSize>(what.size());
    const bool even = source.size() == size;
    if (!pieces_.empty() && even && pieces_.back().source.end == source.begin &&
        pieces_.back().size == pieces_.back().source.size()) {
      pieces_.back().size += size;
      pieces_.back().source.end = source.end;
    } else {
      pieces_.push_back({static_cast<TextSize>(text_.size()), size, source});
    }
    text_.append(what);
  }

  LogicalText keep(Arena& arena) const {
    if (plain_) return from_.slice(begin_, begin_ + text_.size());
    return {arena.keep(std::string_view(text_)), arena.keep(pieces_)};
  }

 private:
  const LogicalText& from_;
  std::string text_;
  std::vector<TextPiece> pieces_;
  std::size_t begin_ = 0;
  bool plain_ = true;  // the same bytes, in one run
};

}  // namespace

LogicalText trimmed(const LogicalText& text) {
  const std::string_view all = text.text();
  const std::string_view kept = trim(all);
  if (kept.empty()) return text.slice(all.size(), all.size());
  const auto begin = static_cast<std::size_t>(kept.data() - all.data());
  return text.slice(begin, begin + kept.size());
}

namespace {

/// A flag with quotes, escapes or bytes that are not ASCII, from `at`, which is moved behind it.
LogicalText unusual_flag(const LogicalText& text, std::size_t& at, bool& quoted, Arena& arena) {
  const std::string_view s = text.text();
  TextBuilder word(text);
  char quote = '\0';
  for (; at < s.size(); ++at) {
    const char c = s[at];
    if (quote == '\0' && is_space(static_cast<unsigned char>(c))) break;
    if (quote == '\0' && (c == '\'' || c == '"')) {
      quote = c;
      quoted = true;
      continue;
    }
    if (quote != '\0' && c == quote) {
      quote = '\0';
      continue;
    }
    std::size_t from = at;
    if (c == '\\') {  // whatever the escape directive says, and inside single quotes too
      if (at + 1 == s.size()) continue;
      from = at++;
    }
    // A byte is taken for a rune, so it comes out as one or two bytes of UTF-8.
    std::string rune;
    append_utf8(rune, static_cast<unsigned char>(s[at]));
    word.append(rune, from, at + 1);
  }
  return word.keep(arena);
}

Flag make_flag(const LogicalText& text, TextRange range) {
  Flag flag;
  flag.range = range;
  flag.text = text.text();
  const std::size_t name = std::min<std::size_t>(2, flag.text.size());
  const std::size_t equals = flag.text.find('=', name);
  flag.has_value = equals != flag.text.npos;
  const std::size_t name_end = flag.has_value ? equals : flag.text.size();
  flag.name = flag.text.substr(name, name_end - name);
  flag.value = text.slice(flag.has_value ? equals + 1 : flag.text.size(), flag.text.size());
  return flag;
}

}  // namespace

std::size_t read_flags(const LogicalText& text, Arena& arena, std::vector<Flag>& flags) {
  const std::string_view s = text.text();
  const auto byte_at = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const auto blank = [&](std::size_t i) { return is_space(byte_at(i)); };  // a byte taken for a rune

  std::size_t at = 0;
  for (;;) {
    while (at < s.size() && blank(at)) ++at;
    if (at + 1 >= s.size() || s[at] != '-' || s[at + 1] != '-') return at;

    const std::size_t begin = at;
    // Nearly every flag is plain: its text is the source's.
    while (at < s.size() && byte_at(at) < 0x80 && !blank(at) && s[at] != '\'' && s[at] != '"' && s[at] != '\\') ++at;
    LogicalText flag = text.slice(begin, at);
    bool quoted = false;  // an empty word still counts when it has quotes
    if (at < s.size() && !blank(at)) {
      at = begin;
      flag = unusual_flag(text, at, quoted, arena);
    }
    if (flag.text() == "--") return at;
    if (!flag.empty() || quoted) flags.push_back(make_flag(flag, text.in_source(begin, at)));
  }
}

void split_on_blanks(std::string_view text, std::vector<WordRange>& words) {
  for (std::size_t at = 0; at < text.size();) {
    while (at < text.size() && is_blank(text[at])) ++at;
    const std::size_t begin = at;
    while (at < text.size() && !is_blank(text[at])) ++at;
    if (at > begin) words.push_back({begin, at});
  }
}

void split_quoted(std::string_view text, char escape, std::vector<WordRange>& words) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (const CodePoint first = decode(text.substr(at)); is_space(first.value)) {
      at += first.length;
      continue;
    }
    const std::size_t begin = at;
    std::size_t end = at;  // an escape at the very end is dropped
    char quote = '\0';
    while (at < text.size()) {
      const char c = text[at];
      CodePoint point = decode(text.substr(at));
      if (quote == '\0' && is_space(point.value)) break;
      if (quote == '\0' && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = '\0';
      }
      if (c == escape && quote != '\'') {
        if (at + 1 == text.size()) {
          ++at;
          break;
        }
        point = decode(text.substr(++at));
      }
      at += point.length;
      end = at;
    }
    if (end > begin) words.push_back({begin, end});
  }
}

namespace {

/// Go's encoding/json, as far as it decides what an exec form is: is it valid, and which strings.
class JsonReader {
 public:
  JsonReader(const LogicalText& text, Arena& arena, std::vector<Argument>& strings)
      : text_(text), s_(text.text()), arena_(arena), strings_(strings) {}

  JsonArray read() {
    const std::string_view start = trim_left(s_);
    at_ = s_.size() - start.size();
    if (start.empty() || start.front() != '[') return JsonArray::none;
    if (!array() || (blanks(), at_ != s_.size())) {
      strings_.clear();
      return JsonArray::none;
    }
    return mixed_ ? JsonArray::mixed : JsonArray::strings;
  }

 private:
  static constexpr std::size_t kMaxDepth = 10000;  // Go's limit

  void blanks() {
    while (at_ < s_.size() && (s_[at_] == ' ' || s_[at_] == '\t' || s_[at_] == '\r' || s_[at_] == '\n')) ++at_;
  }
  bool take(char c) {
    if (at_ == s_.size() || s_[at_] != c) return false;
    ++at_;
    return true;
  }

  /// The outermost array and all in it, without recursion: open brackets are kept in `open_`.
  bool array() {
    open_.push_back(s_[at_++]);
    bool want_value = true;  // or, right behind an opening bracket, its end
    bool just_opened = true;
    for (;;) {
      blanks();
      if (at_ == s_.size()) return false;
      const char closing = open_.back() == '[' ? ']' : '}';
      if ((just_opened || !want_value) && take(closing)) {
        open_.pop_back();
        if (open_.empty()) return true;
        want_value = just_opened = false;
        continue;
      }
      if (!want_value) {
        if (!take(',')) return false;
        want_value = true;
        just_opened = false;
        continue;
      }
      if (open_.back() == '{') {
        if (!string(nullptr)) return false;
        blanks();
        if (!take(':')) return false;
        blanks();
        if (at_ == s_.size()) return false;
      }
      just_opened = false;
      if (s_[at_] == '[' || s_[at_] == '{') {
        mixed_ = true;
        if (open_.size() >= kMaxDepth) return false;
        open_.push_back(s_[at_++]);
        just_opened = true;
        continue;
      }
      if (!scalar()) return false;
      want_value = false;
    }
  }

  bool scalar() {
    if (s_[at_] == '"') {
      if (open_.size() > 1) return string(nullptr);
      std::string value;
      const std::size_t begin = at_;
      if (!string(&value)) return false;
      const std::string_view inner = s_.substr(begin + 1, at_ - begin - 2);
      strings_.push_back({text_.in_source(begin, at_), inner == value ? inner : arena_.keep(std::string_view(value))});
      return true;
    }
    mixed_ = true;
    for (const std::string_view word : {"true", "false", "null"}) {
      if (s_.substr(at_).starts_with(word)) {
        at_ += word.size();
        return true;
      }
    }
    return number();
  }

  bool digits() {
    const std::size_t begin = at_;
    while (at_ < s_.size() && s_[at_] >= '0' && s_[at_] <= '9') ++at_;
    return at_ > begin;
  }

  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }

  bool hex4(char32_t& value) {
    if (s_.size() - at_ < 4) return false;
    value = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = to_lower(s_[at_]);
      if (c >= '0' && c <= '9') value = value * 16 + static_cast<char32_t>(c - '0');
      else if (c >= 'a' && c <= 'f') value = value * 16 + static_cast<char32_t>(c - 'a' + 10);
      else return false;
    }
    return true;
  }

  bool string(std::string* value) {
    if (!take('"')) return false;
    std::string ignored;
    std::string& out = value != nullptr ? *value : ignored;
    while (at_ < s_.size()) {
      const char c = s_[at_];
      if (c == '"') {
        ++at_;
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') {
        const CodePoint point = decode(s_.substr(at_));
        append_utf8(out, point.value);
        at_ += point.length;
        continue;
      }
      if (++at_ == s_.size() || !escape(out)) return false;
    }
    return false;
  }

  bool escape(std::string& out) {
    switch (s_[at_++]) {
      case '"': out += '"'; return true;
      case '\\': out += '\\'; return true;
      case '/': out += '/'; return true;
      case 'b': out += '\b'; return true;
      case 'f': out += '\f'; return true;
      case 'n': out += '\n'; return true;
      case 'r': out += '\r'; return true;
      case 't': out += '\t'; return true;
      case 'u': break;
      default: return false;
    }
    char32_t unit = 0;
    if (!hex4(unit)) return false;
    if (unit >= 0xD800 && unit <= 0xDBFF && s_.substr(at_).starts_with("\\u")) {
      const std::size_t before = at_;
      at_ += 2;
      char32_t low = 0;
      if (!hex4(low)) return false;
      if (low >= 0xDC00 && low <= 0xDFFF) {
        append_utf8(out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
        return true;
      }
      at_ = before;
    }
    append_utf8(out, unit >= 0xD800 && unit <= 0xDFFF ? 0xFFFD : unit);
    return true;
  }

  const LogicalText& text_;
  std::string_view s_;
  Arena& arena_;
  std::vector<Argument>& strings_;
  std::size_t at_ = 0;
  std::string open_;
  bool mixed_ = false;
};

}  // namespace

JsonArray read_json_array(const LogicalText& text, Arena& arena, std::vector<Argument>& strings) {
  return JsonReader(text, arena, strings).read();
}

}  // namespace dockerlint
