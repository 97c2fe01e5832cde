// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a shell makes of a word: the arguments it becomes, with all the values that each can have.

#include "dockerlint/commands.hpp"
#include "model/shell_state.hpp"

#include <vector>

namespace dockerlint::script {

constexpr bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
constexpr bool is_name_char(char c) { return is_name_start(c) || (c >= '0' && c <= '9'); }

/// What names stand for where a word is expanded.
class Names {
 public:
  Names(Arena& memory, const RunStep& of_run, User (*lookup)(const Environment&, std::string_view))
      : arena(memory), run(of_run), user_named_(lookup) {}

  /// As the shell sees it: $name, $1, $#; not $@ and $*.
  Meaning find(std::string_view name) const;
  void assign(std::string_view name, const Meaning& meaning);
  User user_named(std::string_view name_or_uid) const;

  Arena& arena;
  const RunStep& run;
  const ShellState* state = nullptr;
  const ScriptText* text = nullptr;
  const User* user = nullptr;  // who the shell runs as; never null where a word is expanded
  std::size_t made = 0;        // bytes of values, so that whoever asks can stop in time

 private:
  User (*user_named_)(const Environment&, std::string_view);
};

/// Adds the arguments that the word becomes. `more` is set where it may become others than these, or none.
void expand(const shell::Word& word, Names& names, std::vector<CommandWord>& arguments, bool& more);
/// The word behind `=`: never split.
Meaning expand_value(const shell::Word& word, Names& names);

/// Whether another shell has put something into this part of the script.
bool is_foreign(const ScriptText& text, TextRange range);
/// Behind what begins at `at`: one character, or all of a quote, $(…), ${…} or `…`. Past the end where it is
/// not closed.
std::size_t behind(std::string_view text, std::size_t at, bool in_quotes);
/// The next $, backtick or backslash from `at` on, or the end: what stands before it is itself, in double quotes.
inline std::size_t next_special(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] != '$' && text[at] != '`' && text[at] != '\\') ++at;
  return at;
}
/// Whether a word such as `/tmp/*` is its own value; `pattern` is set where file names may take its place.
bool means_itself(std::string_view text, bool& pattern);
/// Whether the word may have a brace that is not one of `${…}`.
bool may_have_braces(std::string_view text);
/// The texts that {a,b} and {1..3} make of a word, in order. False where there are too many.
bool expand_braces(std::string_view text, std::vector<std::string>& texts);
/// The text that is left of `value` without what `pattern` matches: `op` is #, ##, % or %%. Nothing where
/// that is not decided here.
std::optional<std::string> without(std::string_view value, std::string_view op, std::string_view pattern);

}  // namespace dockerlint::script
