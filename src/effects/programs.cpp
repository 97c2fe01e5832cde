// SPDX-License-Identifier: Apache-2.0
#include "effects/programs.hpp"
#include "model/paths.hpp"

#include <algorithm>
#include <array>

namespace dockerlint {
namespace {

/// What the operands of a program are.
enum class Operands : std::uint8_t {
  none,                   // no files, or none that matter to anyone later
  read,                   // each is read
  tested,                 // each is looked for: no matter if it is not there
  script,                 // the first is read, the others are what it makes of them
  copied,                 // all but the last are read, the last is made; with -t, all
  moved,                  // the same, and they are gone then
  linked,                 // all but the last are named, not read; the last is made
  made,                   // each is made
  removed,                // each goes
  changed,                // behind the first, which says how, each must be there
  changed_by_expression,  // the first is a program, unless an option gives it; the others are read
};

struct Program {
  std::string_view name;
  Operands operands;
  std::string_view value_options =
      {};  // letters of short options, and long ones, that take the next word: "n c --lines"
  std::string_view directory_option = {};  // whose value is where the operands go: "-t"
  std::string_view output_options = {};    // whose values are files that are made: "-o"
};

// Sorted by name. What is not here may do anything.
constexpr std::array kPrograms = std::to_array<Program>({
    {".", Operands::script},
    {":", Operands::none},
    {"[", Operands::tested},
    {"[[", Operands::tested},
    {"addgroup", Operands::none},
    {"adduser", Operands::none},
    {"alias", Operands::none},
    {"apt-key", Operands::none},
    {"awk", Operands::changed_by_expression, "-f -F -v", {}, {}},
    {"base64", Operands::read, "-w"},
    {"basename", Operands::none},
    {"cat", Operands::read},
    {"cd", Operands::tested},
    {"chgrp", Operands::changed},
    {"chmod", Operands::changed},
    {"chown", Operands::changed},
    {"cksum", Operands::read},
    {"cmp", Operands::read},
    {"command", Operands::none},
    {"cp", Operands::copied, "-S", "-t"},
    {"curl",
     Operands::none,
     "-H -d -X -u -A -e -x -b -c -E -F -m -r -T -w -y -Y -z -C --retry --retry-delay --connect-timeout --max-time",
     {},
     "-o --output"},
    {"cut", Operands::read, "-d -f -c -b"},
    {"date", Operands::none},
    {"declare", Operands::none},
    {"df", Operands::none},
    {"diff", Operands::read},
    {"dirname", Operands::none},
    {"dpkg-reconfigure", Operands::none},
    {"du", Operands::tested, "-d"},
    {"echo", Operands::none},
    {"egrep", Operands::changed_by_expression, "-e -f -A -B -C -m"},
    {"eval", Operands::none},
    {"exit", Operands::none},
    {"export", Operands::none},
    {"false", Operands::none},
    {"fgrep", Operands::changed_by_expression, "-e -f -A -B -C -m"},
    {"file", Operands::read},
    {"free", Operands::none},
    {"getent", Operands::none},
    {"gpg", Operands::none},
    {"gpgconf", Operands::none},
    {"grep", Operands::changed_by_expression, "-e -f -A -B -C -m"},
    {"groupadd", Operands::none},
    {"groupmod", Operands::none},
    {"hash", Operands::none},
    {"head", Operands::read, "-n -c"},
    {"hostname", Operands::none},
    {"id", Operands::none},
    {"install", Operands::copied, "-m -o -g -S", "-t"},
    {"ldconfig", Operands::none},
    {"ldd", Operands::read},
    {"ln", Operands::linked, "-S", "-t"},
    {"locale-gen", Operands::none},
    {"ls", Operands::tested, "-I -w"},
    {"lsb_release", Operands::none},
    {"md5sum", Operands::read},
    {"mkdir", Operands::made, "-m"},
    {"mktemp", Operands::none},
    {"mv", Operands::moved, "-S", "-t"},
    {"nproc", Operands::none},
    {"objdump", Operands::read},
    {"patch", Operands::read, "-p -d -i"},
    {"printf", Operands::none},
    {"ps", Operands::none},
    {"pwd", Operands::none},
    {"read", Operands::none},
    {"readelf", Operands::read},
    {"readlink", Operands::tested},
    {"realpath", Operands::tested},
    {"return", Operands::none},
    {"rm", Operands::removed},
    {"rmdir", Operands::removed},
    {"rsync", Operands::copied, "-e -f"},
    {"sed", Operands::changed_by_expression, "-e -f -l"},
    {"seq", Operands::none},
    {"set", Operands::none},
    {"sha1sum", Operands::read},
    {"sha256sum", Operands::read},
    {"sha512sum", Operands::read},
    {"shift", Operands::none},
    {"shopt", Operands::none},
    {"shuf", Operands::read},
    {"size", Operands::read},
    {"sleep", Operands::none},
    {"sort", Operands::read, "-k -t -S -T"},
    {"source", Operands::script},
    {"stat", Operands::tested, "-c"},
    {"strip", Operands::read, "-K -N -R"},
    {"sync", Operands::none},
    {"tac", Operands::read},
    {"tail", Operands::read, "-n -c"},
    {"tee", Operands::made},
    {"test", Operands::tested},
    {"touch", Operands::made, "-d -r -t"},
    {"tr", Operands::none},
    {"trap", Operands::none},
    {"true", Operands::none},
    {"truncate", Operands::made, "-s"},
    {"type", Operands::none},
    {"ulimit", Operands::none},
    {"umask", Operands::none},
    {"uname", Operands::none},
    {"uniq", Operands::read},
    {"unset", Operands::none},
    {"update-alternatives", Operands::none},
    {"update-ca-certificates", Operands::none},
    {"useradd", Operands::none},
    {"usermod", Operands::none},
    {"wait", Operands::none},
    {"wc", Operands::read},
    {"wget", Operands::none, "-t -T -U -a -i --tries --timeout --header --user-agent", {}, "-O -o --output-document"},
    {"which", Operands::none},
    {"whoami", Operands::none},
    {"xz", Operands::read},
    {"yes", Operands::none},
});
static_assert(std::is_sorted(kPrograms.begin(), kPrograms.end(),
                             [](const Program& a, const Program& b) { return a.name < b.name; }));

/// Interpreters: their first operand is the script that they read. What that does, nobody knows.
constexpr std::array kInterpreters = std::to_array<std::string_view>(
    {"ash", "bash", "dash", "node", "perl", "php", "python", "python2", "python3", "ruby", "sh", "zsh"});

const Program* program_named(std::string_view name) {
  const auto found = std::lower_bound(kPrograms.begin(), kPrograms.end(), name,
                                      [](const Program& program, std::string_view n) { return program.name < n; });
  return found != kPrograms.end() && found->name == name ? &*found : nullptr;
}

/// Whether it leaves all files as they are, whatever it is given.
bool only_looks(const Program& program) {
  const bool reads = program.operands == Operands::none || program.operands == Operands::tested ||
                     program.operands == Operands::read || program.operands == Operands::changed;
  return reads && program.output_options.empty() && program.name != "eval" && program.name != "patch";
}

/// Whether `option` is one of the words of `list`.
bool has_word(std::string_view list, std::string_view option) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    if (list.substr(0, end) == option) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

/// `/a/b/*.so` names something in /a/b: what stands before the last slash in front of the pattern.
std::string without_pattern(std::string_view path) {
  const std::size_t star = path.find_first_of("*?[");
  const std::size_t slash = star == path.npos ? path.npos : path.substr(0, star).rfind('/');
  if (slash == path.npos) return star == path.npos ? std::string(path) : std::string(".");
  return std::string(path.substr(0, std::max<std::size_t>(slash, 1)));
}

/// The command line taken apart.
struct Line {
  std::vector<const CommandWord*> operands;
  std::vector<std::pair<std::string_view, const CommandWord*>> outputs;  // what an output option gives
  const CommandWord* directory = nullptr;                                // what the directory option gives
  std::vector<std::string_view> options;
  bool has(std::string_view letters, std::string_view long_name) const {
    for (const std::string_view option : options) {
      if (option == long_name) return true;
      if (option.starts_with("--") || option.size() < 2) continue;
      if (option.substr(1).find_first_of(letters) != option.npos) return true;
    }
    return false;
  }
};

/// One value behind an option, in the next word or joined to it.
class Options {
 public:
  Options(const RunCommand& command, const Program& program) : words_(command.words), program_(program) {}

  Line read() {
    for (at_ = 1; at_ < words_.size(); ++at_) {
      const CommandWord& word = words_[at_];
      const Value value = word.value();
      if (only_operands_ || !value || !value->starts_with('-') || *value == "-") line_.operands.push_back(&word);
      else if (*value == "--") only_operands_ = true;
      else option(*value);
    }
    return std::move(line_);
  }

 private:
  void option(std::string_view text) {
    line_.options.push_back(text);
    const bool is_long = text.starts_with("--");
    const std::size_t equals = is_long ? text.find('=') : text.npos;
    // A cluster such as -fsSLo takes its value with its last letter.
    const std::string letter = is_long ? std::string(text.substr(0, equals)) : std::string{'-', text.back()};
    if (equals != text.npos) return;
    const bool output = has_word(program_.output_options, letter);
    const bool directory = has_word(program_.directory_option, letter);
    if (!output && !directory && !has_word(program_.value_options, letter)) return;
    if (at_ + 1 >= words_.size()) return;
    const CommandWord& value = words_[++at_];
    if (output) line_.outputs.emplace_back(text, &value);
    if (directory) line_.directory = &value;
  }

  std::span<const CommandWord> words_;
  const Program& program_;
  Line line_;
  std::size_t at_ = 1;
  bool only_operands_ = false;
};

class Reader {
 public:
  Reader(const RunCommand& command, const Program& program)
      : line_(Options(command, program).read()), program_(program) {}

  ProgramEffects effects() {
    result_.known = true;
    auto operands = std::span<const CommandWord* const>(line_.operands);
    switch (program_.operands) {
      case Operands::none: break;
      case Operands::tested:
        result_.tolerant = true;
        // The bracket that ends a test is no file.
        if (program_.name.starts_with('[') && !operands.empty()) operands = operands.first(operands.size() - 1);
        each(operands, PathUse::read);
        break;
      case Operands::read: each(operands, PathUse::read); break;
      case Operands::script:
        each(operands.first(std::min<std::size_t>(1, operands.size())), PathUse::read);
        result_.known = false;
        break;
      case Operands::made: each(operands, PathUse::write); break;
      case Operands::removed: each(operands, PathUse::remove); break;
      case Operands::changed: changed(operands); break;
      case Operands::changed_by_expression:
        if (!line_.has("ef", "--expression") && !operands.empty()) operands = operands.subspan(1);
        each(operands, PathUse::read);
        break;
      case Operands::copied:
        if (program_.name == "install" && line_.has("d", "--directory")) each(operands, PathUse::write);
        else transfer(operands);
        break;
      case Operands::moved:
      case Operands::linked: transfer(operands); break;
    }
    for (const auto& [option, word] : line_.outputs) add(PathUse::write, *word);
    if (keeps_remote_name()) result_.paths.push_back({PathUse::fill, nullptr, ".", false, {}});
    return std::move(result_);
  }

 private:
  /// A download under the name that it has there.
  bool keeps_remote_name() const {
    if (program_.name == "wget") return line_.outputs.empty();
    return program_.name == "curl" && line_.has("O", "--remote-name");
  }

  void add(PathUse use, const CommandWord& word, bool into = false, std::string name = {}) {
    if (use == PathUse::write && word.values().empty()) result_.anywhere = true;
    for (const std::string_view value : word.values()) {
      if (value.empty() || value == "-") continue;
      const bool pattern = word.pattern && value.find_first_of("*?[") != value.npos;
      // What a pattern removes or makes is not known; what it reads is in its directory.
      if (pattern && use == PathUse::remove) add_all_removed(word, value);
      else result_.paths.push_back({use, &word, pattern ? without_pattern(value) : std::string(value), into, name});
    }
  }

  /// `rm -rf /var/lib/apt/lists/*` empties the directory.
  void add_all_removed(const CommandWord& word, std::string_view value) {
    if (value.ends_with("/*")) result_.paths.push_back({PathUse::remove, &word, std::string(value), false, {}});
  }

  void each(std::span<const CommandWord* const> words, PathUse use) {
    for (const CommandWord* word : words) add(use, *word);
  }

  void changed(std::span<const CommandWord* const> operands) {
    if (!line_.has("", "--reference") && !operands.empty()) operands = operands.subspan(1);
    each(operands, line_.has("R", "--recursive") ? PathUse::read_all : PathUse::read);
  }

  void transfer(std::span<const CommandWord* const> operands) {
    const CommandWord* target = line_.directory;
    if (target == nullptr) {
      if (operands.size() < 2) return;
      target = operands.back();
      operands = operands.first(operands.size() - 1);
    }
    const bool reads = program_.operands != Operands::linked;
    for (const CommandWord* source : operands) {
      if (reads) add(PathUse::read_all, *source);
      if (program_.operands == Operands::moved) add(PathUse::remove, *source);
    }
    for (const CommandWord* source : operands) {
      const Value value = source->value();
      const bool is_known = value && !source->pattern;
      add(PathUse::write, *target, true, std::string(is_known ? base_name(*value) : ""));
    }
  }

  Line line_;
  const Program& program_;
  ProgramEffects result_;
};

bool is_interpreter(std::string_view name) {
  while (!name.empty() && (name.back() == '.' || (name.back() >= '0' && name.back() <= '9'))) name.remove_suffix(1);
  return std::find(kInterpreters.begin(), kInterpreters.end(), name) != kInterpreters.end();
}

/// `python -u app.py`, `java -jar app.jar`: the file that is run is read.
ProgramEffects interpreted(const RunCommand& command) {
  ProgramEffects result;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const Value value = command.words[i].value();
    if (!value || *value == "-c" || *value == "-m" || *value == "-e") return result;
    if (value->starts_with('-')) continue;
    result.paths.push_back({PathUse::read, &command.words[i], std::string(*value), false, {}});
    return result;
  }
  return result;
}

ProgramEffects of_java(const RunCommand& command) {
  ProgramEffects result;
  for (std::size_t i = 1; i + 1 < command.words.size(); ++i)
    if (command.word(i) == "-jar")
      if (const Value jar = command.words[i + 1].value())
        result.paths.push_back({PathUse::read, &command.words[i + 1], std::string(*jar), false, {}});
  return result;
}

/// tar: the archive is read, and something comes into a directory; or it is made.
ProgramEffects of_tar(const RunCommand& command) {
  ProgramEffects result;
  bool extracts = false, creates = false;
  const CommandWord* archive = nullptr;
  const CommandWord* directory = nullptr;
  std::vector<const CommandWord*> members;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const Value value = command.words[i].value();
    if (!value) return {};
    const std::string_view option = *value;
    const bool has_next = i + 1 < command.words.size();
    if (option == "-C" || option == "--directory") {
      if (has_next) directory = &command.words[++i];
    } else if (option.starts_with("--")) {
      extracts = extracts || option == "--extract";
      creates = creates || option == "--create";
      if (option == "--file" && has_next) archive = &command.words[++i];
    } else if (option.starts_with('-') || i == 1) {
      extracts = extracts || option.find('x') != option.npos;
      creates = creates || option.find('c') != option.npos;
      // `-xzf` takes its value with the last letter; in `cfz`, without a dash, the next word is that of f.
      const bool takes_file = option.starts_with('-') ? option.ends_with('f') : option.find('f') != option.npos;
      if (takes_file && has_next) archive = &command.words[++i];
    } else {
      members.push_back(&command.words[i]);
    }
  }
  result.known = extracts != creates;
  if (archive != nullptr && archive->value() && *archive->value() != "-")
    result.paths.push_back(
        {creates ? PathUse::write : PathUse::read, archive, std::string(*archive->value()), false, {}});
  if (extracts) {
    const std::string where = directory != nullptr && directory->value() ? std::string(*directory->value()) : ".";
    result.paths.push_back({PathUse::fill, directory, where, false, {}});
  } else if (creates && directory == nullptr) {
    for (const CommandWord* member : members)
      result.paths.push_back({PathUse::read_all, member, std::string(*member->value()), false, {}});
  }
  return result;
}

/// `git clone URL [directory]` makes a tree; all else changes what lies where it runs.
ProgramEffects of_git(const RunCommand& command) {
  ProgramEffects result;
  if (command.word(1) == "config" || command.word(1) == "lfs") {
    result.known = true;
    return result;
  }
  if (command.word(1) != "clone") return result;
  constexpr std::string_view kValueOptions = "-b --branch --depth -c --config -o --origin -j --jobs --reference";
  std::vector<const CommandWord*> operands;
  for (std::size_t i = 2; i < command.words.size(); ++i) {
    const Value value = command.words[i].value();
    if (value && value->starts_with('-')) i += has_word(kValueOptions, *value) ? 1U : 0U;
    else operands.push_back(&command.words[i]);
  }
  if (operands.empty()) return result;
  std::string directory;
  if (operands.size() > 1 && operands[1]->value()) {
    directory = *operands[1]->value();
  } else if (operands.size() == 1 && operands[0]->value()) {
    directory = base_name(*operands[0]->value());
    if (directory.ends_with(".git")) directory.resize(directory.size() - 4);
  }
  if (directory.empty()) return result;
  result.known = true;
  result.paths.push_back({PathUse::fill, operands.back(), directory, false, {}});
  return result;
}

/// `unzip ARCHIVE -d DIRECTORY`.
ProgramEffects of_unzip(const RunCommand& command) {
  ProgramEffects result;
  const CommandWord* archive = nullptr;
  const CommandWord* directory = nullptr;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const Value value = command.words[i].value();
    if (!value) return {};
    if (*value == "-d" && i + 1 < command.words.size()) directory = &command.words[++i];
    else if (!value->starts_with('-') && archive == nullptr) archive = &command.words[i];
  }
  if (archive == nullptr) return result;
  result.known = true;
  if (!archive->pattern) result.paths.push_back({PathUse::read, archive, std::string(*archive->value()), false, {}});
  const std::string where(directory != nullptr ? directory->value().value_or(".") : ".");
  result.paths.push_back({PathUse::fill, directory, where, false, {}});
  return result;
}

/// `find` only looks, unless it is told to do more.
ProgramEffects of_find(const RunCommand& command) {
  ProgramEffects result;
  constexpr std::string_view kActions = "-exec -execdir -ok -okdir -delete -fprint -fprint0 -fprintf -fls";
  for (const CommandWord& word : command.words) {
    const Value value = word.value();
    if (!value || has_word(kActions, *value)) return result;
  }
  result.known = true;
  return result;
}

/// `go build -o FILE` makes a program, `-o DIRECTORY/` several; without it, what is made is nobody's later.
ProgramEffects of_go(const RunCommand& command) {
  ProgramEffects result;
  if (command.word(1) != "build") return result;
  for (std::size_t i = 2; i < command.words.size(); ++i) {
    const std::string_view option = command.word(i);
    const CommandWord* word = &command.words[i];
    std::string path;
    if (option == "-o" && i + 1 < command.words.size()) {
      word = &command.words[i + 1];
      path = word->value().value_or("");
    } else if (option.starts_with("-o=")) {
      path = option.substr(3);
    }
    if (path.empty()) continue;
    result.paths.push_back({path.ends_with('/') ? PathUse::fill : PathUse::write, word, path, false, {}});
    return result;
  }
  return result;
}

/// `make build/app`: a target that is a path is the file that is made. What else is done, nobody knows.
ProgramEffects of_make(const RunCommand& command) {
  ProgramEffects result;
  for (const CommandWord& word : command.words.subspan(1)) {
    const Value value = word.value();
    // With -C and -f it may be meant from elsewhere.
    if (!value || value->starts_with("-C") || value->starts_with("-f") || value->starts_with("--")) return {};
    if (value->find('/') == value->npos || value->find('=') != value->npos || value->ends_with('/')) continue;
    result.paths.push_back({PathUse::write, &word, std::string(*value), false, {}});
  }
  return result;
}

}  // namespace

ProgramEffects effects_of(const RunCommand& command) {
  if (command.words.empty()) return {};
  const std::string_view name = command.program();
  if (name.empty()) return {};
  if (command.more_words) {
    ProgramEffects result;
    if (const Program* program = program_named(name)) {
      result.known = only_looks(*program);
      result.anywhere = !result.known;
    }
    return result;
  }
  if (const Program* program = program_named(name)) return Reader(command, *program).effects();
  if (name == "tar") return of_tar(command);
  if (name == "git") return of_git(command);
  if (name == "java") return of_java(command);
  if (name == "unzip") return of_unzip(command);
  if (name == "find") return of_find(command);
  if (name == "go") return of_go(command);
  if (name == "make" || name == "gmake") return of_make(command);
  if (is_interpreter(name)) return interpreted(command);
  return {};
}

}  // namespace dockerlint
