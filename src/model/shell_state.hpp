// SPDX-License-Identifier: Apache-2.0
#pragma once
// What holds at one place of a script. Nothing is ever changed: each change is a new cell in front of what
// was there, so that a snapshot costs nothing, and two ways that met can tell where they parted.

#include "dockerlint/model.hpp"
#include "dockerlint/shell.hpp"
#include "text/arena.hpp"

namespace dockerlint::script {

/// All that something can be; no more than kMostValues.
using Values = std::span<const std::string_view>;
constexpr std::size_t kMostValues = 16;
constexpr std::size_t kLongestValue = 4096;

enum class Knowledge : std::uint8_t { unknown, unset, set };

/// What a name stands for. Values only where it is set.
struct Meaning {
  Knowledge knowledge = Knowledge::unknown;
  Values values;

  bool is_known() const { return knowledge != Knowledge::unknown; }
  /// The one text that the shell puts in its place.
  Value text() const;
};

Meaning meaning_of(std::string_view value, Arena& arena);
bool same(const Meaning& a, const Meaning& b);
/// One or the other.
Meaning either(const Meaning& a, const Meaning& b, Arena& arena);

enum class BindingKind : std::uint8_t {
  name,
  anything,  // what stands behind it may have become anything: `source`
  nothing,   // what stands behind it is gone: `env -i`
  process,   // what stands behind it is seen only where it is exported
};

struct Binding {
  const Binding* next = nullptr;
  std::uint32_t depth = 0;  // how many there are, with this one
  BindingKind kind = BindingKind::name;
  bool exported = false;  // false: as the environment of the RUN says
  std::string_view name;
  Meaning meaning;
};

/// Where a walk through bindings ended. None: at the environment that the script began with.
struct Found {
  const Binding* binding = nullptr;
  bool lost = false;     // too far away to look
  bool outside = false;  // set by another process than the one that asks
};
Found find(const Binding* bindings, std::string_view name);

/// A shell that reads a script, and how it reads words.
enum class Answer : std::uint8_t { no, yes, unknown };
struct ScriptText {
  LogicalText text;
  Answer braces = Answer::unknown;     // whether {a,b} is two words: so it is in bash, and not in dash
  std::span<const TextRange> foreign;  // what another shell has put in, and nobody knows
};

struct Function {
  const Function* next = nullptr;
  std::uint32_t depth = 0;
  std::string_view name;
  const shell::CompoundCommand* definition = nullptr;
  const ScriptText* text = nullptr;
};

struct Directory {
  const Directory* next = nullptr;
  Value path;
};

struct ShellState {
  const Binding* bindings = nullptr;
  const Function* functions = nullptr;
  const Directory* pushed = nullptr;
  Value workdir;
  Value previous;                       // for `cd -`
  std::span<const Meaning> parameters;  // $1 …
  bool parameters_known = true;
  bool errexit = false;
  bool pipefail = false;
  bool allexport = false;
};

/// What holds where two ways meet. Null is a way that nobody comes.
const ShellState* meet(const ShellState* a, const ShellState* b, Arena& arena);

/// In front of `bindings`.
const Binding* bind(const Binding* bindings, std::string_view name, const Meaning& meaning, bool exported,
                    Arena& arena);
const Binding* bind_all(const Binding* bindings, BindingKind kind, Arena& arena);

}  // namespace dockerlint::script
