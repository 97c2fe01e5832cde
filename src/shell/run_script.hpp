// SPDX-License-Identifier: Apache-2.0
#pragma once
// From a RUN instruction to its script: which text the shell is given, which shell that is, and what it reads.

#include "dockerlint/shell.hpp"
#include "dockerlint/syntax.hpp"
#include "text/arena.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace dockerlint::shell {

/// The interpreter that a path or a command names: `/bin/bash`, `pwsh.exe`.
Interpreter interpreter_named(std::string_view path);
/// What a SHELL instruction says, if it is well formed.
std::optional<Interpreter> shell_of(const Instruction& shell);
/// The shell of an image of which only the name is known: cmd, where it says that it is for Windows, else /bin/sh.
Interpreter shell_of_image(std::string_view image);

/// For each instruction, by its index in document.instructions(), the shell that runs its text there: SHELL
/// before it in its stage or in the stage that this one is built from, else /bin/sh, or cmd on Windows.
std::vector<Interpreter> shells_of(const Document& document);

struct RunScript {
  Interpreter interpreter = Interpreter::sh;
  LogicalText text;  // what the interpreter is given; empty where there is no script
  Script script;     // not understood where the interpreter is other, and with no reason then
};

/// The script of a RUN, or of the RUN of an ONBUILD. `shell` is the one in force there.
RunScript parse_run(const Document& document, const Instruction& instruction, Interpreter shell, Arena& arena);
/// What CMD, ENTRYPOINT or HEALTHCHECK CMD starts: a script in the text form, one command in the JSON form.
RunScript parse_start(const Instruction& instruction, Interpreter shell, Arena& arena);
/// The same, where nothing is known yet of the shells: for one RUN, not for all of a file.
RunScript parse_run(const Document& document, const Instruction& instruction, Arena& arena);

}  // namespace dockerlint::shell
