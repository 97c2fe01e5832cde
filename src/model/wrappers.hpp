// SPDX-License-Identifier: Apache-2.0
#pragma once
// Programs that run another program: what their options are, where the command begins, and what it is given.

#include "model/shell_words.hpp"

namespace dockerlint::script {

/// A command on its way to what it runs in the end.
struct Invocation {
  std::span<const CommandWord> words;
  std::span<const std::string_view> wrappers;
  bool more_words = false;
  bool conditional = false;
  bool failure_ignored = false;
  bool in_shell = true;   // a builtin would be found
  bool replaces = false;  // `exec`: nothing comes after it
  const Binding* bindings = nullptr;
  Value workdir;
  const User* user = nullptr;
};

/// A script that a command is given, to run in a shell of its own.
struct ScriptCall {
  const CommandWord* script = nullptr;      // null: standard input
  std::span<const CommandWord> parameters;  // $0 comes first
  std::string_view shell;                   // "bash"; "" is sh
  bool errexit = false;
  bool pipefail = false;
};

/// Takes the outermost wrapper off, and does to the invocation what it does. False where the command is none,
/// or where it is not certain which of its words is the program.
bool look_through(Invocation& invocation, Names& names);
/// Whether a program of this name may be given a script.
bool may_take_script(std::string_view name);
/// The script in the words of `sh -c`, `su -c`, `scl enable`; changes user and directory as these do.
std::optional<ScriptCall> script_call(Invocation& invocation, Names& names);
/// The commands behind -exec and its like, one after the other from `at` on, which is moved behind it.
bool next_of_find(const Invocation& find, std::size_t& at, Invocation& inner, Names& names);

/// How a shell is started: by SHELL, in the JSON form of RUN, by a command.
struct ShellStart {
  bool understood = false;
  std::string_view shell;     // its name without directory
  std::size_t operands = 0;   // where options end
  bool takes_script = false;  // -c
  bool reads_input = false;   // -s
  bool errexit = false;
  bool pipefail = false;
};
ShellStart shell_start(std::span<const Value> words);

/// Another user: some of these programs set HOME, some keep it, some do as they are configured.
enum class Home : std::uint8_t { kept, of_user, either };
void become(Invocation& invocation, const User& user, Home home, Names& names);
/// Whom a word names: `user`, `user:group`.
User user_of(const CommandWord& word, Names& names);

/// A path's last part.
std::string_view file_name(std::string_view path);
bool is_shell(std::string_view program);

}  // namespace dockerlint::script
