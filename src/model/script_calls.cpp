// SPDX-License-Identifier: Apache-2.0
// Commands that are given a script: shells, su, scl.

#include "model/wrappers.hpp"

#include <algorithm>
#include <array>

namespace dockerlint::script {

bool is_shell(std::string_view program) {
  constexpr std::array<std::string_view, 8> kShells{"ash", "bash", "dash", "ksh", "mksh", "rbash", "sh", "zsh"};
  if (!program.ends_with("sh")) return false;
  return std::find(kShells.begin(), kShells.end(), file_name(program)) != kShells.end();
}

ShellStart shell_start(std::span<const Value> words) {
  ShellStart start;
  std::size_t at = 0;
  while (at < words.size() && words[at] && !is_shell(*words[at])) ++at;  // /usr/bin/env bash
  if (at >= words.size() || !words[at]) return start;
  start.shell = file_name(*words[at]);
  const auto set_option = [&](const Value& name, bool on) {
    if (name == "errexit") start.errexit = on;
    if (name == "pipefail") start.pipefail = on;
  };
  for (++at; at < words.size(); ++at) {
    if (!words[at]) return start;
    const std::string_view word = *words[at];
    if (word == "--" || word == "-") {
      ++at;
      break;
    }
    if (word == "--rcfile" || word == "--init-file") {
      ++at;
      continue;
    }
    if (word.starts_with("--")) continue;
    const bool on = word.starts_with('-');
    if (word.size() < 2 || (!on && word.front() != '+')) break;
    for (const char letter : word.substr(1)) {
      if (letter == 'c' && on) start.takes_script = true;
      if (letter == 's' && on) start.reads_input = true;
      if (letter == 'e') start.errexit = on;
      if (letter == 'o' || letter == 'O') {
        if (++at >= words.size()) return start;
        set_option(words[at], on);
      }
    }
  }
  start.operands = std::min(at, words.size());
  start.understood = true;
  return start;
}

namespace {

std::optional<ScriptCall> call_of_shell(const Invocation& invocation) {
  std::vector<Value> values;
  values.push_back(invocation.words.front().value());
  for (const CommandWord& word : invocation.words.subspan(1)) values.push_back(word.value());
  const ShellStart start = shell_start(values);
  if (start.shell.empty()) return std::nullopt;
  // Options need be known only as far as the script: its text may not be.
  ScriptCall call{nullptr, {}, start.shell, start.errexit, start.pipefail};
  if (!start.understood && !start.takes_script) return std::nullopt;
  std::size_t script = start.operands;
  if (!start.understood) {
    for (script = 1; script < values.size() && values[script]; ++script) {
    }
  }
  if (start.takes_script) {
    if (script >= invocation.words.size()) return std::nullopt;
    call.script = &invocation.words[script];
    call.parameters = invocation.words.subspan(script + 1);
    return call;
  }
  if (script < invocation.words.size() && !start.reads_input) return std::nullopt;
  return call;
}

/// su and runuser take their options in any place.
std::optional<ScriptCall> call_of_su(Invocation& invocation, Names& names) {
  const CommandWord* script = nullptr;
  const CommandWord* who = nullptr;
  ScriptCall call;
  bool login = false, keeps = false;
  const auto words = invocation.words;
  for (std::size_t at = 1; at < words.size(); ++at) {
    const Value value = words[at].value();
    const std::string_view word = value.value_or("");
    if (!value && words[at].text().starts_with('-')) return std::nullopt;
    if (word == "-" || word == "-l" || word == "--login") {
      login = true;
    } else if (word == "-c" || word == "--command" || word == "-lc") {
      login = login || word == "-lc";
      if (++at >= words.size()) return std::nullopt;
      script = &words[at];
    } else if (word == "-s" || word == "--shell") {
      if (++at >= words.size() || !words[at].value()) return std::nullopt;
      call.shell = file_name(*words[at].value());
    } else if (word.starts_with("--shell=")) {
      call.shell = file_name(word);
    } else if (word == "-g" || word == "-G") {
      ++at;
    } else if (word == "-m" || word == "-p" || word == "--preserve-environment") {
      keeps = true;
    } else if (word == "-P" || word == "--pty" || word == "-f" || word == "--") {
      continue;
    } else if (word.starts_with('-') || who != nullptr) {
      return std::nullopt;
    } else {
      who = &words[at];
    }
  }
  call.script = script;
  if (!call.shell.empty() && !is_shell(call.shell)) return std::nullopt;
  const User user = who == nullptr ? names.user_named("root") : user_of(*who, names);
  if (login) invocation.bindings = bind_all(invocation.bindings, BindingKind::anything, names.arena);
  become(invocation, user, keeps && !login ? Home::kept : Home::of_user, names);
  if (login) invocation.workdir = user.home;
  return call;
}

}  // namespace

bool may_take_script(std::string_view name) {
  return is_shell(name) || name == "su" || name == "runuser" || name == "scl";
}

std::optional<ScriptCall> script_call(Invocation& invocation, Names& names) {
  const Value program = invocation.words.front().value();
  if (!program) return std::nullopt;
  const std::string_view name = file_name(*program);
  if (is_shell(name)) return call_of_shell(invocation);
  if (name == "su" || name == "runuser") return call_of_su(invocation, names);
  constexpr std::size_t kLeast = 4;  // scl enable collection script
  if (name == "scl" && invocation.words.size() >= kLeast && invocation.words[1].value() == "enable") {
    const auto words = invocation.words;
    if (std::any_of(words.begin(), words.end(), [](const CommandWord& w) { return w.value() == "--"; }))
      return std::nullopt;
    ScriptCall call;
    call.script = &words.back();
    call.shell = "bash";
    return call;
  }
  return std::nullopt;
}

}  // namespace dockerlint::script
