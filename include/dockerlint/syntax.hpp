// SPDX-License-Identifier: Apache-2.0
#pragma once
// The Dockerfile as written. The tokens tile the source: joined, they are the file, byte for byte.
// The tree above them is typed, immutable, and lives in its Document's arena.

#include "dockerlint/kept_list.hpp"
#include "dockerlint/text.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace dockerlint {

enum class TokenKind : std::uint8_t {
  bom,
  whitespace,
  newline,
  directive,     // a comment line that BuildKit reads: # syntax=…, # escape=…, # check=…
  comment,       // from its # to before the line end, also between continued lines
  continuation,  // the escape character, the blanks after it, and the line end
  keyword,
  flag,
  text,            // arguments
  heredoc_marker,  // <<NAME
  heredoc_body,
  heredoc_end,  // the line that ends a heredoc
};
std::string_view to_string(TokenKind);

struct Token {
  TokenKind kind;
  TextRange range;
};

enum class InstructionKind : std::uint8_t {
  unknown,
  add,
  arg,
  cmd,
  copy,
  entrypoint,
  env,
  expose,
  from,
  healthcheck,
  label,
  maintainer,
  onbuild,
  run,
  shell,
  stopsignal,
  user,
  volume,
  workdir,
};
/// In capitals, as documentation spells it; "" for unknown.
std::string_view to_string(InstructionKind);
/// In any case: `run` is a keyword too.
InstructionKind instruction_kind(std::string_view keyword);

/// A word of an instruction as BuildKit reads it: joined over continuations, JSON strings decoded,
/// shell quotes kept.
struct Argument {
  TextRange range;
  std::string_view text;
};

/// One `--name=value` before the arguments. Quotes and escapes are gone from the value, and each of
/// its bytes that is not ASCII has become two: BuildKit reads flags byte by byte
/// (parser/split_command.go, extractBuilderFlags).
struct Flag {
  TextRange range;
  std::string_view text;  // the whole flag as BuildKit reads it
  std::string_view name;  // between the dashes and `=`
  LogicalText value;
  bool has_value = false;  // false: bare `--link`
};

/// `NAME=value` of ENV, LABEL and ARG; `NAME value` in the legacy form; ARG may have no value.
struct Assignment {
  TextRange range;
  Argument name;
  Argument value;  // quotes and escapes kept
  bool has_value = false;
};

struct Heredoc {
  TextRange marker;          // <<NAME with its quotes
  TextRange body;            // whole lines; empty when there are none
  TextRange end;             // the line that ends it, without its line end; empty when it is missing
  std::string_view name;     // quotes removed
  bool expands = true;       // false when any part of the name is quoted
  bool strips_tabs = false;  // <<-
  bool terminated = true;
};

enum class Form : std::uint8_t {
  none,    // nothing after the keyword and flags
  words,   // arguments: COPY a b
  text,    // one argument: everything, RUN make && make install
  json,    // arguments: the strings of the array
  pairs,   // assignments: ENV A=1 B=2
  legacy,  // one assignment: ENV A 1
  nested,  // ONBUILD: see `nested`
};

struct Instruction {
  InstructionKind kind = InstructionKind::unknown;
  Form form = Form::none;
  bool empty_continuation = false;  // a blank line inside a continuation
  bool broken = false;              // BuildKit refuses it: `arguments` may be incomplete
  std::uint32_t first_line = 0;     // from 1
  std::uint32_t last_line = 0;      // with heredocs, comments and blank lines that belong to it
  TextRange range;                  // from the keyword to the last byte that is not blank
  Argument keyword;                 // as written
  LogicalText body;                 // all after keyword and flags, trimmed
  KeptList<Flag> flags;
  KeptList<Argument> arguments;      // HEALTHCHECK: CMD or NONE comes first
  KeptList<Assignment> assignments;  // ENV, LABEL, ARG
  KeptList<Heredoc> heredocs;
  const Instruction* nested = nullptr;  // of ONBUILD; its lines are those of the ONBUILD

  const Flag* flag(std::string_view name) const;
};

enum class SyntaxErrorKind : std::uint8_t {
  directive,
  instruction,
  flag,
  arguments,
  heredoc,
  line_too_long,
  stage,  // no FROM, or something before it
};

/// Why BuildKit would refuse the file, in words for a person. It stops at the first; we go on.
struct SyntaxError {
  SyntaxErrorKind kind;
  TextRange range;
  std::string_view message;
  std::string_view note;
};

struct Directive {
  TextRange range;        // from the # to the end of the value
  std::string_view name;  // lower case
  Argument value;
};

class Document {
 public:
  /// Never fails: what cannot be understood becomes a broken instruction and a syntax error.
  /// `bytes` must be smaller than 4 GiB.
  static Document parse(std::string path, std::string bytes);
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  const SourceText& source() const;
  char escape() const;  // `\` or `` ` ``
  /// The tokens that are comments or directives, in order.
  std::span<const Token> comments() const;
  /// All tokens. They are made when they are first asked for.
  std::span<const Token> tokens() const;
  std::span<const Directive> directives() const;
  std::span<const Instruction> instructions() const;
  std::span<const SyntaxError> errors() const;

  /// The tokens that touch `range`, in order.
  std::span<const Token> tokens_in(TextRange range) const;
  std::span<const Token> comments_in(TextRange range) const;
  /// Whether a comment stands in `range`: the question that decides if a fix is safe.
  bool has_comment(TextRange range) const;

 private:
  friend class Parser;
  struct Impl;
  explicit Document(std::unique_ptr<Impl>);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dockerlint
