// SPDX-License-Identifier: Apache-2.0
// Words are read a second time here, by their text, because only now it is known what stands in variables.

#include "model/shell_words.hpp"

#include "model/paths.hpp"
#include "text/utf8.hpp"

#include <algorithm>

namespace dockerlint::script {
namespace {

constexpr bool parts_words(char c) { return c == ' ' || c == '\t' || c == '\n'; }

/// One argument in the making.
struct Field {
  std::string value;
  std::vector<std::string> others;  // that it can be as well
  bool known = true;
  bool quoted = false;  // there though it may be empty
  bool pattern = false;
  bool open_bracket = false;

  bool may_be_empty() const {
    return value.empty() ||
           std::any_of(others.begin(), others.end(), [](const std::string& other) { return other.empty(); });
  }
};

class Expansion {
 public:
  /// Of what is one value, whatever is in it.
  explicit Expansion(Names& names) : names_(names) {}
  /// Of what is split into arguments, which are added to a list.
  Expansion(Names& names, const shell::Word& word, std::vector<CommandWord>& arguments)
      : names_(names), word_(&word), arguments_(&arguments), splits_(true) {}

  void word(std::string_view text) {
    read(text, false, true);
    end_field();
  }

  void read(std::string_view text, bool in_quotes, bool at_start = false) {
    for (std::size_t at = 0; at < text.size();) {
      const char c = text[at];
      if (c == '$') {
        at = dollar(text, at, in_quotes);
      } else if (c == '`') {
        const std::size_t end = behind(text, at, in_quotes);
        if (end == text.npos) return lose();
        substitution(text.substr(at + 1, end - at - 2), in_quotes);
        at = end;
      } else if (c == '\\') {
        at = escape(text, at, in_quotes);
      } else if (in_quotes) {
        const std::size_t end = next_special(text, at);
        append(text.substr(at, end - at));
        at = end;
      } else if (is_name_char(c) || c == '/' || c == '.' || c == '-') {
        std::size_t end = at + 1;
        while (end < text.size() && (is_name_char(text[end]) || text[end] == '/' || text[end] == '.')) ++end;
        append(text.substr(at, end - at));
        at = end;
      } else if (c == '\'' || c == '"') {
        const std::size_t end = behind(text, at, false);
        if (end == text.npos) return lose();
        const std::string_view inside = text.substr(at + 1, end - at - 2);
        const bool may_vanish = splits_ && (inside == "$@" || inside == "${@}");
        if (!may_vanish) field_.quoted = true;
        if (c == '"') read(inside, true);
        else append(inside);
        at = end;
      } else if (c == '~' && (at == 0 ? at_start : !splits_ && at_start && text[at - 1] == ':')) {
        at = home(text, at);
      } else if ((c == '<' || c == '>') && text.substr(at + 1, 1) == "(") {
        at = behind(text, at, false);
        field_.known = false;
        field_.quoted = true;
      } else {
        add(c);
        ++at;
      }
    }
  }

  /// What an unsplit word means.
  Meaning meaning() { return field_.known ? Meaning{Knowledge::set, values()} : Meaning{}; }

  bool more() const { return more_; }
  bool pattern() const { return field_.pattern; }

  /// The text that is read may be gone before what was made of it.
  std::string_view keep(std::string_view value) {
    names_.made += value.size();
    return names_.arena.keep(value);
  }

 private:
  // --- what is read goes here ---

  /// A character without quotes.
  void add(char c) {
    if (c == '[') field_.open_bracket = true;
    if (c == '*' || c == '?' || (c == ']' && field_.open_bracket)) field_.pattern = true;
    append(std::string_view(&c, 1));
  }

  void append(std::string_view text) {
    if (!field_.known) return;
    field_.value += text;
    for (std::string& other : field_.others) other += text;
    if (field_.value.size() > kLongestValue) field_.known = false;
  }

  void lose() {
    field_.known = false;
    more_ = more_ || splits_;
  }

  void end_field() {
    const bool may_be_nothing = splits_ && !field_.quoted && field_.known;
    if (may_be_nothing && field_.may_be_empty()) {
      if (field_.others.empty()) return void(field_ = {});
      lose();
    }
    if (arguments_ != nullptr) arguments_->push_back({*word_, field_.known ? values() : Values(), field_.pattern});
    field_ = {};
  }

  /// All that the field can be.
  Values values() {
    if (field_.others.empty()) return names_.arena.keep_one(keep(field_.value));
    std::vector<std::string_view> values{keep(field_.value)};
    for (const std::string& other : field_.others) values.push_back(keep(other));
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return names_.arena.keep(values);
  }

  /// The value of an expansion.
  void put(const Meaning& meaning, bool in_quotes) {
    if (in_quotes) field_.quoted = true;
    if (meaning.knowledge == Knowledge::unset) return;
    if (!meaning.is_known()) return in_quotes ? void(field_.known = false) : lose();
    const bool splits = splits_ && !in_quotes;
    if (meaning.values.size() == 1) return splits ? split(meaning.values.front()) : append(meaning.values.front());
    for (const std::string_view value : meaning.values)
      if (splits && std::any_of(value.begin(), value.end(), parts_words)) return lose();
    if (!field_.known) return;
    if ((field_.others.size() + 1) * meaning.values.size() > kMostValues) return void(field_.known = false);
    std::vector<std::string> all;
    field_.others.insert(field_.others.begin(), std::move(field_.value));
    for (const std::string& before : field_.others)
      for (const std::string_view value : meaning.values) all.emplace_back(before).append(value);
    field_.value = std::move(all.front());
    all.erase(all.begin());
    field_.others = std::move(all);
    append({});
  }

  void split(std::string_view value) {
    const auto is_plain = [](char c) { return is_name_char(c) || c == '.' || c == '/' || c == '-'; };
    if (std::all_of(value.begin(), value.end(), is_plain)) return append(value);
    if (find(names_.state->bindings, "IFS").binding != nullptr) return lose();  // it parts words elsewhere
    bool parted = false;
    for (const char c : value) {
      if (!parts_words(c)) {
        if (parted) end_field();
        parted = false;
        add(c);
      } else {
        parted = parted || field_.quoted || !field_.known || !field_.value.empty();
      }
    }
    // What follows the blank is another word, if anything does.
    if (parted) end_field();
  }

  // --- what begins with $ ---

  std::size_t dollar(std::string_view text, std::size_t at, bool in_quotes) {
    const char next = at + 1 < text.size() ? text[at + 1] : '\0';
    if (next == '(' || next == '{') {
      const std::size_t end = behind(text, at, in_quotes);
      if (end == text.npos) {
        lose();
        return end;
      }
      const std::string_view inside = text.substr(at + 2, end - at - 3);
      if (next == '{') braced(inside, in_quotes);
      else if (inside.starts_with('(')) put({}, true);  // a number
      else substitution(inside, in_quotes);
      return end;
    }
    if (next == '[' && names_.text->braces != Answer::no) {
      const std::size_t end = text.find(']', at);
      put({}, true);
      return end == text.npos ? end : end + 1;
    }
    if (next == '\'' && !in_quotes) {
      std::size_t end = at + 2;
      while (end < text.size() && text[end] != '\'') end += text[end] == '\\' ? 2u : 1u;
      const std::string_view inside = text.substr(at + 2, std::min(end, text.size()) - at - 2);
      if (names_.text->braces == Answer::yes && inside.find('\\') == inside.npos) append(inside);
      else field_.known = false;
      field_.quoted = true;
      return end + 1;
    }
    if (next == '"' && !in_quotes) return at + 1;
    std::size_t end = at + 1;
    if (is_name_start(next)) {
      while (end < text.size() && is_name_char(text[end])) ++end;
    } else if (std::string_view("@*#?-$!0123456789").find(next) != std::string_view::npos && next != '\0') {
      ++end;
    } else {
      append("$");
      return end;
    }
    parameter(text.substr(at + 1, end - at - 1), in_quotes);
    return end;
  }

  void parameter(std::string_view name, bool in_quotes) {
    if (name == "@" || name == "*") return parameters(name == "@", in_quotes);
    put(names_.find(name), in_quotes);
  }

  /// "$@" is a word for each, "$*" one for all.
  void parameters(bool apart, bool in_quotes) {
    if (!names_.state->parameters_known) return lose();
    bool first = true;
    for (const Meaning& parameter : names_.state->parameters) {
      if (!first && splits_ && (apart || !in_quotes)) end_field();
      else if (!first) append(" ");
      first = false;
      put(parameter, in_quotes);
    }
  }

  /// The output of a command.
  void substitution(std::string_view script, bool in_quotes) {
    put(trim(script) == "pwd" ? names_.find("PWD") : Meaning{}, in_quotes);
  }

  std::size_t escape(std::string_view text, std::size_t at, bool in_quotes) {
    const std::string_view next = text.substr(at + 1, 1);
    if (next == "\n") return at + 2;
    if (in_quotes && (next.empty() || std::string_view("$`\"\\").find(next.front()) == std::string_view::npos)) {
      append("\\");
      return at + 1;
    }
    field_.quoted = true;
    append(next.empty() ? std::string_view("\\") : next);
    return at + 2;
  }

  std::size_t home(std::string_view text, std::size_t at) {
    const std::size_t end = std::min(text.find_first_of("/:", at), text.size());
    const std::string_view name = text.substr(at + 1, end - at - 1);
    if (name.find_first_of("$\"'\\`+-*?") != name.npos) {
      append("~");
      field_.known = false;
      return at + 1;
    }
    if (name.empty()) put(names_.find("HOME"), true);
    else if (const User user = names_.user_named(name); user.home) append(*user.home);
    else field_.known = false;
    field_.quoted = true;
    return end;
  }

  // --- ${…} ---

  void braced(std::string_view inside, bool in_quotes) {
    if (inside.starts_with('!')) return put({}, in_quotes);
    if (inside.size() > 1 && inside.front() == '#' && is_name_char(inside[1])) return put({}, true);  // a number
    std::size_t end = 1;
    if (!inside.empty() && is_name_char(inside.front()))
      while (end < inside.size() && is_name_char(inside[end])) ++end;
    const std::string_view name = inside.substr(0, end);
    const std::string_view rest = inside.substr(std::min(end, inside.size()));
    if (rest.empty()) return parameter(name, in_quotes);
    if (name == "@" || name == "*" || rest.starts_with('[')) return lose();
    const Meaning now = names_.find(name);
    std::string_view op = rest.substr(0, 1);
    if (std::string_view("-=+?").find(rest.front()) != std::string_view::npos)
      return other_value(name, now, op, false, rest.substr(1), in_quotes);
    if (rest.size() > 1 && rest.front() == ':' && std::string_view("-=+?").find(rest[1]) != std::string_view::npos)
      return other_value(name, now, rest.substr(1, 1), true, rest.substr(2), in_quotes);
    if (op == "#" || op == "%") {
      if (rest.size() > 1 && rest[1] == rest[0]) op = rest.substr(0, 2);
      return shortened(now, op, rest.substr(op.size()), in_quotes);
    }
    if (op == "/") return replaced(now, rest.substr(1), in_quotes);
    if (rest == "^^" || rest == ",,") return in_case(now, rest == "^^", in_quotes);
    put({}, in_quotes);
  }

  Meaning meaning_of_part(std::string_view text, bool in_quotes, bool* pattern = nullptr) {
    Expansion part(names_);
    part.read(text, in_quotes && text.find('"') == text.npos);
    if (pattern != nullptr) *pattern = part.pattern();
    return part.meaning();
  }

  /// `${v:-x}` and its like.
  void other_value(std::string_view name, const Meaning& now, std::string_view op, bool empty_counts,
                   std::string_view text, bool in_quotes) {
    if (!now.is_known()) {
      if (op == "=") names_.assign(keep(name), {});
      return put({}, in_quotes);
    }
    const auto is_empty = [](std::string_view value) { return value.empty(); };
    const bool may_be_empty = now.knowledge == Knowledge::unset ||
                              (empty_counts && std::any_of(now.values.begin(), now.values.end(), is_empty));
    const bool is_always_empty =
        may_be_empty && (now.values.empty() || std::all_of(now.values.begin(), now.values.end(), is_empty));
    if (may_be_empty != is_always_empty) return put({}, in_quotes);
    if (op == "+") return is_always_empty ? put({Knowledge::unset, {}}, in_quotes) : other_text(text, in_quotes);
    if (!is_always_empty) return put(now, in_quotes);
    if (op == "?") return put({}, in_quotes);  // ends the script
    if (op == "=") names_.assign(keep(name), meaning_of_part(text, in_quotes));
    other_text(text, in_quotes);
  }

  /// The text in `${v:-text}` is read as if it stood there.
  void other_text(std::string_view text, bool in_quotes) {
    if (in_quotes) return put(meaning_of_part(text, true), true);
    if (splits_ && std::any_of(text.begin(), text.end(), parts_words) && text.find_first_of("'\"") == text.npos) {
      const Meaning all = meaning_of_part(text, false);
      return put(all, false);
    }
    read(text, false, field_.value.empty());
  }

  template <typename Change>
  void changed(const Meaning& now, bool in_quotes, Change change) {
    if (now.knowledge != Knowledge::set) return put(now, in_quotes);
    std::vector<std::string_view> values;
    for (const std::string_view value : now.values) {
      const std::optional<std::string> result = change(value);
      if (!result) return put({}, in_quotes);
      values.push_back(keep(*result));
    }
    put({Knowledge::set, names_.arena.keep(values)}, in_quotes);
  }

  /// A pattern's text, if it means itself but for * and ?.
  Value pattern_text(std::string_view text, bool& pattern) {
    const Value value = meaning_of_part(text, false, &pattern).text();
    if (pattern && text.find_first_of("\"'\\") != text.npos) return std::nullopt;
    if (!pattern && value && value->find_first_of("*?[") != value->npos) return std::nullopt;
    return value;
  }

  void shortened(const Meaning& now, std::string_view op, std::string_view text, bool in_quotes) {
    bool pattern = false;
    const Value what = pattern_text(text, pattern);
    if (!what) return put({}, in_quotes);
    changed(now, in_quotes, [&](std::string_view value) { return without(value, op, *what); });
  }

  void replaced(const Meaning& now, std::string_view text, bool in_quotes) {
    const bool all = text.starts_with('/');
    if (all) text.remove_prefix(1);
    std::size_t slash = 0;
    while (slash < text.size() && text[slash] != '/') slash = behind(text, slash, false);
    slash = std::min(slash, text.size());
    bool pattern = false;
    const Value what = pattern_text(text.substr(0, slash), pattern);
    const Value with = meaning_of_part(text.substr(std::min(slash + 1, text.size())), false).text();
    const bool anchored = what && (what->starts_with('#') || what->starts_with('%'));
    if (!what || !with || pattern || anchored || what->empty()) return put({}, in_quotes);
    changed(now, in_quotes, [&](std::string_view value) -> std::optional<std::string> {
      std::string out;
      for (bool first = true;; first = false) {
        const std::size_t found = first || all ? value.find(*what) : value.npos;
        out += value.substr(0, found);
        if (out.size() > kLongestValue) return std::nullopt;
        if (found == value.npos) return out;
        out += *with;
        value.remove_prefix(found + what->size());
      }
    });
  }

  void in_case(const Meaning& now, bool upper, bool in_quotes) {
    changed(now, in_quotes, [&](std::string_view value) -> std::optional<std::string> {
      std::string out(value);
      for (char& c : out) c = upper ? to_upper(c) : to_lower(c);
      return out;
    });
  }

  Names& names_;
  const shell::Word* word_ = nullptr;
  std::vector<CommandWord>* arguments_ = nullptr;
  bool splits_ = false;
  bool more_ = false;
  Field field_;
};

void expand_text(const shell::Word& word, std::string_view text, Names& names, std::vector<CommandWord>& arguments,
                 bool& more) {
  Expansion expansion(names, word, arguments);
  expansion.word(text);
  more = more || expansion.more();
}

}  // namespace

bool is_foreign(const ScriptText& text, TextRange range) {
  if (text.foreign.empty()) return false;
  const auto next = std::upper_bound(text.foreign.begin(), text.foreign.end(), range.begin,
                                     [](TextSize at, TextRange part) { return at < part.end; });
  return next != text.foreign.end() && next->begin < range.end;
}

void expand(const shell::Word& word, Names& names, std::vector<CommandWord>& arguments, bool& more) {
  if (is_foreign(*names.text, word.range)) {
    more = true;
    arguments.push_back({word, {}, false});
    return;
  }
  if (word.literal && !word.pattern) {
    arguments.push_back({word, Values(&word.value, 1), false});
    return;
  }
  if (bool pattern = false; means_itself(word.text, pattern)) {
    arguments.push_back({word, Values(&word.text, 1), pattern});
    return;
  }
  if (names.text->braces != Answer::no && may_have_braces(word.text)) {
    std::vector<std::string> texts;
    const bool known = expand_braces(word.text, texts);
    if (!known || (names.text->braces == Answer::unknown && texts.size() > 1)) {
      more = true;
      arguments.push_back({word, {}, true});
      return;
    }
    for (const std::string& text : texts) expand_text(word, text, names, arguments, more);
    return;
  }
  expand_text(word, word.text, names, arguments, more);
}

Meaning expand_value(const shell::Word& word, Names& names) {
  if (is_foreign(*names.text, word.range)) return {};
  if (word.literal && !word.pattern) return {Knowledge::set, Values(&word.value, 1)};
  Expansion expansion(names);
  expansion.read(word.text, false, true);
  return expansion.meaning();
}

}  // namespace dockerlint::script
