// SPDX-License-Identifier: Apache-2.0
#include "shell/run_script.hpp"

#include "shell/text_builder.hpp"
#include "syntax/heredoc.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>

namespace dockerlint::shell {

Interpreter interpreter_named(std::string_view path) {
  struct Known {
    std::string_view name;
    Interpreter interpreter;
  };
  constexpr std::array<Known, 8> kKnown{{{"sh", Interpreter::sh},
                                         {"dash", Interpreter::posix},
                                         {"ash", Interpreter::posix},
                                         {"bash", Interpreter::bash},
                                         {"rbash", Interpreter::bash},
                                         {"ksh", Interpreter::bash},
                                         {"mksh", Interpreter::bash},
                                         {"zsh", Interpreter::bash}}};
  const std::size_t slash = path.find_last_of("/\\");
  std::string_view name = slash == path.npos ? path : path.substr(slash + 1);
  if (name.ends_with(".exe")) name.remove_suffix(4);
  for (const Known& known : kKnown)
    if (known.name == name) return known.interpreter;
  return Interpreter::other;
}

Interpreter shell_of_image(std::string_view image) {
  for (const std::string_view part : {"windows/", "nanoserver", "windowsservercore", "servercore"})
    if (image.find(part) != image.npos) return Interpreter::other;
  return Interpreter::sh;
}

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), to_lower);
  return out;
}

// --- shells ---

/// What `env` and the like stand before is what counts: `#!/usr/bin/env -S bash -e`.
template <typename Words>
Interpreter interpreter_of(const Words& words) {
  for (const std::string_view word : words) {
    const bool wrapper = word.ends_with("/env") || word == "env" || word.ends_with("busybox");
    if (!wrapper && !word.starts_with('-') && word.find('=') == word.npos) return interpreter_named(word);
  }
  return Interpreter::other;
}

std::vector<std::string_view> blank_separated(std::string_view text) {
  std::vector<std::string_view> words;
  for (text = trim(text); !text.empty(); text = trim_left(text)) {
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

Interpreter shell_of_stage(const Instruction& from, const std::map<std::string, Interpreter>& stages) {
  if (from.arguments.empty()) return Interpreter::sh;
  const std::string_view image = from.arguments.front().text;
  if (const auto stage = stages.find(lower(image)); stage != stages.end()) return stage->second;
  return shell_of_image(image);
}

// --- the text ---

/// Adds the part of the source line by line, as a shell should see it: without the \r of a \r\n, which
/// no one means, and without leading tabs for `<<-`.
void add_lines(TextBuilder& out, const SourceText& source, TextRange range, bool strips_tabs) {
  while (!range.empty()) {
    const std::string_view rest = source.slice(range);
    const std::size_t newline = rest.find('\n');
    const std::string_view line = rest.substr(0, newline == rest.npos ? rest.size() : newline);
    const auto size = static_cast<TextSize>(line.size());
    TextSize begin = 0;
    TextSize end = size;
    if (strips_tabs) begin = static_cast<TextSize>(std::min(line.find_first_not_of('\t'), line.size()));
    if (newline != rest.npos && end > begin && line[end - 1] == '\r') --end;
    out.add(line.substr(begin, end - begin), {range.begin + begin, range.begin + end});
    range.begin += size;
    if (newline == rest.npos) return;
    out.add("\n", {range.begin, range.begin + 1});
    ++range.begin;
  }
}

/// The line end that stands before `offset`.
TextRange line_end_before(const SourceText& source, TextSize offset) {
  const bool is_there = offset > 0 && source.bytes()[offset - 1] == '\n';
  return {is_there ? offset - 1 : offset, offset};
}

/// The shell is given the command with all bodies behind it (dispatchRun in dockerfile2llb/convert.go).
LogicalText with_heredocs(const Document& document, const LogicalText& body, std::span<const Heredoc> heredocs,
                          Arena& arena) {
  TextBuilder out;
  out.add(body, 0, body.size());
  for (const Heredoc& heredoc : heredocs) {
    out.add("\n", line_end_before(document.source(), heredoc.body.begin));
    add_lines(out, document.source(), heredoc.body, false);
    out.add(heredoc.name, heredoc.end);
  }
  return out.keep(arena);
}

LogicalText only_heredoc(const Document& document, const Heredoc& heredoc, Arena& arena) {
  TextBuilder out;
  add_lines(out, document.source(), heredoc.body, heredoc.strips_tabs);
  return out.keep(arena);
}

/// How many bytes the JSON character at the start of `text` takes.
std::size_t json_character_size(std::string_view text) {
  constexpr std::size_t kUnicode = 6;  // \uXXXX
  if (text.front() != '\\') return decode(text).length;
  if (text.size() < 2 || text[1] != 'u') return std::min<std::size_t>(text.size(), 2);
  const bool pair = (text.substr(2, 2) == "d8" || text.substr(2, 2) == "D8" || text.substr(2, 1) == "d" ||
                     text.substr(2, 1) == "D") &&
                    text.size() >= 2 * kUnicode && text.substr(kUnicode, 2) == "\\u" && to_lower(text[3]) >= '8' &&
                    to_lower(text[3]) <= 'b';
  return std::min(text.size(), pair ? 2 * kUnicode : kUnicode);
}

/// A string of the JSON form, decoded, with the way back for each of its characters.
LogicalText json_text(const LogicalText& body, const Argument& string, Arena& arena) {
  std::size_t at = 0;
  while (at < body.size() && body.in_source(at, at + 1).begin < string.range.begin) ++at;
  ++at;  // the quote
  TextBuilder out;
  for (std::string_view rest = string.text; !rest.empty();) {
    const std::size_t decoded = decode(rest).length;
    const std::size_t written =
        at < body.size() ? std::min(json_character_size(body.text().substr(at)), body.size() - at) : 0;
    const TextRange source = written == 0 ? TextRange::at(string.range.end) : body.in_source(at, at + written);
    out.add(rest.substr(0, decoded), source);
    rest.remove_prefix(decoded);
    at += written;
  }
  return out.keep(arena);
}

// --- scripts ---

RunScript read(const LogicalText& text, Interpreter interpreter, Arena& arena) {
  RunScript run;
  run.interpreter = interpreter;
  run.text = text;
  if (interpreter == Interpreter::other) run.script.root = arena.make(List{});
  else run.script = parse(text, interpreter == Interpreter::posix ? Dialect::posix : Dialect::bash, arena);
  return run;
}

/// JSON form without a shell: one command, whose words are what they are.
Script command_of(std::span<const Argument> arguments, Arena& arena) {
  if (arguments.empty()) {
    Script none;
    none.root = arena.make(List{});
    return none;
  }
  std::vector<Word> words;
  for (const Argument& argument : arguments) {
    Word word;
    word.range = argument.range;
    word.text = word.value = argument.text;
    word.literal = word.quoted = true;
    words.push_back(word);
  }
  SimpleCommand simple;
  simple.range = cover(words.front().range, words.back().range);
  simple.words = arena.keep_list(words);
  Pipeline pipeline;
  pipeline.range = simple.range;
  pipeline.commands = arena.keep_list_of(Command{arena.make(simple), nullptr});
  Script script;
  script.root = arena.make(List{arena.keep_list_of(pipeline)});
  script.understood = true;
  return script;
}

RunScript read_json(const Instruction& run, Arena& arena) {
  const std::span<const Argument> words = run.arguments;
  RunScript result;
  result.script.root = arena.make(List{});
  if (words.empty()) return result;
  const Interpreter program = interpreter_named(words.front().text);
  if (program != Interpreter::other) {
    // sh -c script, sh -ec script, bash -o pipefail -c script
    for (std::size_t i = 1; i + 1 < words.size(); ++i) {
      const std::string_view option = words[i].text;
      if (option == "-o" || option == "+o") {
        ++i;
        continue;
      }
      if (!option.starts_with('-') || option.starts_with("--")) break;
      if (option.find('c') != option.npos) return read(json_text(run.body, words[i + 1], arena), program, arena);
    }
  }
  result.script = command_of(words, arena);
  return result;
}

}  // namespace

std::optional<Interpreter> shell_of(const Instruction& shell) {
  if (shell.form != Form::json || shell.arguments.empty()) return std::nullopt;
  std::vector<std::string_view> words;
  for (const Argument& argument : shell.arguments) words.push_back(argument.text);
  return interpreter_of(words);
}

std::vector<Interpreter> shells_of(const Document& document) {
  std::vector<Interpreter> all;
  std::map<std::string, Interpreter> stages;  // by name, in lower case: as they stand at their ends
  Interpreter now = Interpreter::sh;
  std::string stage;
  for (const Instruction& in : document.instructions()) {
    if (in.kind == InstructionKind::from) {
      now = shell_of_stage(in, stages);
      const bool named = in.arguments.size() >= 3 && equal_ignoring_case(in.arguments[1].text, "as");
      stage = named ? lower(in.arguments[2].text) : std::string();
    } else if (in.kind == InstructionKind::shell) {
      now = shell_of(in).value_or(now);
    }
    if (!stage.empty()) stages[stage] = now;
    all.push_back(now);
  }
  return all;
}

RunScript parse_run(const Document& document, const Instruction& instruction, Interpreter shell, Arena& arena) {
  const Instruction& run = instruction.nested != nullptr ? *instruction.nested : instruction;
  const std::span<const Heredoc> heredocs = instruction.heredocs;
  if (run.form == Form::json && !run.broken) return read_json(run, arena);
  if (heredocs.empty()) return read(run.body, shell, arena);
  if (!is_heredoc_word(run.body.text())) return read(with_heredocs(document, run.body, heredocs, arena), shell, arena);
  // The heredoc is the script, or a program of its own if it says what runs it.
  const LogicalText text = only_heredoc(document, heredocs.front(), arena);
  if (document.source().slice(heredocs.front().body).starts_with("#!") && shell != Interpreter::other) {
    const std::string_view line = text.text().substr(2, text.text().find('\n') - 2);
    return read(text, interpreter_of(blank_separated(line)), arena);
  }
  return read(text, shell, arena);
}

RunScript parse_run(const Document& document, const Instruction& instruction, Arena& arena) {
  const std::vector<Interpreter> shells = shells_of(document);
  const auto instructions = document.instructions();
  const auto index = static_cast<std::size_t>(&instruction - instructions.data());
  return parse_run(document, instruction, index < shells.size() ? shells[index] : Interpreter::sh, arena);
}

RunScript parse_start(const Instruction& instruction, Interpreter shell, Arena& arena) {
  if (instruction.kind == InstructionKind::healthcheck) {
    // CMD stands before the command.
    if (instruction.arguments.empty() || !equal_ignoring_case(instruction.arguments.front().text, "cmd")) {
      RunScript none;
      none.script.root = arena.make(List{});
      return none;
    }
    if (instruction.form == Form::json) {
      RunScript result;
      result.script = command_of(std::span<const Argument>(instruction.arguments).subspan(1), arena);
      return result;
    }
    const std::size_t cmd = std::string_view("CMD").size();
    const std::size_t begin =
        std::min(instruction.body.text().find_first_not_of(" \t", cmd), std::size_t{instruction.body.size()});
    return read(instruction.body.slice(begin, instruction.body.size()), shell, arena);
  }
  if (instruction.form == Form::json) return read_json(instruction, arena);
  return read(instruction.body, shell, arena);
}

}  // namespace dockerlint::shell
