// SPDX-License-Identifier: Apache-2.0
// What names stand for: in words, and for programs.

#include "model/command_variables.hpp"
#include "model/shell_words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace dockerlint::script {
namespace {

/// What shells set by themselves, and sh in one way and bash in another.
bool is_set_by_shell(std::string_view name) {
  constexpr std::array kNames{"RANDOM",    "SECONDS", "HOSTNAME", "LINENO", "PPID",     "SHLVL", "IFS",   "OPTIND",
                              "SHELLOPTS", "UID",     "EUID",     "PATH",   "HOSTTYPE", "SHELL", "OSTYPE"};
  return name.starts_with("BASH") || std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

Meaning in_environment(const Environment& env, const User& user, std::string_view name, Arena& arena) {
  const Variable variable = env.find(name);
  if (!variable.known) return {};
  if (variable.set) return meaning_of(variable.value, arena);
  if (name == "HOME") return user.home ? meaning_of(*user.home, arena) : Meaning{};
  if (is_set_by_shell(name)) return {};
  return {Knowledge::unset, {}};
}

bool is_number(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789") == text.npos; }

}  // namespace

Meaning Names::find(std::string_view name) const {
  if (name == "#") {
    if (!state->parameters_known) return {};
    return meaning_of(arena.keep(std::string_view(std::to_string(state->parameters.size()))), arena);
  }
  if (is_number(name)) {
    std::size_t index = 0;
    std::from_chars(name.data(), name.data() + name.size(), index);
    if (!state->parameters_known || index == 0) return {};
    return index <= state->parameters.size() ? state->parameters[index - 1] : Meaning{Knowledge::unset, {}};
  }
  if (name.size() == 1 && name.find_first_of("?$!-") != name.npos) return {};
  const Found found = script::find(state->bindings, name);
  if (found.binding != nullptr && found.binding->kind == BindingKind::name) {
    if (!found.outside || found.binding->exported) return found.binding->meaning;
    const Variable inherited = run.before.env.find(name);
    if (inherited.known) return inherited.set ? found.binding->meaning : Meaning{Knowledge::unset, {}};
    return {};
  }
  if (name == "PWD") return state->workdir ? meaning_of(*state->workdir, arena) : Meaning{};
  if (name == "OLDPWD") return state->previous ? meaning_of(*state->previous, arena) : Meaning{};
  if (found.lost || (found.binding != nullptr && found.binding->kind == BindingKind::anything)) return {};
  if (found.binding != nullptr) return is_set_by_shell(name) ? Meaning{} : Meaning{Knowledge::unset, {}};
  return in_environment(run.before.env, *user, name, arena);
}

void Names::assign(std::string_view name, const Meaning& meaning) {
  ShellState changed = *state;
  const Found before = script::find(changed.bindings, name);
  const bool exported = changed.allexport || (before.binding != nullptr && before.binding->exported);
  changed.bindings = bind(changed.bindings, name, meaning, exported, arena);
  state = arena.make(changed);
}

User Names::user_named(std::string_view name_or_uid) const {
  if (user_named_ != nullptr) return user_named_(run.before.env, name_or_uid);
  if (name_or_uid == "root" || name_or_uid == "0") return {"root", 0, 0, "/root"};
  return {name_or_uid, {}, {}, {}};
}

}  // namespace dockerlint::script

namespace dockerlint {

using namespace script;

Variable RunCommand::variable(std::string_view name) const {
  constexpr Variable kUnknown{false, false, {}};
  if (variables == nullptr) return kUnknown;
  const Found found = find(variables->bindings, name);
  if (found.lost) return kUnknown;
  const Binding* const binding = found.binding;
  if (binding != nullptr && binding->kind == BindingKind::anything) return kUnknown;
  if (binding != nullptr && binding->kind == BindingKind::nothing) return {};
  if (binding == nullptr || !binding->exported) {
    const Variable outside = run->before.env.find(name);
    if (!outside.known) return kUnknown;
    if (!outside.set && name == "HOME" && binding == nullptr)
      return user->home ? Variable{true, true, *user->home} : kUnknown;
    if (!outside.set && name == "PWD" && binding == nullptr) return workdir ? Variable{true, true, *workdir} : kUnknown;
    if (binding == nullptr) return outside;
    if (!outside.set) return {};
  }
  if (binding->meaning.knowledge == Knowledge::unset) return {};
  const Value value = binding->meaning.text();
  return value ? Variable{true, true, *value} : kUnknown;
}

}  // namespace dockerlint
