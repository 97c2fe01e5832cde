// SPDX-License-Identifier: Apache-2.0
// Edits in the script of a RUN, in the style in which it is written.

#include "dockerlint/commands.hpp"
#include "dockerlint/edit.hpp"
#include "edit/script_style.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <optional>

namespace dockerlint::edit {
namespace {

/// One pipeline among those of its list.
struct Position {
  const shell::List* list = nullptr;
  std::size_t index = 0;
};

bool is_simple(const shell::Pipeline& pipeline, const shell::SimpleCommand& command) {
  return pipeline.commands.size() == 1 && pipeline.commands.front().simple == &command;
}

/// Where the command is the whole of a pipeline: in a list, or in the lists of compound commands. Not in
/// substitutions: what a command in there prints is somebody's word.
std::optional<Position> find(const shell::List& list, const shell::SimpleCommand& command) {
  for (std::size_t i = 0; i < list.pipelines.size(); ++i) {
    const shell::Pipeline& pipeline = list.pipelines[i];
    if (!pipeline.range.contains(command.range)) continue;
    if (is_simple(pipeline, command)) return Position{&list, i};
    for (const shell::Command& part : pipeline.commands)
      if (part.compound != nullptr)
        for (const shell::Block& block : part.compound->blocks)
          if (block.list != nullptr)
            if (const auto found = find(*block.list, command)) return found;
  }
  return std::nullopt;
}

/// `true`, `:` or `exit 0`, behind `||`.
bool only_swallows(const shell::Pipeline& pipeline) {
  if (pipeline.commands.size() != 1 || pipeline.commands.front().simple == nullptr) return false;
  const auto words = pipeline.commands.front().simple->words;
  return words.size() == 1 && (words.front().value == "true" || words.front().value == ":");
}

/// Whether it may fail without an end to the RUN, for what stands behind it: `a; b`, `a && b || true`.
bool may_fail(const shell::Pipeline& pipeline, const RunStep& run) {
  if (only_swallows(pipeline)) return false;
  const shell::Command& last = pipeline.commands.back();
  bool known = false;
  for (const RunCommand& command : run.commands) {
    const shell::SimpleCommand& syntax = *command.syntax;
    if (last.simple != nullptr ? &syntax != last.simple : !last.range().contains(syntax.range)) continue;
    if (command.failure_ignored) return true;
    known = true;
  }
  return !known;
}

/// A line that grows beyond this is broken where the text is ours.
constexpr std::size_t kLongLine = 100;

/// What a shell script of the RUN looks like: how its parts are joined over lines.
struct Style {
  bool in_lines = false;               // it goes over several lines
  std::optional<bool> operator_first;  // `\` line end `&& b`, or `&& \` line end `b`: as most lines have it, if any
  std::string newline = "\n";          // with the escape character where the lines are continued
  std::string indent = "    ";         // of the lines on which commands begin
};

/// What stands behind it never runs.
bool ends_the_script(const shell::Pipeline& pipeline) {
  if (pipeline.commands.size() != 1 || pipeline.commands.front().simple == nullptr) return false;
  const auto words = pipeline.commands.front().simple->words;
  return !words.empty() && pipeline.joiner != shell::Joiner::or_else &&
         (words.front().value == "exit" || words.front().value == "exec" || words.front().value == "return");
}

std::string_view blanks_before(const SourceText& source, TextSize offset) {
  const std::string_view line = source.slice({source.line_start(source.line_of(offset)), offset});
  const std::size_t end = std::min(line.find_first_not_of(" \t"), line.size());
  return line.substr(0, end);
}

/// How lines end where `offset` is; in a last line that does not end, as the one before it.
std::string line_end(const SourceText& source, TextSize offset) {
  const std::uint32_t number = source.line_of(offset);
  TextSize end = source.line_range(number).end;
  if (end == source.size() && number > 1) end = source.line_range(number - 1).end;
  return end < source.size() && source.bytes()[end] == '\r' ? "\r\n" : "\n";
}

Style style_of(const Document& document, const Instruction& in, TextSize script_end) {
  Style style;
  const SourceText& source = document.source();
  const std::string end = line_end(source, in.range.begin);
  style.newline = std::string(" ") + document.escape() + end;
  const std::uint32_t first = source.line_of(in.range.begin), last = source.line_of(script_end);
  if (first == last) return style;
  style.in_lines = true;
  std::optional<std::string> of_commands, smallest;
  bool behind_operator = false;
  std::size_t leading = 0, trailing = 0;
  for (std::uint32_t number = first; number <= last; ++number) {
    std::string_view line = source.line(number);
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == line.npos || line[begin] == '#') continue;
    const std::string indent(line.substr(0, begin));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == document.escape()))
      line.remove_suffix(1);
    if (number > first) {
      const std::string_view text = line.substr(std::min(begin, line.size()));
      const bool starts = text.starts_with("&&") || text.starts_with(';');
      leading += starts;
      // Commands in a block or a branch lie deeper.
      if ((starts || behind_operator) && (!of_commands || indent.size() < of_commands->size())) of_commands = indent;
      if (!indent.empty() && (!smallest || indent.size() < smallest->size())) smallest = indent;
    }
    const bool ends = number < last && line.ends_with("&&");
    trailing += ends;
    behind_operator = ends || line.ends_with(';');
  }
  if (of_commands) style.indent = *of_commands;
  else if (smallest) style.indent = *smallest;
  if (leading + trailing > 0) style.operator_first = leading >= trailing;
  return style;
}

/// The first of the comment lines right above `line`, none of them above `highest`; `line` itself where there is none.
std::uint32_t above_comments(const SourceText& source, std::uint32_t line, std::uint32_t highest) {
  const auto is_comment = [&](std::uint32_t number) {
    const std::string_view text = trim(source.line(number));
    return text.starts_with('#') && !text.starts_with("#!");
  };
  while (line > highest && is_comment(line - 1)) --line;
  return line;
}

/// How far the mounts of the nearest RUN are indented that has one at the beginning of a line.
std::optional<std::string> indent_of_mounts(const Document& document, const Instruction& in) {
  constexpr std::ptrdiff_t kNear = 30;  // instructions
  const SourceText& source = document.source();
  const auto all = document.instructions();
  const std::ptrdiff_t at = &in - all.data();
  if (at < 0 || at >= std::ssize(all)) return std::nullopt;
  for (std::ptrdiff_t i = std::max<std::ptrdiff_t>(at - kNear, 0); i < std::min(at + kNear, std::ssize(all)); ++i)
    for (const Flag& flag : all[static_cast<std::size_t>(i)].flags) {
      const TextSize begin = flag.range.begin;
      const std::string_view blanks = blanks_before(source, begin);
      if (flag.name == "mount" && source.line_start(source.line_of(begin)) + blanks.size() == begin)
        return std::string(blanks);
    }
  return std::nullopt;
}

}  // namespace

bool is_set(const shell::Pipeline& pipeline) {
  if (pipeline.commands.size() != 1 || pipeline.commands.front().simple == nullptr) return false;
  const auto words = pipeline.commands.front().simple->words;
  return words.size() >= 2 && words[0].value == "set";
}

bool stops_at_failures(const shell::List& script) {
  const auto& first = script.pipelines.front();
  if (!is_set(first)) return false;
  const auto words = first.commands.front().simple->words;
  return std::any_of(words.begin() + 1, words.end(), [](const shell::Word& word) {
    const bool letters = word.value.starts_with('-') && word.value.find('e') != std::string_view::npos;
    return letters || word.value == "errexit";
  });
}

std::vector<TextEdit> remove_command(const RunStep& run, const shell::SimpleCommand& command) {
  if (run.script == nullptr || !run.script->understood) return {};
  const auto found = find(*run.script->root, command);
  if (!found) return {};
  const auto pipelines = found->list->pipelines;
  const shell::Pipeline& pipeline = pipelines[found->index];
  if (pipeline.joiner == shell::Joiner::or_else || pipeline.background || pipeline.negated) return {};

  std::size_t last = found->index;  // of what goes with it
  if (last + 1 < pipelines.size() && pipelines[last + 1].joiner == shell::Joiner::or_else) {
    if (!only_swallows(pipelines[++last])) return {};
    if (last + 1 < pipelines.size() && pipelines[last + 1].joiner == shell::Joiner::or_else) return {};
  }
  const bool has_next = last + 1 < pipelines.size();
  // What comes to be the last of its chain must not end a RUN that it did not end before.
  const bool ends_chain = !has_next || pipelines[last + 1].joiner == shell::Joiner::sequence;
  const bool counted = !has_next || last > found->index ||
                       (pipeline.joiner == shell::Joiner::and_then && stops_at_failures(*run.script->root));
  if (found->index > 0 && ends_chain && counted && may_fail(pipelines[found->index - 1], run)) return {};
  const bool next_depends = has_next && pipelines[last + 1].joiner == shell::Joiner::and_then;
  if (found->index == 0 && !has_next) return {};
  if (found->index == 0 || (next_depends && pipeline.joiner != shell::Joiner::and_then))
    return {{{pipeline.range.begin, pipelines[last + 1].range.begin}, ""}};
  return {{{pipelines[found->index - 1].range.end, pipelines[last].range.end}, ""}};
}

std::vector<TextEdit> remove_word(const Document& document, const shell::SimpleCommand& command, TextRange word) {
  // The blanks before it go with it, and the line if it stands there alone.
  const SourceText& source = document.source();
  TextSize begin = command.range.begin;
  for (const shell::Word& other : command.words)
    if (other.range.end <= word.begin) begin = std::max(begin, other.range.end);
  for (const shell::Assignment& other : command.assignments)
    if (other.range.end <= word.begin) begin = std::max(begin, other.range.end);
  for (const shell::Redirect& other : command.redirects)
    if (other.range.end <= word.begin) begin = std::max(begin, other.range.end);
  if (begin == command.range.begin) return {};
  if (document.has_comment({begin, word.end})) {
    const std::string_view blanks = blanks_before(source, word.begin);
    const TextSize line = source.line_start(source.line_of(word.begin));
    if (line + blanks.size() != word.begin) return {};
    const std::string_view rest = source.slice({word.end, source.line_range(source.line_of(word.end)).end});
    const std::size_t next = rest.find_first_not_of(" \t");
    if (next != rest.npos && rest[next] == document.escape())
      return {{{line, source.line_start(source.line_of(word.end) + 1)}, ""}};
    return {{{word.begin, word.end + static_cast<TextSize>(std::min(next, rest.size()))}, ""}};
  }
  return {{{begin, word.end}, ""}};
}

std::vector<TextEdit> append_command(const Document& document, const RunStep& run, std::string_view command) {
  const std::string one(command);
  return append_commands(document, run, {&one, 1});
}

std::vector<TextEdit> append_commands(const Document& document, const RunStep& run,
                                      std::span<const std::string> commands, Lines lines_wanted) {
  const Instruction& in = *run.instruction;
  if (run.script == nullptr || !run.script->understood || run.script->root->pipelines.empty()) return {};
  const shell::Pipeline& last = run.script->root->pipelines.back();
  if (last.background || in.form == Form::json || ends_the_script(last)) return {};
  const SourceText& source = document.source();
  if (!in.heredocs.empty()) {
    const Heredoc& body = in.heredocs.front();
    // A program with a heredoc of its own is not a script of lines.
    if (in.heredocs.size() != 1 || !body.terminated || !body.body.contains(last.range)) return {};
    const bool lines = stops_at_failures(*run.script->root);
    const std::string newline = line_end(source, last.range.begin);
    const std::string indent(blanks_before(source, last.range.begin));
    std::string text;
    for (const std::string& command : commands) text += (lines ? newline + indent : " && ") + command;
    // Before the line end of the body's last line: behind it, it would not be in the body.
    const TextSize end = body.body.end - static_cast<TextSize>(newline.size());
    return {{TextRange::at(lines ? std::max(end, last.range.end) : last.range.end), text}};
  }
  const Style style = style_of(document, in, last.range.end);
  std::size_t length = source.line(source.line_of(last.range.end)).size();
  for (const std::string& command : commands) length += command.size() + std::string_view(" && ").size();
  std::string joined;
  // `set -e; a; b` goes on as it began: there a line end is as good as &&.
  const bool semicolons = last.joiner == shell::Joiner::sequence && stops_at_failures(*run.script->root);
  if (semicolons && style.in_lines) joined = ";" + style.newline + style.indent;
  else if (!style.in_lines && lines_wanted == Lines::as_written && length <= kLongLine) joined = " && ";
  else if (style.operator_first.value_or(true)) joined = style.newline + style.indent + "&& ";
  else joined = " &&" + style.newline + style.indent;
  std::string text;
  for (const std::string& command : commands) text += joined + command;
  return {{TextRange::at(last.range.end), text}};
}

std::vector<TextEdit> prepend_command(const Document& document, const RunStep& run, std::string_view command,
                                      Lines lines_wanted) {
  const std::string one(command);
  return prepend_commands(document, run, {&one, 1}, lines_wanted);
}

std::vector<TextEdit> prepend_commands(const Document& document, const RunStep& run,
                                       std::span<const std::string> commands, Lines lines_wanted) {
  const Instruction& in = *run.instruction;
  if (run.script == nullptr || !run.script->understood || run.script->root->pipelines.empty()) return {};
  if (in.form == Form::json || in.nested != nullptr) return {};
  const SourceText& source = document.source();
  const auto pipelines = run.script->root->pipelines;
  const bool behind_set = is_set(pipelines.front());
  const shell::Pipeline& first = pipelines[behind_set && pipelines.size() > 1 ? 1 : 0];
  if (behind_set && (pipelines.size() == 1 || first.joiner == shell::Joiner::or_else)) return {};
  // `new && a || b` would run b where new fails, and `new && a &` would not wait for new.
  for (const shell::Pipeline* pipeline = &first; pipeline != pipelines.data() + pipelines.size(); ++pipeline) {
    if (pipeline != &first && pipeline->joiner == shell::Joiner::sequence) break;
    if (pipeline->background || (pipeline != &first && pipeline->joiner == shell::Joiner::or_else)) return {};
  }
  const TextRange at = TextRange::at(first.range.begin);
  const auto put = [&](TextSize where, std::string_view before, std::string_view after) {
    std::string text;
    for (const std::string& command : commands) text.append(before).append(command).append(after);
    return std::vector<TextEdit>{{TextRange::at(where), std::move(text)}};
  };
  const auto joined = [&](std::string_view joiner) { return put(at.begin, "", joiner); };
  const std::uint32_t number = source.line_of(at.begin);
  const std::string indent(blanks_before(source, at.begin));
  const bool on_own_line = source.line_start(number) + indent.size() == at.begin;
  if (!in.heredocs.empty()) {
    const Heredoc& body = in.heredocs.front();
    if (in.heredocs.size() != 1 || !body.terminated || !body.body.contains(first.range)) return {};
    if (!on_own_line) return joined(" && ");
    const std::uint32_t above = above_comments(source, number, source.line_of(body.body.begin));
    return put(source.line_start(above), indent, line_end(source, at.begin));
  }
  // In the way of its own commands: what parts the first two of them, if they are on lines of their own.
  const Style style = style_of(document, in, pipelines.back().range.end);
  const std::size_t second = behind_set ? 1 : std::min<std::size_t>(1, pipelines.size() - 1);
  TextRange gap = at;
  if (second > 0) gap = {pipelines[second - 1].range.end, pipelines[second].range.begin};
  const std::string_view between = source.slice(gap);
  const bool in_lines = between.find('\n') != between.npos;
  const bool semicolon = second > 0 && behind_set && pipelines[second].joiner == shell::Joiner::sequence;
  // What a comment is about stays below it, unless the script begins there: what is before that is not the script's.
  const bool begins_script = in.body.in_source(0, 1).begin == at.begin;
  if (const std::uint32_t above = above_comments(source, number, in.first_line + 1); above < number && !begins_script) {
    const std::string_view prefix = source.slice({source.line_start(number), at.begin});
    if (on_own_line) return put(source.line_start(above), indent, (semicolon ? ";" : " &&") + style.newline);
    if (trim(prefix) == "&&") return put(source.line_start(above), prefix, style.newline);
  }
  const std::size_t sign = std::min(between.find_first_not_of(" \t"), between.size());
  const bool operator_first = in_lines && !between.substr(sign).starts_with('&') && !semicolon;
  if (operator_first && !document.has_comment(gap)) return joined(between);

  // A script of one line stays one, as long as that is not too long.
  std::size_t length = source.line(number).size();
  for (const std::string& command : commands) length += command.size() + std::string_view(" && ").size();
  const bool one_line = number == source.line_of(pipelines.back().range.end);
  if (one_line && lines_wanted == Lines::each && !semicolon) return joined(style.newline + style.indent + "&& ");
  if (one_line && !semicolon && length <= kLongLine) return joined(" && ");

  const std::string next_line = style.newline + (on_own_line ? indent : style.indent);
  if (semicolon) return joined(on_own_line ? ";" + next_line : "; ");
  const bool leads = in_lines ? operator_first : style.operator_first.value_or(!on_own_line);
  return joined(leads ? next_line + "&& " : " &&" + next_line);
}

std::vector<std::string> remove_docker_clean(bool for_apt) {
  std::vector<std::string> commands{"rm -f /etc/apt/apt.conf.d/docker-clean"};
  if (for_apt)
    commands.emplace_back(
        "echo 'Binary::apt::APT::Keep-Downloaded-Packages \"true\";' > /etc/apt/apt.conf.d/keep-cache");
  return commands;
}

std::vector<TextEdit> add_mounts(const Document& document, const RunStep& run, std::span<const std::string> values) {
  const Instruction& in = *run.instruction;
  if (values.empty() || in.nested != nullptr || in.body.empty()) return {};
  const SourceText& source = document.source();
  const TextSize body = in.body.in_source(0, 1).begin;
  const std::string newline = std::string(" ") + document.escape() + line_end(source, in.range.begin);

  // Behind the other mounts, parted from them as they are from what follows them.
  const Flag* after = nullptr;
  for (const Flag& flag : in.flags)
    if (flag.name == "mount") after = &flag;
  if (after != nullptr) {
    const std::uint32_t line = source.line_of(after->range.end);
    const std::string_view rest = source.slice({after->range.end, source.line_range(line).end});
    const std::string_view before = source.slice({source.line_start(line), after->range.begin});
    const bool on_own_line =
        source.line_of(in.range.begin) != line && before.find_first_not_of(" \t") == std::string_view::npos;
    const std::size_t next = rest.find_first_not_of(" \t");
    const bool breaks = on_own_line || (next != rest.npos && rest[next] == document.escape());
    std::string parted = " ";
    if (breaks) {
      std::string indent(blanks_before(source, after->range.begin));
      if (indent.empty() || source.line_of(in.range.begin) == source.line_of(after->range.begin))
        indent = std::string(blanks_before(source, body));
      if (indent.empty()) indent = "    ";
      parted = newline + indent;
    }
    std::size_t length = source.line(line).size();
    for (const std::string& value : values) length += value.size() + std::string_view("--mount= ").size();
    const TextRange gap{after->range.end, std::max(body, after->range.end)};
    const bool one_line = source.line_of(in.range.begin) == line && source.line_of(gap.end) == line;
    const bool blank = source.slice(gap).find_first_not_of(" \t") == std::string_view::npos;
    if (!breaks && one_line && blank && length > kLongLine && in.heredocs.empty()) {
      std::string text;
      for (const std::string& value : values) text += newline + "    --mount=" + value;
      return {{gap, text + newline + "    "}};
    }
    std::string text;
    for (const std::string& value : values) text += parted + "--mount=" + value;
    return {{TextRange::at(after->range.end), text}};
  }

  const TextSize begin = in.flags.empty() ? place_for_flag(document, in) : in.flags.front().range.begin;
  const Style style = style_of(document, in, in.range.end);
  std::size_t length = source.line(source.line_of(begin)).size();
  for (const std::string& value : values) length += value.size() + std::string_view("--mount= ").size();
  const bool heredoc = !in.heredocs.empty();
  const bool breaks = !heredoc && (style.in_lines || values.size() > 1 || length > kLongLine);
  std::string indent = style.indent.empty() ? "    " : style.indent;
  // Lines of words, `gcc \`, are often indented twice as far.
  if (const auto usual = indent_of_mounts(document, in); usual && indent.starts_with(*usual)) indent = *usual;
  std::string text;
  for (const std::string& value : values) text += "--mount=" + value + (breaks ? newline + indent : std::string(" "));
  return {{TextRange::at(begin), text}};
}

}  // namespace dockerlint::edit
