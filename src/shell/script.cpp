// SPDX-License-Identifier: Apache-2.0
// A script as a whole: reading it, walking over its commands, naming its parts.

#include "shell/parser.hpp"

#include <array>

namespace dockerlint::shell {
namespace {

class Walker {
 public:
  Walker(void* visitor, Visit visit) : visitor_(visitor), visit_(visit) {}

  void list(const List& list, Place outer) {
    for (const Pipeline& pipeline : list.pipelines) {
      Place place = outer;
      place.joiner = pipeline.joiner;
      place.background = pipeline.background;
      place.negated = pipeline.negated;
      place.timed = pipeline.timed;
      for (std::size_t i = 0; i < pipeline.commands.size(); ++i) {
        if (i > 0) place.joiner = pipeline.joiners[i - 1];
        command(pipeline.commands[i], place);
      }
    }
  }

 private:
  void command(const Command& command, const Place& place) {
    if (command.simple != nullptr) simple(*command.simple, place);
    else if (command.compound != nullptr) compound(*command.compound, place);
  }

  void compound(const CompoundCommand& command, const Place& place) {
    Place inner = place;
    ++inner.depth;
    for (const Word& word : command.words) substitutions(word.substitutions, inner);
    for (const Block& block : command.blocks) {
      for (const Word& pattern : block.patterns) substitutions(pattern.substitutions, inner);
      if (block.list != nullptr) list(*block.list, in_block(command.kind, block.role, inner));
    }
    redirects(command.redirects, place);
  }

  static Place in_block(CommandKind kind, BlockRole role, Place place) {
    switch (kind) {
      case CommandKind::if_clause: place.in_branch |= role == BlockRole::body; break;
      case CommandKind::case_clause: place.in_branch = true; break;
      case CommandKind::for_clause:
      case CommandKind::for_arithmetic:
      case CommandKind::select_clause:
      case CommandKind::while_clause:
      case CommandKind::until_clause: place.in_loop = true; break;
      case CommandKind::subshell:
      case CommandKind::coprocess: place.in_subshell = true; break;
      case CommandKind::function: place.in_function = true; break;
      default: break;
    }
    place.in_condition |= role == BlockRole::condition;
    return place;
  }

  void simple(const SimpleCommand& command, const Place& place) {
    visit_(visitor_, command, place);
    for (const Assignment& assignment : command.assignments) substitutions(assignment.substitutions, place);
    for (const Word& word : command.words) substitutions(word.substitutions, place);
    redirects(command.redirects, place);
  }

  void redirects(std::span<const Redirect> redirects, const Place& place) {
    for (const Redirect& redirect : redirects) {
      substitutions(redirect.target.substitutions, place);
      if (redirect.body != nullptr) substitutions(redirect.body->substitutions, place);
    }
  }

  void substitutions(std::span<const List* const> lists, Place place) {
    ++place.depth;
    place.in_substitution = true;
    for (const List* inner : lists) list(*inner, place);
  }

  void* visitor_;
  Visit visit_;
};

template <std::size_t N, typename Enum>
constexpr std::string_view name_of(const std::array<std::string_view, N>& names, Enum value) {
  return names[static_cast<std::size_t>(value)];
}

}  // namespace

Script parse(const LogicalText& text, Dialect dialect, Arena& arena) {
  Shared shared(arena);
  Parser parser(text, dialect, shared);
  Script script;
  script.root = parser.script();
  script.dialect = dialect;
  script.understood = !parser.failed();
  if (!script.understood) {
    script.root = arena.make(List{});
    script.error = parser.error();
    script.reason = parser.reason();
  }
  return script;
}

void walk(const Script& script, void* visitor, Visit visit) {
  if (script.root != nullptr) Walker(visitor, visit).list(*script.root, Place{});
}

std::string_view to_string(Dialect dialect) { return dialect == Dialect::bash ? "bash" : "posix"; }

std::string_view to_string(RedirectOperator op) {
  constexpr std::array<std::string_view, 12> kNames{"<",  ">",  ">>",  ">|", "<>",  "<&",
                                                    ">&", "&>", "&>>", "<<", "<<-", "<<<"};
  return name_of(kNames, op);
}

std::string_view to_string(CommandKind kind) {
  constexpr std::array<std::string_view, 14> kNames{"simple",   "subshell", "group", "if",    "for",
                                                    "for (())", "select",   "while", "until", "case",
                                                    "function", "[[ ]]",    "(( ))", "coproc"};
  return name_of(kNames, kind);
}

std::string_view to_string(Joiner joiner) {
  constexpr std::array<std::string_view, 6> kNames{"", ";", "&&", "||", "|", "|&"};
  return name_of(kNames, joiner);
}

}  // namespace dockerlint::shell
