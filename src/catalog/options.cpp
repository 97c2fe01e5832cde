// SPDX-License-Identifier: Apache-2.0
#include "catalog/options.hpp"

namespace dockerlint {
namespace {

std::size_t options_end(const RunCommand& command) {
  std::size_t end = 1;
  while (end < command.words.size() && command.words[end].value() != std::string_view("--")) ++end;
  return end;
}

bool is(std::string_view word, std::string_view option) {
  return word.starts_with(option) && (word.size() == option.size() || word[option.size()] == '=');
}

/// A word that is more than a variable begins as it is written: `lib-$V` is no option.
bool may_be_option(const CommandWord& word) {
  if (word.value() || word.text().empty()) return false;
  return word.text().front() == '-' || word.text().front() == '$' || word.text().front() == '`';
}

}  // namespace

const CommandWord* find_option(const RunCommand& command, std::string_view option) {
  for (std::size_t i = options_end(command); i-- > 1;) {
    const Value word = command.words[i].value();
    if (word && is(*word, option)) return &command.words[i];
  }
  return nullptr;
}

OptionValue option_value(const RunCommand& command, std::string_view option) {
  for (std::size_t i = options_end(command); i-- > 1;) {
    const CommandWord& word = command.words[i];
    if (!word.value()) {
      if (word.text().size() > option.size() && is(word.text(), option)) return {.given = true, .known = false};
      continue;
    }
    const std::string_view text = *word.value();
    if (text.size() > option.size() && is(text, option))
      return {.given = true, .value = text.substr(option.size() + 1)};
    if (text == option) {
      if (i + 1 == command.words.size() || !command.words[i + 1].value()) return {.given = true, .known = false};
      return {.given = true, .value = *command.words[i + 1].value()};
    }
    const bool letter = option.size() == 2 && option[1] != '-';
    if (letter && text.starts_with(option)) return {.given = true, .known = false};  // -dDIR, or -d -D -I -R
  }
  return {};
}

bool may_have_more_options(const RunCommand& command) {
  if (command.more_words) return true;
  const std::size_t end = options_end(command);
  for (std::size_t i = 1; i < end; ++i)
    if (may_be_option(command.words[i])) return true;
  return false;
}

}  // namespace dockerlint
