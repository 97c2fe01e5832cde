// SPDX-License-Identifier: Apache-2.0
#include "syntax/validate.hpp"

#include "syntax/heredoc.hpp"
#include "text/near_name.hpp"
#include "text/shown.hpp"
#include "text/utf8.hpp"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <vector>

namespace dockerlint {
namespace {

enum class FlagType : std::uint8_t { boolean, string, list };

struct KnownFlag {
  std::string_view name;
  FlagType type;
};

using enum FlagType;
constexpr KnownFlag kAddFlags[] = {{"chmod", string},         {"chown", string},    {"link", boolean},
                                   {"keep-git-dir", boolean}, {"checksum", string}, {"unpack", boolean},
                                   {"exclude", list}};
constexpr KnownFlag kCopyFlags[] = {{"chmod", string}, {"chown", string},    {"from", string},
                                    {"link", boolean}, {"parents", boolean}, {"exclude", list}};
constexpr KnownFlag kFromFlags[] = {{"platform", string}};
constexpr KnownFlag kRunFlags[] = {{"mount", list}, {"network", string}, {"security", string}, {"device", list}};
constexpr KnownFlag kHealthcheckFlags[] = {{"interval", string},
                                           {"timeout", string},
                                           {"start-period", string},
                                           {"start-interval", string},
                                           {"retries", string}};

std::span<const KnownFlag> flags_of(InstructionKind kind) {
  switch (kind) {
    case InstructionKind::add: return kAddFlags;
    case InstructionKind::copy: return kCopyFlags;
    case InstructionKind::from: return kFromFlags;
    case InstructionKind::run: return kRunFlags;
    case InstructionKind::healthcheck: return kHealthcheckFlags;
    default: return {};
  }
}

using Result = std::optional<Refusal>;

constexpr const char* kTemplateNote = "this looks like a template: check the Dockerfile that is made from it";

bool is_template(std::string_view word) {
  for (const std::string_view mark : {"{{", "{%", "{#", "<%", "<<"})
    if (word.starts_with(mark)) return true;
  return false;
}

class Validator {
 public:
  Validator(const Instruction& instruction, char escape, bool labs)
      : in_(instruction), escape_(escape), labs_(labs), name_(to_string(in_.kind)) {}

  Result run() const {
    switch (in_.kind) {
      case InstructionKind::unknown: return unknown_instruction();
      case InstructionKind::env:
      case InstructionKind::label: return first({&Validator::flags, &Validator::assignments});
      case InstructionKind::arg: return arg();  // its flags are ignored: nobody reads them
      case InstructionKind::add:
      case InstructionKind::copy:
        return first({&Validator::sources_and_destination, &Validator::flags, &Validator::no_heredoc_destination});
      case InstructionKind::from: return first({&Validator::flags, &Validator::from});
      case InstructionKind::onbuild: return first({&Validator::at_least_one, &Validator::flags, &Validator::trigger});
      case InstructionKind::maintainer:
      case InstructionKind::workdir:
      case InstructionKind::user: return first({&Validator::exactly_one, &Validator::flags});
      case InstructionKind::stopsignal: return exactly_one();
      case InstructionKind::run: return first({&Validator::flags, &Validator::run_flags});
      case InstructionKind::cmd:
      case InstructionKind::entrypoint: return flags();
      case InstructionKind::healthcheck: return healthcheck();
      case InstructionKind::expose: return first({&Validator::at_least_one, &Validator::flags});
      case InstructionKind::volume: return first({&Validator::at_least_one, &Validator::flags, &Validator::volume});
      case InstructionKind::shell: return first({&Validator::flags, &Validator::shell});
    }
    return std::nullopt;
  }

 private:
  using Check = Result (Validator::*)() const;
  Result first(std::initializer_list<Check> checks) const {
    for (const Check check : checks)
      if (Result result = (this->*check)()) return result;
    return std::nullopt;
  }

  static Result refuse(SyntaxErrorKind kind, TextRange range, std::string message, std::string note = {}) {
    return Refusal{kind, range, std::move(message), std::move(note)};
  }
  Result bad_arguments(TextRange range, std::string message, std::string note = {}) const {
    return refuse(SyntaxErrorKind::arguments, range.empty() ? in_.keyword.range : range, std::move(message),
                  std::move(note));
  }

  Result unknown_instruction() const {
    const std::string_view word = in_.keyword.text;
    if (word.empty())
      return refuse(SyntaxErrorKind::instruction, in_.keyword.range, "nothing follows this continuation");
    if (word == "<<<<<<<" || word == "|||||||" || word == "=======" || word == ">>>>>>>")
      return refuse(SyntaxErrorKind::instruction, in_.keyword.range, "a merge conflict is left in the file",
                    "keep one side of it and remove its markers");
    if (is_template(word))
      return refuse(SyntaxErrorKind::instruction, in_.keyword.range,
                    fmt::format("unknown instruction `{}`", shown(word)), kTemplateNote);
    std::string message = fmt::format("unknown instruction `{}`", shown(word));
    if (const std::string_view near = near_instruction(word); !near.empty())
      message += fmt::format(", did you mean {}?", near);
    // What follows a missing continuation looks like a command, not like an instruction.
    const bool command_like = word != to_upper_copy(word) || word.find_first_of("&|;/.$-") != word.npos;
    const bool alone = in_.first_line == 1;
    std::string note;
    if (command_like && !alone)
      note = fmt::format("if this goes on with the instruction above, the line before it lacks its {}", escape_);
    return refuse(SyntaxErrorKind::instruction, in_.keyword.range, std::move(message), std::move(note));
  }

  static std::string to_upper_copy(std::string_view word) {
    std::string upper(word);
    for (char& c : upper) c = to_upper(c);
    return upper;
  }

  static std::string_view near_instruction(std::string_view word) {
    std::vector<std::string_view> names;
    for (int kind = 1; kind <= static_cast<int>(InstructionKind::workdir); ++kind)
      names.push_back(to_string(static_cast<InstructionKind>(kind)));
    return near_name(to_upper_copy(word), names);
  }

  Result flags() const {
    const auto known = flags_of(in_.kind);
    for (std::size_t i = 0; i < in_.flags.size(); ++i) {
      const Flag& flag = in_.flags[i];
      const auto bad = [&](std::string message, std::string note = {}) {
        return refuse(SyntaxErrorKind::flag, flag.range, std::move(message), std::move(note));
      };
      const KnownFlag* match = nullptr;
      for (const KnownFlag& candidate : known)
        if (candidate.name == flag.name) match = &candidate;
      if (match == nullptr) return unknown_flag(flag, known);
      if (match->type != list)
        for (std::size_t j = 0; j < i; ++j)
          if (in_.flags[j].name == flag.name) return bad(fmt::format("`--{}` is given twice", flag.name));
      if (match->type == boolean) {
        if (flag.has_value && flag.value.empty()) return bad(fmt::format("`--{}=` has no value", flag.name));
        if (flag.has_value && !equal_ignoring_case(flag.value.text(), "true") &&
            !equal_ignoring_case(flag.value.text(), "false"))
          return bad(fmt::format("`--{}` is true or false, not `{}`", flag.name, shown(flag.value.text())));
      } else if (!flag.has_value) {
        return bad(fmt::format("`--{}` has no value", flag.name),
                   fmt::format("write `--{}=…`: a blank ends the flag", flag.name));
      }
    }
    return std::nullopt;
  }

  Result unknown_flag(const Flag& flag, std::span<const KnownFlag> known) const {
    std::string message = known.empty() ? fmt::format("{} takes no flags", name_)
                                        : fmt::format("{} has no flag `--{}`", name_, shown(flag.name));
    std::vector<std::string_view> names;
    for (const KnownFlag& candidate : known) names.push_back(candidate.name);
    if (const std::string_view near = near_name(flag.name, names); !near.empty())
      message += fmt::format(", did you mean `--{}`?", near);
    return refuse(SyntaxErrorKind::flag, flag.range, std::move(message));
  }

  Result run_flags() const {
    for (const Flag& flag : in_.flags) {
      const auto bad = [&](std::string message) {
        return refuse(SyntaxErrorKind::flag, flag.range, std::move(message));
      };
      const std::string_view value = flag.value.text();
      if (flag.name == "network" && value != "default" && value != "none" && value != "host")
        return bad(fmt::format("`--network` is default, none or host, not `{}`", shown(value)));
      if (flag.name == "security" && value != "sandbox" && value != "insecure")
        return bad(fmt::format("`--security` is sandbox or insecure, not `{}`", shown(value)));
      if (flag.name == "device" && !labs_)
        return bad("`--device` needs `# syntax=docker/dockerfile:1-labs` at the top of the file");
    }
    return std::nullopt;
  }

  Result at_least_one() const {
    if (in_.form != Form::none) return std::nullopt;
    return bad_arguments({}, fmt::format("{} needs at least one argument", name_));
  }
  Result exactly_one() const {
    if (in_.form != Form::none) return std::nullopt;
    return bad_arguments({}, fmt::format("{} needs an argument", name_));
  }

  Result assignments() const {
    if (in_.assignments.empty() && in_.form == Form::none) return at_least_one();
    for (const Assignment& assignment : in_.assignments)
      if (assignment.name.text.empty())
        return bad_arguments(assignment.range, fmt::format("{} needs a name before `=`", name_));
    return std::nullopt;
  }

  Result arg() const {
    if (in_.assignments.empty()) return bad_arguments({}, "ARG needs at least one argument");
    return assignments();
  }

  Result sources_and_destination() const {
    if (in_.arguments.size() >= 2) return std::nullopt;
    return bad_arguments(in_.arguments.empty() ? TextRange{} : in_.arguments[0].range,
                         fmt::format("{} needs at least one source and a destination", name_));
  }
  Result no_heredoc_destination() const {
    if (!is_heredoc_word(in_.arguments.back().text)) return std::nullopt;
    return bad_arguments(in_.arguments.back().range, fmt::format("a heredoc cannot be the destination of {}", name_));
  }

  Result from() const {
    const auto& words = in_.arguments;
    if (words.size() == 3 && equal_ignoring_case(words[1].text, "as")) return stage_name(words[2]);
    if (words.size() == 1) return std::nullopt;
    if (words.empty()) return bad_arguments({}, "FROM needs the name of an image");
    std::string note = "write `FROM image` or `FROM image AS name`";
    for (const Argument& word : words) {
      if (word.text.starts_with('#')) note = "a comment needs a line of its own";
      if (word.text.starts_with("--")) note = "flags stand before the image";
      if (is_template(word.text) || word.text.find("{{") != word.text.npos) note = kTemplateNote;
    }
    return bad_arguments(cover(words[1].range, words.back().range), "FROM takes an image and at most `AS name`", note);
  }

  Result stage_name(const Argument& name) const {
    bool good = true;
    for (std::size_t i = 0; i < name.text.size(); ++i) {
      const char c = to_lower(name.text[i]);
      const bool letter = c >= 'a' && c <= 'z';
      good = good && (letter || (i > 0 && ((c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.')));
    }
    if (good) return std::nullopt;
    return bad_arguments(name.range, fmt::format("`{}` cannot name a stage", shown(name.text)),
                         "a name begins with a letter and goes on with letters, digits, `-`, `_` and `.`");
  }

  Result trigger() const {
    const Instruction& inner = *in_.nested;
    if (inner.kind == InstructionKind::onbuild)
      return bad_arguments(inner.keyword.range, "ONBUILD cannot trigger another ONBUILD");
    if (inner.kind == InstructionKind::from || inner.kind == InstructionKind::maintainer)
      return bad_arguments(inner.keyword.range, fmt::format("ONBUILD cannot trigger {}", to_string(inner.kind)));
    return std::nullopt;
  }

  Result volume() const {
    for (const Argument& path : in_.arguments)
      if (trim(path.text).empty()) return bad_arguments(path.range, "a VOLUME cannot be an empty string");
    return std::nullopt;
  }

  Result shell() const {
    if (in_.form == Form::none || (in_.form == Form::json && in_.arguments.empty()))
      return bad_arguments(in_.body.in_source(), "SHELL needs at least one argument");
    if (in_.form != Form::json)
      return bad_arguments(in_.body.in_source(), "SHELL must be a JSON array",
                           "for example SHELL [\"/bin/bash\", \"-c\"]; strings stand in double quotes");
    return std::nullopt;
  }

  Result healthcheck() const {
    if (in_.arguments.empty()) return bad_arguments({}, "HEALTHCHECK needs CMD or NONE");
    const Argument& type = in_.arguments[0];
    if (equal_ignoring_case(type.text, "NONE")) {
      if (in_.arguments.size() == 1) return std::nullopt;
      return bad_arguments(in_.arguments[1].range, "HEALTHCHECK NONE takes no arguments");
    }
    if (Result bad = flags()) return bad;
    if (!equal_ignoring_case(type.text, "CMD"))
      return bad_arguments(type.range, fmt::format("HEALTHCHECK takes CMD or NONE, not `{}`", shown(type.text)),
                           "write HEALTHCHECK CMD before the command");
    if (in_.arguments.size() == 1 ||
        (in_.arguments.size() == 2 && in_.arguments[1].text.empty() && in_.form != Form::json))
      return bad_arguments(type.range, "HEALTHCHECK CMD has no command");
    for (const Flag& flag : in_.flags)
      if (Result bad = healthcheck_flag(flag)) return bad;
    return std::nullopt;
  }

  static Result healthcheck_flag(const Flag& flag) {
    const std::string_view value = flag.value.text();
    if (value.empty()) return std::nullopt;
    const auto bad = [&](std::string message) { return refuse(SyntaxErrorKind::flag, flag.range, std::move(message)); };
    if (flag.name == "retries") {
      int retries = 0;
      const std::string_view digits = value.front() == '+' ? value.substr(1) : value;
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), retries);
      if (error != std::errc{} || end != digits.data() + digits.size())
        return bad(fmt::format("`--retries` is a number, not `{}`", shown(value)));
      if (retries < 0) return bad("`--retries` cannot be negative");
      return std::nullopt;
    }
    const std::optional<double> seconds = duration(value);
    if (!seconds) return bad(fmt::format("`--{}` is a time such as 30s or 1m30s, not `{}`", flag.name, shown(value)));
    if (*seconds != 0 && *seconds < 0.001) return bad(fmt::format("`--{}` cannot be less than 1ms", flag.name));
    return std::nullopt;
  }

  /// Go's time.ParseDuration, in seconds.
  static std::optional<double> duration(std::string_view s) {
    constexpr std::pair<std::string_view, double> kUnits[] = {{"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3},
                                                              {"s", 1},     {"m", 60},    {"h", 3600}};
    const bool negative = s.starts_with('-');
    if (negative || s.starts_with('+')) s.remove_prefix(1);
    if (s == "0") return 0;
    if (s.empty()) return std::nullopt;
    double total = 0;
    while (!s.empty()) {
      double number = 0;
      const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), number, std::chars_format::fixed);
      const bool starts_right = (s.front() >= '0' && s.front() <= '9') || s.front() == '.';
      if (error != std::errc{} || !starts_right) return std::nullopt;
      s.remove_prefix(static_cast<std::size_t>(end - s.data()));
      double unit = 0;
      std::size_t length = 0;
      for (const auto& [name, value] : kUnits) {
        if (name.size() > length && s.starts_with(name)) {
          unit = value;
          length = name.size();
        }
      }
      if (length == 0) return std::nullopt;
      s.remove_prefix(length);
      total += number * unit;
    }
    return negative ? -total : total;
  }

  const Instruction& in_;
  char escape_;
  bool labs_;
  std::string_view name_;
};

}  // namespace

std::optional<Refusal> validate(const Instruction& instruction, char escape, bool labs_frontend) {
  return Validator(instruction, escape, labs_frontend).run();
}

}  // namespace dockerlint
