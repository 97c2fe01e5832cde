// SPDX-License-Identifier: Apache-2.0
#include "model/inner_scripts.hpp"

#include "shell/text_builder.hpp"

#include <algorithm>

namespace dockerlint::script {
namespace {

class Unquoting {
 public:
  Unquoting(std::string_view text, TextRange range, Names& names) : text_(text), range_(range), names_(names) {
    const LogicalText& whole = names.text->text;
    const char* const begin = whole.text().data();
    in_script_ = !text.empty() && text.data() >= begin && text.data() + text.size() <= begin + whole.size();
    if (in_script_)
      script_ = whole.slice(static_cast<std::size_t>(text.data() - begin),
                            static_cast<std::size_t>(text.data() - begin) + text.size());
  }

  void word() {
    for (std::size_t at = 0; at < text_.size();) {
      const char c = text_[at];
      const std::size_t end = std::min(behind(text_, at, false), text_.size());
      if (c == '\'') copy(at + 1, end - 1);
      else if (c == '"') quoted(at + 1, end - 1, "$`\"\\\n");
      else if (c == '\\') escape(at, end);
      else if (c == '$' || c == '`') at = expansion(at, end) - 1;
      else copy(at, end);
      at = c == '$' || c == '`' ? at + 1 : std::max(end, at + 1);
    }
  }

  void heredoc() { quoted(0, text_.size(), "$`\\\n"); }

  /// All of [begin, end), in which nothing means anything but itself.
  const ScriptText* part(std::size_t begin, std::size_t end) const {
    ScriptText text;
    text.text = script_.slice(begin, end);
    return names_.arena.make(text);
  }
  bool in_script() const { return in_script_; }

  /// The whole is one unit, because its parts stand nowhere.
  void as_one(std::string_view value) {
    built_ = {};
    foreign_.clear();
    built_.add(value, range_);
  }

  const ScriptText* keep() const {
    ScriptText text;
    text.text = built_.keep(names_.arena);
    names_.made += text.text.size();
    text.foreign = names_.arena.keep(foreign_);
    return names_.arena.make(text);
  }

 private:
  TextRange source(std::size_t begin, std::size_t end) const {
    return in_script_ ? script_.in_source(begin, end) : range_;
  }

  void copy(std::size_t begin, std::size_t end) {
    if (begin >= end) return;
    if (in_script_) built_.add(script_, begin, end);
    else built_.add(text_.substr(begin, end - begin), range_);
  }

  void escape(std::size_t at, std::size_t end) {
    if (text_.substr(at + 1, 1) != "\n") built_.add(text_.substr(at + 1, end - at - 1), source(at, end));
  }

  void quoted(std::size_t begin, std::size_t end, std::string_view escaped) {
    for (std::size_t at = begin; at < end;) {
      const char c = text_[at];
      if (c == '$' || c == '`') {
        at = expansion(at, std::min(behind(text_, at, true), end), true);
      } else if (c == '\\' && at + 1 < end && escaped.find(text_[at + 1]) != escaped.npos) {
        escape(at, at + 2);
        at += 2;
      } else {
        const std::size_t plain = std::min(next_special(text_, at + 1), end);
        copy(at, plain);
        at = plain;
      }
    }
  }

  /// What begins with $ or a backtick; `end` is known for all but names. Returns where it ends.
  std::size_t expansion(std::size_t at, std::size_t end, bool in_quotes = false) {
    if (text_[at] == '$' && end == at + 1) {
      const bool digit = end < text_.size() && text_[end] >= '0' && text_[end] <= '9';
      if (end < text_.size() && std::string_view("@*#?-$!").find(text_[end]) != std::string_view::npos) ++end;
      else if (digit) ++end;
      else
        while (end < text_.size() && is_name_char(text_[end])) ++end;
      if (end == at + 1) {
        if (in_quotes || end == text_.size() || (text_[end] != '\'' && text_[end] != '"')) copy(at, end);
        return end;
      }
    }
    shell::Word part;
    part.text = text_.substr(at, end - at);
    part.range = source(at, end);
    const Value value = expand_value(part, names_).text();
    if (value) {
      built_.add(*value, part.range);
    } else {
      foreign_.push_back(part.range);
      copy(at, end);
    }
    return end;
  }

  std::string_view text_;
  TextRange range_;
  Names& names_;
  bool in_script_ = false;
  LogicalText script_;
  shell::TextBuilder built_;
  std::vector<TextRange> foreign_;
};

}  // namespace

const ScriptText* text_of_argument(const CommandWord& argument, Names& names) {
  Unquoting unquoting(argument.text(), argument.range(), names);
  const Value value = argument.value();
  const std::size_t size = argument.text().size();
  if (unquoting.in_script() && size >= 2 && value == argument.text().substr(1, size - 2))
    return unquoting.part(1, size - 1);
  unquoting.word();
  const ScriptText* const text = unquoting.keep();
  if (!value || text->text.text() == *value) return text;
  unquoting.as_one(*value);
  return unquoting.keep();
}

const ScriptText* text_of_heredoc(const shell::Word& body, Names& names) {
  Unquoting unquoting(body.text, body.range, names);
  const bool plain = body.literal && body.value == body.text;
  if (plain && unquoting.in_script()) return unquoting.part(0, body.text.size());
  unquoting.heredoc();
  return unquoting.keep();
}

}  // namespace dockerlint::script
