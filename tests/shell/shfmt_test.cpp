// SPDX-License-Identifier: Apache-2.0
// The shell parser against shfmt, over every RUN of the folder that DOCKERLINT_CORPUS names. Both make a
// flat list of simple commands of a script; the lists must be the same. The classes of difference that
// are known, and how many scripts are in them, are in tests/parity/shell.md.

#include "shell/run_script.hpp"
#include "support/catch.hpp"
#include "support/corpus_case.hpp"
#include "support/page.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

#include <unistd.h>

using namespace dockerlint;
using namespace dockerlint::test;
using shell::Dialect;
using shell::Place;

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// A simple command as both sides have it.
struct Flat {
  std::size_t begin = 0;
  std::string line;
};

std::string joined(std::vector<Flat> commands) {
  std::stable_sort(commands.begin(), commands.end(), [](const Flat& a, const Flat& b) { return a.begin < b.begin; });
  std::string out;
  for (const Flat& command : commands) out += command.line + '\n';
  return out;
}

std::string described(const Place& place) {
  std::string flags;
  if (place.background) flags += " background";
  if (place.negated) flags += " negated";
  if (place.timed) flags += " timed";
  if (place.in_substitution) flags += " substitution";
  if (place.in_condition) flags += " condition";
  if (place.in_branch) flags += " branch";
  if (place.in_loop) flags += " loop";
  if (place.in_subshell) flags += " subshell";
  if (place.in_function) flags += " function";
  return fmt::format("{:2} {}{}:", to_string(place.joiner), place.depth, flags);
}

std::string span(std::size_t begin, std::size_t end) { return fmt::format(" {}-{}", begin, end); }

// --- ours ---

std::string ours(const shell::Script& script) {
  std::vector<Flat> all;
  for_each_command(script, [&](const shell::SimpleCommand& command, const Place& place) {
    Flat flat{command.range.begin, described(place)};
    const auto add = [&](TextRange range) { flat.line += span(range.begin, range.end); };
    for (const shell::Assignment& assignment : command.assignments) {
      flat.line += " assign";
      add(assignment.range);
    }
    for (const shell::Word& word : command.words) add(word.range);
    for (const shell::Redirect& redirect : command.redirects) {
      flat.line += fmt::format(" {}{}", redirect.descriptor, to_string(redirect.op));
      add(redirect.target.range);
    }
    all.push_back(flat);
  });
  return joined(std::move(all));
}

// --- shfmt's ---

/// Reads the tree that `shfmt --to-json` prints.
class ShfmtTree {
 public:
  explicit ShfmtTree(const Json& file) { statements(file, "Stmts", Place{}); }
  std::string text() const { return joined(all_); }

 private:
  static std::size_t offset(const Json& node, const char* key) {
    const auto found = node.find(key);
    return found == node.end() ? 0 : found->value("Offset", std::size_t{0});
  }
  static std::string range(const Json& node) { return span(offset(node, "Pos"), offset(node, "End")); }

  static Place deeper(Place place) {
    ++place.depth;
    return place;
  }

  void statements(const Json& node, const char* key, const Place& place) {
    const auto found = node.find(key);
    if (found == node.end() || !found->is_array()) return;
    Place inner = place;
    inner.background = inner.negated = inner.timed = false;
    inner.joiner = shell::Joiner::first;
    for (const Json& one : *found) {
      statement(one, inner);
      inner.joiner = shell::Joiner::sequence;
    }
  }

  void statement(const Json& node, Place place) {
    place.background |= node.value("Background", false);
    place.negated |= node.value("Negated", false);
    const auto command = node.find("Cmd");
    if (command == node.end() || command->is_null()) {
      if (node.contains("Redirs")) simple(node, Json::object(), place);
      return;
    }
    const std::string type = command->value("Type", "");
    if (type == "CallExpr" || type == "DeclClause" || type == "LetClause") return simple(node, *command, place);
    if (type == "BinaryCmd") binary(*command, place);
    else if (type == "TimeClause") timed(*command, place);
    else compound(type, *command, place);
    if (node.contains("Redirs")) substitutions(node["Redirs"], place);
  }

  void binary(const Json& node, Place place) {
    constexpr int kAnd = 10;
    constexpr int kOr = 11;
    constexpr int kPipe = 12;
    const int op = node["Op"];
    statement(node["X"], place);
    if (op == kAnd || op == kOr) place.negated = place.timed = false;
    place.joiner = op == kAnd    ? shell::Joiner::and_then
                   : op == kOr   ? shell::Joiner::or_else
                   : op == kPipe ? shell::Joiner::pipe
                                 : shell::Joiner::pipe_both;
    statement(node["Y"], place);
  }

  void timed(const Json& node, Place place) {
    place.timed = true;
    if (node.contains("Stmt") && !node["Stmt"].is_null()) statement(node["Stmt"], place);
  }

  void compound(const std::string& type, const Json& node, const Place& outer) {
    const Place place = deeper(outer);
    Place inner = place;
    if (type == "Subshell") {
      inner.in_subshell = true;
      statements(node, "Stmts", inner);
    } else if (type == "Block") {
      statements(node, "Stmts", inner);
    } else if (type == "IfClause") {
      for (const Json* branch = &node; branch != nullptr;) {
        inner = place;
        inner.in_condition = true;
        statements(*branch, "Cond", inner);
        inner.in_condition = place.in_condition;
        inner.in_branch = true;
        statements(*branch, "Then", inner);
        const auto next = branch->find("Else");
        branch = next == branch->end() || next->is_null() ? nullptr : &*next;
      }
    } else if (type == "WhileClause") {
      inner.in_loop = true;
      statements(node, "Do", inner);
      inner.in_condition = true;
      statements(node, "Cond", inner);
    } else if (type == "ForClause") {
      substitutions(node["Loop"], place);
      inner.in_loop = true;
      statements(node, "Do", inner);
    } else if (type == "CaseClause") {
      substitutions(node["Word"], place);
      inner.in_branch = true;
      for (const Json& item : node.value("Items", Json::array())) {
        substitutions(item["Patterns"], place);
        statements(item, "Stmts", inner);
      }
    } else if (type == "FuncDecl" || type == "CoprocClause") {
      (type == "FuncDecl" ? inner.in_function : inner.in_subshell) = true;
      inner.background = inner.negated = inner.timed = false;
      inner.joiner = shell::Joiner::first;
      statement(node[type == "FuncDecl" ? "Body" : "Stmt"], inner);
    } else {
      substitutions(node, place);  // [[ ]] and (( ))
    }
  }

  void simple(const Json& statement, const Json& command, const Place& place) {
    Flat flat{offset(statement, "Pos"), described(place)};
    if (command.contains("Assigns"))
      for (const Json& assignment : command["Assigns"]) flat.line += " assign" + range(assignment);
    if (command.contains("Variant")) flat.line += range(command["Variant"]);
    if (command.contains("Args"))
      for (const Json& word : command["Args"]) flat.line += range(word);
    if (statement.contains("Redirs"))
      for (const Json& one : statement["Redirs"]) flat.line += redirect(one);
    if (!command.empty()) flat.begin = offset(command, "Pos");
    if (statement.contains("Redirs"))
      for (const Json& one : statement["Redirs"]) flat.begin = std::min(flat.begin, offset(one, "Pos"));
    all_.push_back(flat);
    substitutions(command, place);
    if (statement.contains("Redirs")) substitutions(statement["Redirs"], place);
  }

  static std::string redirect(const Json& node) {
    constexpr std::array<std::string_view, 12> kOperators{">",  ">>", "<",   "<>",  "<&", ">&",
                                                          ">|", "<<", "<<-", "<<<", "&>", "&>>"};
    constexpr std::size_t kFirst = 54;
    const std::size_t op = node["Op"].get<std::size_t>() - kFirst;
    const auto descriptor = node.find("N");
    return fmt::format(" {}{}{}",
                       descriptor == node.end() || descriptor->is_null() ? "" : descriptor->value("Value", ""),
                       op < kOperators.size() ? kOperators[op] : "?", range(node["Word"]));
  }

  /// The commands in any part of a word.
  void substitutions(const Json& node, const Place& place) {
    if (node.is_object()) {
      const std::string type = node.value("Type", "");
      if (type == "CmdSubst" || type == "ProcSubst") {
        Place inner = deeper(place);
        inner.in_substitution = true;
        return statements(node, "Stmts", inner);
      }
    }
    if (node.is_structured())
      for (const Json& part : node) substitutions(part, place);
  }

  std::vector<Flat> all_;
};

/// What shfmt reads in the script; nothing if it refuses it.
std::optional<std::string> shfmt_reading(const std::string& script, Dialect dialect, const std::string& scratch) {
  if (!write_file(scratch, script)) return std::nullopt;
  const std::string command = fmt::format("shfmt -ln {} --to-json < '{}' 2>/dev/null", to_string(dialect), scratch);
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return std::nullopt;
  std::string out;
  std::array<char, 65536> buffer;
  while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe)) out.append(buffer.data(), size);
  if (pclose(pipe) != 0) return std::nullopt;
  return ShfmtTree(Json::parse(out)).text();
}

bool shfmt_is_there() { return std::system("shfmt --version >/dev/null 2>&1") == 0; }

/// Own cases that are read differently on purpose: tests/parity/shell.md says why.
const std::set<std::string> kOwnDifferences{
    "tests/shell/refused.txt (an empty subshell)",
    "tests/shell/words.txt (commands in words)",
    "tests/shell/words.txt (extended patterns)",
};

struct Tally {
  std::size_t accepted = 0;    // by shfmt
  std::size_t commands = 0;    // in these
  std::size_t understood = 0;  // of these, by us
  std::size_t same = 0;        // of these
  std::set<std::string> different;
};

using Scripts = std::vector<std::pair<std::string, std::string>>;  // where each is from, and its text

/// Adds the scripts of a Dockerfile that are not in `seen`.
void add_scripts(const std::string& path, std::string bytes, Scripts& all, std::set<std::string>& seen) {
  const Document document = Document::parse(path, std::move(bytes));
  const std::vector<shell::Interpreter> shells = shell::shells_of(document);
  for (std::size_t i = 0; i < shells.size(); ++i) {
    const Instruction& in = document.instructions()[i];
    if ((in.nested != nullptr ? in.nested->kind : in.kind) != InstructionKind::run || in.broken) continue;
    Arena arena;
    const shell::RunScript run = shell::parse_run(document, in, shells[i], arena);
    if (run.interpreter == shell::Interpreter::other || run.text.empty()) continue;
    std::string text(run.text.text());
    if (seen.insert(text).second) all.emplace_back(path, std::move(text));
  }
}

Scripts scripts_under(const fs::path& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().extension() == ".Dockerfile")
      paths.push_back(entry.path().generic_string());
  std::sort(paths.begin(), paths.end());
  Scripts all;
  std::set<std::string> seen;
  for (const std::string& path : paths) add_scripts(path, read_file(path).value_or(""), all, seen);
  return all;
}

/// Calls `look(name, text, scratch)` for each script, on all cores; `scratch` is a file that is its own meanwhile.
template <typename Look>
void each_script(const Scripts& scripts, Look look) {
  std::atomic<std::size_t> next = 0;
  std::atomic<int> workers = 0;
  const auto work = [&] {
    const fs::path scratch = fs::temp_directory_path() / fmt::format("shell-{}-{}", getpid(), workers++);
    for (std::size_t i = next++; i < scripts.size(); i = next++)
      look(scripts[i].first, scripts[i].second, scratch.string());
    std::error_code ignored;
    fs::remove(scratch, ignored);
  };
  std::vector<std::jthread> others;
  for (unsigned n = 1; n < std::max(std::thread::hardware_concurrency(), 1u); ++n) others.emplace_back(work);
  work();
}

shell::Script our_reading(const std::string& text, Dialect dialect, Arena& arena) {
  const auto size = static_cast<TextSize>(text.size());
  const TextPiece whole{0, size, {0, size}};
  return shell::parse({text, {&whole, 1}}, dialect, arena);
}

/// Compares the readings of all scripts. What differs is printed if DOCKERLINT_SHFMT_DIFF is set.
Tally compare(const Scripts& scripts, Dialect dialect) {
  const bool loud = std::getenv("DOCKERLINT_SHFMT_DIFF") != nullptr;
  Tally tally;
  std::mutex mutex;
  each_script(scripts, [&](const std::string& name, const std::string& text, const std::string& scratch) {
    const auto theirs = shfmt_reading(text, dialect, scratch);
    if (!theirs) return;
    Arena arena;
    const shell::Script script = our_reading(text, dialect, arena);
    const std::string mine = script.understood ? ours(script) : std::string();
    const bool same = script.understood && mine == *theirs;
    const std::lock_guard lock(mutex);
    ++tally.accepted;
    tally.commands += static_cast<std::size_t>(std::count(theirs->begin(), theirs->end(), '\n'));
    if (script.understood) ++tally.understood;
    if (same) ++tally.same;
    if (!same) tally.different.insert(name);
    if (!loud || same) return;
    std::printf("%s",
                script.understood
                    ? fmt::format("{}: another list\n{}", name, line_diff(*theirs, mine)).c_str()
                    : fmt::format("{}: not understood at {}: {}\n", name, script.error.begin, script.reason).c_str());
    std::printf("%s\n", text.c_str());
  });
  std::printf("shfmt: %s: %zu scripts, %zu accepted by shfmt with %zu commands; %zu understood, %zu the same\n",
              std::string(to_string(dialect)).c_str(), scripts.size(), tally.accepted, tally.commands, tally.understood,
              tally.same);
  return tally;
}

bool bash_takes(const std::string& script, const std::string& scratch) {
  return write_file(scratch, script) && std::system(fmt::format("bash -n '{}' 2>/dev/null", scratch).c_str()) == 0;
}

}  // namespace

TEST_CASE("the shell parser reads what shfmt reads: our own cases") {
  if (!shfmt_is_there()) {
    std::printf("shfmt: left out: shfmt is not on PATH\n");
    SUCCEED();
    return;
  }
  Scripts scripts;
  std::set<std::string> seen;
  for (const std::string& path : corpus_files("tests/shell"))
    for (const CorpusCase& c : read_corpus(path, read_file(path).value_or("")).cases)
      add_scripts(fmt::format("{} ({})", path, c.name), c.source, scripts, seen);
  const Tally tally = compare(scripts, Dialect::bash);
  CHECK(tally.accepted > 0);
  CHECK(tally.different == kOwnDifferences);
}

TEST_CASE("the shell parser reads what shfmt reads: real files") {
  const char* folder = std::getenv("DOCKERLINT_CORPUS");
  if (folder == nullptr || !shfmt_is_there()) {
    std::printf("shfmt: left out: %s\n",
                folder == nullptr ? "the external corpus (DOCKERLINT_CORPUS is not set)" : "shfmt is not on PATH");
    SUCCEED();
    return;
  }
  const Scripts scripts = scripts_under(fs::path(folder) / "corpus");
  for (const Dialect dialect : {Dialect::bash, Dialect::posix}) {
    const Tally tally = compare(scripts, dialect);
    constexpr double kUnderstood = 0.995;
    CHECK(tally.accepted > 0);
    CHECK(static_cast<double>(tally.understood) >= kUnderstood * static_cast<double>(tally.accepted));
    CHECK(tally.same == tally.understood);
  }
}

TEST_CASE("the shell parser understands what bash takes: real files") {
  const char* folder = std::getenv("DOCKERLINT_CORPUS");
  if (folder == nullptr || std::system("bash -c true >/dev/null 2>&1") != 0) {
    std::printf("bash: left out: %s\n",
                folder == nullptr ? "the external corpus (DOCKERLINT_CORPUS is not set)" : "no bash");
    SUCCEED();
    return;
  }
  const Scripts scripts = scripts_under(fs::path(folder) / "corpus");
  std::atomic<std::size_t> taken = 0, understood = 0, both = 0;
  each_script(scripts, [&](const std::string& name, const std::string& text, const std::string& scratch) {
    const bool takes = bash_takes(text, scratch);
    Arena arena;
    const bool reads = our_reading(text, Dialect::bash, arena).understood;
    taken += takes;
    understood += reads;
    both += takes && reads;
    if (takes != reads && std::getenv("DOCKERLINT_SHFMT_DIFF") != nullptr)
      std::printf("%s: %s\n%s\n", name.c_str(), takes ? "only bash takes it" : "bash refuses it", text.c_str());
  });
  std::printf("bash: %zu scripts, %zu taken by bash -n, %zu understood, %zu both\n", scripts.size(), taken.load(),
              understood.load(), both.load());
  constexpr double kUnderstood = 0.995;
  CHECK(taken > 0);
  CHECK(static_cast<double>(both) >= kUnderstood * static_cast<double>(taken));
  CHECK(static_cast<double>(both) >= kUnderstood * static_cast<double>(understood));
}
