// SPDX-License-Identifier: Apache-2.0
#include "model/wrappers.hpp"

#include "model/paths.hpp"
#include "model/wrapper_table.hpp"

#include <algorithm>
#include <array>

namespace dockerlint::script {
namespace {

struct Option {
  char letter = 0;
  Value value;  // absent where it has none, or nobody knows it
};

/// The options of a wrapper, as far as they are certain.
struct Options {
  bool understood = false;
  std::size_t end = 0;  // the first word behind them
  std::vector<Option> given;

  const Option* find(char letter) const {
    const Option* last = nullptr;
    for (const Option& option : given)
      if (option.letter == letter) last = &option;
    return last;
  }
};

struct LongOption {
  bool known = false;
  bool takes_value = false;
  char letter = 0;
};

/// `user:>u` among the words of the table.
LongOption long_option(std::string_view table, std::string_view name) {
  while (!table.empty()) {
    const std::string_view entry = table.substr(0, table.find(' '));
    table.remove_prefix(std::min(table.size(), entry.size() + 1));
    if (!entry.starts_with(name)) continue;
    std::string_view rest = entry.substr(name.size());
    if (!rest.empty() && rest.front() != ':' && rest.front() != '>') continue;
    LongOption option{true, rest.starts_with(':'), 0};
    if (option.takes_value) rest.remove_prefix(1);
    if (rest.starts_with('>')) option.letter = rest[1];
    return option;
  }
  return {};
}

class OptionReader {
 public:
  OptionReader(const Wrapper& wrapper, std::span<const CommandWord> words) : wrapper_(wrapper), words_(words) {}

  Options read() {
    for (at_ = 1; at_ < words_.size(); ++at_) {
      const Value word = words_[at_].value();
      if (!word) return {};
      if (*word == "--") {
        ++at_;
        break;
      }
      if (*word == "-" && wrapper_.kind == WrapperKind::env) options_.given.push_back({'i', {}});
      else if (!word->starts_with('-') || word->size() == 1) break;
      else if (!(word->starts_with("--") ? read_long(word->substr(2)) : read_letters(word->substr(1)))) return {};
    }
    options_.understood = true;
    options_.end = std::min(at_, words_.size());
    return std::move(options_);
  }

 private:
  bool read_long(std::string_view text) {
    const std::size_t equals = text.find('=');
    const LongOption option = long_option(wrapper_.long_options, text.substr(0, equals));
    if (!option.known) return false;
    if (equals != text.npos) add(option.letter, text.substr(equals + 1));
    else if (!option.takes_value) add(option.letter, {});
    else return take_next(option.letter);
    return true;
  }

  bool read_letters(std::string_view letters) {
    while (!letters.empty()) {
      const char letter = letters.front();
      letters.remove_prefix(1);
      const std::size_t found = letter == ':' ? wrapper_.options.npos : wrapper_.options.find(letter);
      if (found == wrapper_.options.npos) return false;
      const std::string_view after = wrapper_.options.substr(found + 1);
      if (!after.starts_with(':')) {
        add(letter, {});
        continue;
      }
      if (!letters.empty() || after.starts_with("::")) {
        add(letter, letters.empty() ? Value() : Value(letters));
        return true;
      }
      return take_next(letter);
    }
    return true;
  }

  bool take_next(char letter) {
    if (++at_ >= words_.size()) return false;
    add(letter, words_[at_].value());
    return true;
  }

  void add(char letter, Value value) { options_.given.push_back({letter, value}); }

  const Wrapper& wrapper_;
  std::span<const CommandWord> words_;
  std::size_t at_ = 1;
  Options options_;
};

/// The length of the name in `NAME=value`; 0 where it is none.
std::size_t assigned_name(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == text.npos || equals == 0 || text.find_first_of(" \t\n/") < equals) return 0;
  return equals;
}

/// Sets what `NAME=value` words before the command set. Where the command begins.
std::size_t read_assignments(std::span<const CommandWord> words, std::size_t at, const Binding*& bindings,
                             Arena& arena) {
  for (; at < words.size(); ++at) {
    const CommandWord& word = words[at];
    std::string_view text = word.values().empty() ? word.text() : word.values().front();
    if (word.values().empty() && text.starts_with('"')) text.remove_prefix(1);
    const std::size_t size = assigned_name(text);
    if (size == 0) break;
    const std::string_view name = text.substr(0, size);
    if (name.find_first_of("$`\"'\\") != name.npos) break;
    std::vector<std::string_view> values;
    for (const std::string_view value : word.values())
      if (value.substr(0, size) == name) values.push_back(value.substr(std::min(value.size(), size + 1)));
    const bool known = !values.empty() && values.size() == word.values().size();
    bindings = bind(bindings, name, known ? Meaning{Knowledge::set, arena.keep(values)} : Meaning{}, true, arena);
  }
  return at;
}

User root_or(const Option* option, Names& names) {
  if (option == nullptr) return names.user_named("root");
  if (!option->value) return {};
  const std::string_view name = *option->value;
  return names.user_named(name.starts_with('#') ? name.substr(1) : name);
}

void change_directory(Invocation& invocation, const Option& option, Names& names) {
  if (option.value && is_absolute(*option.value)) {
    invocation.workdir = clean_path(*option.value, names.arena);
  } else if (option.value && invocation.workdir) {
    invocation.workdir = join_path(*invocation.workdir, *option.value, names.arena);
  } else {
    invocation.workdir = std::nullopt;
  }
}

void sudo(Invocation& invocation, const Options& options, Names& names) {
  const bool keeps = options.find('E') != nullptr && !options.find('E')->value;
  const bool login = options.find('i') != nullptr;
  const User user = root_or(options.find('u'), names);
  if (!keeps || login) invocation.bindings = bind_all(invocation.bindings, BindingKind::anything, names.arena);
  // By default HOME is that of the user (sudoers, env_reset); Ubuntu before 20.04 keeps it.
  become(invocation, user, login || options.find('H') != nullptr ? Home::of_user : Home::either, names);
  if (login) invocation.workdir = user.home;
  if (const Option* directory = options.find('D')) change_directory(invocation, *directory, names);
}

void env(Invocation& invocation, const Options& options, Names& names) {
  if (options.find('i') != nullptr)
    invocation.bindings = bind_all(invocation.bindings, BindingKind::nothing, names.arena);
  for (const Option& option : options.given) {
    if (option.letter != 'u') continue;
    if (!option.value) invocation.bindings = bind_all(invocation.bindings, BindingKind::anything, names.arena);
    else invocation.bindings = bind(invocation.bindings, *option.value, {Knowledge::unset, {}}, true, names.arena);
  }
  if (const Option* directory = options.find('C')) change_directory(invocation, *directory, names);
}

/// Words that hold `mark` are made of what nobody knows yet.
std::span<const CommandWord> with_unknown(std::span<const CommandWord> words, std::string_view mark, Arena& arena) {
  std::vector<CommandWord> changed(words.begin(), words.end());
  for (CommandWord& word : changed)
    if (word.value() && word.value()->find(mark) != std::string_view::npos) word = {*word.syntax, {}, word.pattern};
  return arena.keep(changed);
}

void xargs(Invocation& invocation, const Options& options, Names& names) {
  if (options.find('r') != nullptr) invocation.conditional = true;
  const Option* replace = options.find('I');
  if (replace == nullptr) replace = options.find('i');
  if (replace == nullptr) {
    invocation.more_words = true;
    return;
  }
  const std::string_view mark = replace->value && !replace->value->empty() ? *replace->value : "{}";
  invocation.words = with_unknown(invocation.words, mark, names.arena);
}

void parallel(Invocation& invocation, Names& names) {
  const auto is_source = [](const CommandWord& word) { return word.value() && word.value()->starts_with(":::"); };
  const auto end = std::find_if(invocation.words.begin(), invocation.words.end(), is_source);
  invocation.words = invocation.words.first(static_cast<std::size_t>(end - invocation.words.begin()));
  invocation.words = with_unknown(invocation.words, "{", names.arena);
  invocation.more_words = true;
  invocation.conditional = true;
}

std::span<const std::string_view> with(std::span<const std::string_view> wrappers, std::string_view name,
                                       Arena& arena) {
  std::vector<std::string_view> all(wrappers.begin(), wrappers.end());
  all.push_back(name);
  return arena.keep(all);
}

bool is_number(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789") == text.npos; }

}  // namespace

void become(Invocation& invocation, const User& user, Home home, Names& names) {
  const Meaning before = names.find("HOME");
  invocation.user = names.arena.make(user);
  const Meaning theirs = user.home ? meaning_of(*user.home, names.arena) : Meaning{};
  Meaning now = home == Home::kept ? before : theirs;
  if (home == Home::either && !same(before, theirs)) now = {};
  invocation.bindings = bind(invocation.bindings, "HOME", now, true, names.arena);
}

User user_of(const CommandWord& word, Names& names) {
  const Value name = word.value();
  return name ? names.user_named(name->substr(0, name->find(':'))) : User{};
}

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool look_through(Invocation& invocation, Names& names) {
  constexpr std::size_t kMostWrappers = 16;
  if (invocation.words.size() < 2 || invocation.wrappers.size() >= kMostWrappers) return false;
  const Value program = invocation.words.front().value();
  if (!program) return false;
  const Wrapper* const wrapper = wrapper_named(file_name(*program));
  if (wrapper == nullptr) return false;
  const bool of_shell = wrapper->kind == WrapperKind::in_shell || wrapper->kind == WrapperKind::exec;
  if (of_shell && !invocation.in_shell && wrapper->name != "command") return false;

  const Options options = OptionReader(*wrapper, invocation.words).read();
  if (!options.understood) return false;
  Invocation inner = invocation;
  std::size_t at = options.end + wrapper->operands;
  if (wrapper->kind == WrapperKind::retry && at < inner.words.size() && inner.words[at].value() &&
      is_number(*inner.words[at].value()))
    ++at;
  // gosu user -- command; timeout 5 -- command
  if (wrapper->operands > 0 && at < inner.words.size() && inner.words[at].value() == "--") ++at;
  if (wrapper->kind == WrapperKind::user_option && options.find('u') == nullptr && wrapper->name == "runuser")
    return false;

  if (wrapper->kind == WrapperKind::sudo) sudo(inner, options, names);
  if (wrapper->kind == WrapperKind::env) env(inner, options, names);
  if (wrapper->assignments) at = read_assignments(inner.words, at, inner.bindings, names.arena);
  if (at >= inner.words.size()) return false;
  const Value first = inner.words[at].value();
  if (first && first->starts_with('-')) return false;
  if (wrapper->kind == WrapperKind::user_first)
    become(inner, user_of(inner.words[options.end], names), Home::of_user, names);
  if (wrapper->kind == WrapperKind::user_option && options.find('u') != nullptr)
    become(inner, root_or(options.find('u'), names), wrapper->name == "setpriv" ? Home::kept : Home::either, names);
  if (wrapper->kind == WrapperKind::exec) inner.replaces = true;
  inner.in_shell = inner.in_shell && wrapper->kind == WrapperKind::in_shell;
  inner.words = inner.words.subspan(at);
  inner.wrappers = with(inner.wrappers, wrapper->name, names.arena);
  if (wrapper->kind == WrapperKind::xargs) xargs(inner, options, names);
  if (wrapper->kind == WrapperKind::parallel) parallel(inner, names);
  invocation = inner;
  return true;
}

bool next_of_find(const Invocation& find, std::size_t& at, Invocation& inner, Names& names) {
  const std::span<const CommandWord> words = find.words;
  for (; at < words.size(); ++at) {
    const Value action = words[at].value();
    const bool in_place = action == "-exec" || action == "-ok";
    if (!in_place && action != "-execdir" && action != "-okdir") continue;
    std::size_t end = at + 1;
    bool many = false;
    for (; end < words.size(); ++end) {
      const Value word = words[end].value();
      many = word == "+" && words[end - 1].value() == "{}";
      if (word == ";" || many) break;
    }
    if (end == words.size() || end == at + 1) return false;
    inner = find;
    inner.words = with_unknown(words.subspan(at + 1, end - at - 1 - (many ? 1 : 0)), "{}", names.arena);
    inner.wrappers = with(find.wrappers, "find", names.arena);
    inner.more_words = many;
    inner.conditional = true;
    inner.failure_ignored = find.failure_ignored || !many;
    inner.in_shell = false;
    if (!in_place) inner.workdir = std::nullopt;
    at = end + 1;
    return !inner.words.empty();
  }
  return false;
}

}  // namespace dockerlint::script
