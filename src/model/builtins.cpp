// SPDX-License-Identifier: Apache-2.0
// What the shell does itself, as far as it changes what later commands run with.

#include "model/command_walk.hpp"
#include "model/name_filter.hpp"
#include "model/paths.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

namespace dockerlint::script {
namespace {

/// Words without the options before them, which take no value.
std::span<const CommandWord> operands(std::span<const CommandWord> words) {
  std::size_t at = 1;
  for (; at < words.size(); ++at) {
    const Value word = words[at].value();
    if (word == "--") return words.subspan(at + 1);
    if (!word || word->size() < 2 || word->front() != '-') break;
  }
  return words.subspan(std::min(at, words.size()));
}

bool has_option(std::span<const CommandWord> words, char letter) {
  for (const CommandWord& word : words.subspan(1)) {
    const Value value = word.value();
    if (!value || value->size() < 2 || value->front() != '-' || value == "--") return false;
    if (value->find(letter) != value->npos) return true;
  }
  return false;
}

bool is_name(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_name_char); }

/// `NAME` or `NAME=value` as `export` takes it. No name: nobody knows which.
struct Declared {
  std::string_view name;
  bool has_value = false;
  Meaning meaning;
};

Declared declared(const CommandWord& word, Arena& arena) {
  Declared result;
  const bool known = !word.values().empty();
  std::string_view text = known ? word.values().front() : word.text();
  if (!known && text.starts_with('"')) text.remove_prefix(1);
  const std::size_t equals = text.find('=');
  result.has_value = equals != text.npos;
  const bool appends = result.has_value && equals > 0 && text[equals - 1] == '+';
  const std::string_view name = text.substr(0, appends ? equals - 1 : equals);
  if (!is_name(name)) return result;
  result.name = name;
  const bool of_home = word.text().find("=~") != word.text().npos;  // bash puts the home there, dash does not
  if (!known || appends || of_home) return result;
  std::vector<std::string_view> values;
  for (const std::string_view value : word.values()) {
    if (!value.starts_with(text.substr(0, std::min(equals, text.size())))) return result;
    values.push_back(value.substr(std::min(value.size(), equals + 1)));
  }
  if (result.has_value) result.meaning = {Knowledge::set, arena.keep(values)};
  return result;
}

/// Files that are known to leave the directory alone, and which variables they set. None: any.
struct Sourced {
  std::string_view ending;
  std::array<std::string_view, 8> names{};
  bool only_these = true;
};
constexpr std::array kSourced{
    Sourced{"/bin/activate",
            {"PATH", "VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "PS1", "PYTHONHOME", "CONDA_PREFIX", "CONDA_DEFAULT_ENV"}},
    Sourced{"cargo/env", {"PATH"}},
    Sourced{"/os-release",
            {"ID", "ID_LIKE", "NAME", "VERSION", "VERSION_ID", "VERSION_CODENAME", "PRETTY_NAME", "UBUNTU_CODENAME"}},
    Sourced{"/lsb-release", {"DISTRIB_ID", "DISTRIB_RELEASE", "DISTRIB_CODENAME", "DISTRIB_DESCRIPTION"}},
    Sourced{"/nvm.sh", {}, false},
    Sourced{"/etc/profile", {}, false},
    Sourced{"/.profile", {}, false},
    Sourced{"/.bashrc", {}, false},
    Sourced{"/.bash_profile", {}, false},
    Sourced{"/etc/environment", {}, false},
    Sourced{"/sdkman-init.sh", {}, false},
    Sourced{"/asdf.sh", {}, false},
    Sourced{"/apache2/envvars", {}, false},
    Sourced{"/conda.sh", {}, false},
};

/// What a builtin does to the script around it.
enum class Builtin : std::uint8_t {
  succeeds,
  fails,
  prints,
  changes_directory,
  pushes_directory,
  pops_directory,
  declares,
  unsets,
  sets,
  shifts,
  reads,
  evaluates,
  sources,
  calculates,
  leaves,
};
struct NamedBuiltin {
  std::string_view name;
  Builtin builtin;
};
constexpr std::array<NamedBuiltin, 34> kBuiltins{{
    {"true", Builtin::succeeds},
    {":", Builtin::succeeds},
    {"echo", Builtin::succeeds},
    {"exec", Builtin::succeeds},
    {"trap", Builtin::succeeds},
    {"umask", Builtin::succeeds},
    {"hash", Builtin::succeeds},
    {"builtin", Builtin::succeeds},
    {"shopt", Builtin::succeeds},
    {"printf", Builtin::prints},
    {"false", Builtin::fails},
    {"cd", Builtin::changes_directory},
    {"pushd", Builtin::pushes_directory},
    {"popd", Builtin::pops_directory},
    {"export", Builtin::declares},
    {"readonly", Builtin::declares},
    {"declare", Builtin::declares},
    {"typeset", Builtin::declares},
    {"local", Builtin::declares},
    {"unset", Builtin::unsets},
    {"set", Builtin::sets},
    {"shift", Builtin::shifts},
    {"read", Builtin::reads},
    {"getopts", Builtin::reads},
    {"mapfile", Builtin::reads},
    {"readarray", Builtin::reads},
    {"eval", Builtin::evaluates},
    {".", Builtin::sources},
    {"source", Builtin::sources},
    {"let", Builtin::calculates},
    {"exit", Builtin::leaves},
    {"return", Builtin::leaves},
    {"break", Builtin::leaves},
    {"continue", Builtin::leaves},
}};
constexpr NameFilter kFilter(kBuiltins);

std::optional<Builtin> builtin_named(std::string_view name) {
  if (!kFilter.may_have(name)) return std::nullopt;
  const auto found =
      std::find_if(kBuiltins.begin(), kBuiltins.end(), [&](const NamedBuiltin& known) { return known.name == name; });
  return found == kBuiltins.end() ? std::nullopt : std::optional(found->builtin);
}

}  // namespace

Outcome Walk::builtin(std::string_view name, const Invocation& invocation, const shell::SimpleCommand&,
                      const ShellState* state, const Context& context) {
  const auto builtin = builtin_named(name);
  if (!builtin) return {state, state};
  const auto words = invocation.words;
  switch (*builtin) {
    case Builtin::succeeds: return {state, nullptr};
    case Builtin::fails: return {nullptr, state};
    case Builtin::prints: {
      if (words.size() <= 2 || words[1].value() != "-v") return {state, nullptr};
      return {words[2].value() ? with_binding(state, *words[2].value(), {}) : state, nullptr};
    }
    case Builtin::changes_directory: return change_directory(words, state, context);
    case Builtin::pushes_directory: return push_directory(words, state, context);
    case Builtin::pops_directory: return pop_directory(state);
    case Builtin::declares: return declare(name, invocation, state);
    case Builtin::unsets: return unset(words, state);
    case Builtin::sets: return set(words, invocation.more_words, state);
    case Builtin::shifts: return shift(words, state);
    case Builtin::reads: return read_into(words, state);
    case Builtin::evaluates: return eval(invocation, state, context);
    case Builtin::sources: return source(invocation, state);
    case Builtin::calculates: {
      Outcome outcome{state, state};
      for (const CommandWord& word : words.subspan(1)) outcome = arithmetic(word.text(), outcome.ok);
      return outcome;
    }
    case Builtin::leaves: return leave(name, words, state, context);
  }
  return {state, state};
}

// --- directories ---

/// That a cd works is taken for granted, unless the script asks.
Outcome Walk::change_directory(std::span<const CommandWord> words, const ShellState* state, const Context& context) {
  const auto to = operands(words);
  Value target;
  if (to.empty()) {
    target = names_at(state).find("HOME").text();
  } else if (to.size() == 1 && !to.front().pattern) {
    const Value path = to.front().value();
    if (path == "-") target = state->previous;
    else if (path && is_absolute(*path)) target = clean_path(*path, sources_.arena);
    else if (path && !path->empty() && state->workdir) target = join_path(*state->workdir, *path, sources_.arena);
  }
  constexpr std::size_t kLongestPath = 1024;  // as of WORKDIR: cd x appends each time
  if (target && (!is_absolute(*target) || target->size() > kLongestPath)) target = std::nullopt;
  const ShellState* const there = with(state, [&](ShellState& s) {
    s.previous = s.workdir;
    s.workdir = target;
  });
  return {there, context.watched ? state : nullptr};
}

Outcome Walk::push_directory(std::span<const CommandWord> words, const ShellState* state, const Context& context) {
  const Directory pushed{state->pushed, state->workdir};
  if (words.size() < 2 || (words[1].value() && words[1].value()->find_first_of("+-") == 0)) {
    const ShellState* const unknown = with(state, [](ShellState& s) {
      s.workdir = std::nullopt;
      s.pushed = nullptr;
    });
    return {unknown, nullptr};
  }
  const Outcome outcome = change_directory(words, state, context);
  return {with(outcome.ok, [&](ShellState& s) { s.pushed = sources_.arena.make(pushed); }), outcome.failed};
}

Outcome Walk::pop_directory(const ShellState* state) {
  const ShellState* const back = with(state, [&](ShellState& s) {
    s.previous = s.workdir;
    s.workdir = s.pushed == nullptr ? std::nullopt : s.pushed->path;
    if (s.pushed != nullptr) s.pushed = s.pushed->next;
  });
  return {back, nullptr};
}

// --- variables ---

Outcome Walk::declare(std::string_view name, const Invocation& invocation, const ShellState* state) {
  const auto words = invocation.words;
  const bool exports = (name == "export" && !has_option(words, 'n')) || (name != "export" && has_option(words, 'x'));
  if (has_option(words, 'f') || has_option(words, 'p')) return {state, nullptr};
  const bool is_array = name != "export" && (has_option(words, 'a') || has_option(words, 'A'));
  const bool is_local = !calls_.empty() && name != "export" && name != "readonly" && !has_option(words, 'g');
  const auto given = operands(words);
  for (std::size_t i = 0; i < given.size(); ++i) {
    const CommandWord& word = given[i];
    Declared one = declared(word, sources_.arena);
    if (one.name.empty()) {
      if (!word.value()) state = with_anything(state, false);
      continue;
    }
    // A word that was split: dash has split it, bash would not have.
    const bool split = (i > 0 && given[i - 1].syntax == word.syntax && word.values().size() == 1) ||
                       (i + 1 < given.size() && given[i + 1].syntax == word.syntax);
    const bool braces = word.text().find('{') != std::string_view::npos && word.syntax->literal;
    if ((split && !braces) || is_array) one.meaning = {};
    if (is_local) locals_.push_back(one.name);
    if (one.has_value || is_array) {
      state = with_binding(state, one.name, one.meaning, exports);
      continue;
    }
    const Found found = find(state->bindings, one.name);
    const bool bound = found.binding != nullptr && found.binding->kind == BindingKind::name;
    if (is_local) state = with_binding(state, one.name, {Knowledge::unset, {}}, exports);
    else if (bound && exports) state = with_binding(state, one.name, found.binding->meaning, true);
  }
  return {state, nullptr};
}

Outcome Walk::unset(std::span<const CommandWord> words, const ShellState* state) {
  if (has_option(words, 'f')) return {state, nullptr};
  for (const CommandWord& word : operands(words)) {
    if (word.value()) state = with_binding(state, *word.value(), {Knowledge::unset, {}}, true);
    else state = with_anything(state, false);
  }
  return {state, nullptr};
}

Outcome Walk::set(std::span<const CommandWord> words, bool more, const ShellState* state) {
  ShellState changed = *state;
  const auto set_option = [&](Value name, bool on) {
    if (name == "errexit") changed.errexit = on;
    if (name == "pipefail") changed.pipefail = on;
    if (name == "allexport") changed.allexport = on;
  };
  std::size_t at = 1;
  bool parameters = false;
  for (; at < words.size(); ++at) {
    const Value word = words[at].value();
    if (word == "--" || word == "-") {
      parameters = word == "--" || at + 1 < words.size();
      ++at;
      break;
    }
    if (!word || word->size() < 2 || (word->front() != '-' && word->front() != '+')) {
      parameters = true;
      break;
    }
    const bool on = word->front() == '-';
    for (const char letter : word->substr(1)) {
      if (letter == 'e') changed.errexit = on;
      if (letter == 'a') changed.allexport = on;
      if (letter == 'o' && at + 1 < words.size()) set_option(words[++at].value(), on);
    }
  }
  if (parameters || more) {
    std::vector<Meaning> meanings;
    for (const CommandWord& word : words.subspan(std::min(at, words.size())))
      meanings.push_back(word.values().empty() || word.pattern ? Meaning{} : Meaning{Knowledge::set, word.values()});
    changed.parameters = sources_.arena.keep(meanings);
    changed.parameters_known = !more;
  }
  return {sources_.arena.make(changed), nullptr};
}

Outcome Walk::shift(std::span<const CommandWord> words, const ShellState* state) {
  std::size_t count = 1;
  bool known = true;
  if (words.size() > 1) {
    const std::string_view text = words[1].value().value_or("?");
    known = std::from_chars(text.data(), text.data() + text.size(), count).ec == std::errc{};
  }
  const ShellState* const after = with(state, [&](ShellState& s) {
    s.parameters_known = s.parameters_known && known && count <= s.parameters.size();
    if (s.parameters_known) s.parameters = s.parameters.subspan(count);
  });
  if (after->parameters_known) return {after, nullptr};
  return {after, after};
}

/// Every word that could be a name is one that is read.
Outcome Walk::read_into(std::span<const CommandWord> words, const ShellState* state) {
  const bool options = words.front().value() == "getopts";
  for (const CommandWord& word : words.subspan(1)) {
    if (!word.value()) state = with_anything(state, false);
    else if (is_name(*word.value())) state = with_binding(state, *word.value(), {});
  }
  for (const std::string_view name : {"OPTARG", "OPTIND"})
    if (options) state = with_binding(state, name, {});
  if (!options && words.size() == 1) state = with_binding(state, "REPLY", {});
  return {state, state};
}

Outcome Walk::source(const Invocation& invocation, const ShellState* state) {
  const Value path = invocation.words.size() > 1 ? invocation.words[1].value() : std::nullopt;
  // A path may be unknown in its front: "$NVM_DIR/nvm.sh".
  std::string_view text = path ? *path : invocation.words.size() > 1 ? invocation.words[1].text() : std::string_view();
  while (text.ends_with('"')) text.remove_suffix(1);
  for (const Sourced& known : kSourced) {
    if (!text.ends_with(known.ending)) continue;
    if (!known.only_these) state = with_anything(state, false);
    for (const std::string_view name : known.names)
      if (known.only_these && !name.empty()) state = with_binding(state, name, {});
    return {state, state};
  }
  const ShellState* const after = with_anything(state, true);
  return {after, after};
}

// --- leaving ---

Outcome Walk::leave(std::string_view name, std::span<const CommandWord> words, const ShellState* state,
                    const Context& context) {
  const Value status = words.size() > 1 ? words[1].value() : std::nullopt;
  if (name == "break" || name == "continue") {
    broken_.left = true;
    broken_.state = meet(broken_.state, state);
    if (words.size() > 1 && status != "1") exited_.left = true;  // out of more than this loop
    return {};
  }
  const bool fails = words.size() > 1 ? status && *status != "0" : context.place.joiner == shell::Joiner::or_else;
  if (name == "return" && !calls_.empty()) {
    returned_.left = returned_.left || !(fails && context.return_counts);
    returned_.state = meet(returned_.state, state);
  } else {
    exited_.left = exited_.left || !(fails && context.exit_counts);
  }
  return {};
}

}  // namespace dockerlint::script
