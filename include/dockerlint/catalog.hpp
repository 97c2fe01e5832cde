// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is known of build tools: their commands, what these cache, where, and what concurrency the caches
// bear. The facts are the files in rules/catalog/, made into constant tables by the build; a project adds
// and corrects tools with files of the same form.

#include "dockerlint/commands.hpp"
#include "dockerlint/diagnostic.hpp"
#include "dockerlint/image.hpp"
#include "dockerlint/model.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dockerlint {

/// What happens when two builds use one directory at once, with the mount as it stands.
enum class Concurrency : std::uint8_t {
  unknown,
  exclusive,   // the tool fails or corrupts: sharing=locked
  serialised,  // as exclusive, but the lock holds up whole compilations, and a parallel form exists
  tolerated,   // safe in current versions; older ones had races, so a lock is nobody's mistake
  safe,        // safe by documentation, source or experiment: a lock only makes builds wait
};
std::string_view to_string(Concurrency);

enum class DirectoryKind : std::uint8_t {
  download,       // files that can be fetched again
  metadata,       // indexes and lists
  compile_cache,  // results that the tool checks by content
  build_output,   // a build tree: product and intermediates
  in_place,       // fetched once, read from here later, by other RUNs or at run time
  installed,      // must be in the image
  state,          // configuration, credentials, databases
};
std::string_view to_string(DirectoryKind);

/// Whether a cache mount on a directory is a good idea.
enum class MountAdvice : std::uint8_t { yes, with_care, no };
std::string_view to_string(MountAdvice);

/// Whether the platform belongs in the mount's id.
enum class PlatformAdvice : std::uint8_t { no, recommended, required };
std::string_view to_string(PlatformAdvice);

struct Tool;

/// A directory that a tool keeps.
struct CacheDir {
  std::string_view name;  // within its tool: "registry"
  const Tool* tool;
  std::string_view what;  // "cargo's registry": completes "… is shared"
  DirectoryKind kind;
  MountAdvice mount;
  std::span<const std::string_view> paths;      // where it usually lies: absolute, or `~/…` in every user's home
  std::string_view at;                          // where it lies for a command: a word for expand(), over the command's
                                                // variables, HOME and PWD; empty: only `paths` tell
  std::span<const std::string_view> variables;  // that move it from there; HOME and PWD are not among them
  std::string_view unmoved;                     // one of `paths`, where it lies while none of `variables` is set; empty
                                                // where that depends on more than HOME
  std::span<const std::string_view> flags;      // options whose value is the directory, which count before `at`;
                                                // "--root/registry" is below the option's value
  std::string_view configuration;               // what else can move it, for people: "`.npmrc` (`cache=`)"
  Concurrency concurrency;
  Evidence evidence;               // of the concurrency, as all that follows
  std::string_view why;            // one sentence, shown to the user; empty only where it is unknown
  std::string_view lock;           // where the tool's own lock lies, and what that means; may be empty
  std::string_view parallel;       // how to let builds run side by side; empty when there is no way or no need
  std::string_view parallel_sign;  // what a script holds that has set this up; empty when nothing tells
  PlatformAdvice platform;
  std::string_view platform_why;
  std::string_view source;  // where it is written or how it was tried

  /// The mode that is right for this directory; locked where nobody knows.
  Sharing sharing() const;
};

/// One form of a tool's command line, and what it does with directories: the tool's own or others'.
struct ToolCommand {
  std::span<const std::string_view> run;        // "install", "cache clean"; "": no subcommand; "*": any other
  std::span<const std::string_view> programs;   // instead of the tool's; empty: the tool's
  std::span<const std::string_view> only_with;  // only if one of these options is given
  std::span<const std::string_view> unless;     // not if one of these is
  std::span<const CacheDir* const> fills;       // fetches or makes what is missing there, and uses what is there
  std::span<const CacheDir* const> writes;      // puts its product there: wanted in the image or by later steps
  std::span<const CacheDir* const> needs;       // fails, or does something else, without what is there
  std::span<const CacheDir* const> empties;
  Evidence evidence;
  std::string_view source;  // empty: plain from the tool's help

  /// What only needs something runs what somebody else has written, which may do anything: `npm run build`.
  bool runs_scripts() const { return !needs.empty() && fills.empty() && writes.empty() && empties.empty(); }

  bool is_recalled() const { return !source.empty() && evidence == Evidence::recalled; }
};

/// What turns a cache off.
struct Defeat {
  std::span<const std::string_view> flags;
  std::span<const std::string_view> variables;  // "NAME": any value that is not empty; "NAME=VALUE": that one
  std::span<const std::string_view> except;     // values that turn nothing off
  std::span<const CacheDir* const> directories;
  std::optional<Applicability> fix;  // what removing the option is; absent: never to be done
  std::string_view why;
  Evidence evidence;
  std::string_view source;
};

/// What goes with a directory that is mounted.
struct Companion {
  std::span<const CacheDir* const> directories;
  std::span<const CacheDir* const> also;  // should be mounted too
  std::string_view variable;              // "NAME=VALUE" to set
  std::string_view flag;                  // to give
  std::string_view say;
  std::string_view why;
  Evidence evidence;
  std::string_view source;
};

struct Tool {
  std::string_view name;
  std::string_view title;
  std::string_view ecosystem;
  std::span<const std::string_view> programs;       // without directory; a trailing version (pip3.12) is looked through
  std::span<const std::string_view> forms;          // "python -m pip", "corepack yarn": what runs it too
  std::span<const std::string_view> value_options;  // before the subcommand, with a value in the next word
  std::span<const std::string_view> prefixes;       // words before the subcommand that are none: "+*"
  std::span<const ToolCommand> commands;            // the first that fits is what a command line is
  std::span<const CacheDir> directories;
  std::span<const Defeat> defeats;
  std::span<const Companion> companions;
};

/// A command as a tool reads it.
struct ToolUse {
  const Tool* tool;
  const ToolCommand* command;
  std::string_view run;        // which of command->run it is
  std::size_t first_argument;  // index of the word behind the subcommand; of the word itself where `run` is "*"
};

/// Where a directory lies for a command.
struct DirectoryPlace {
  std::string path;   // absolute and clean; empty when it cannot be said at all
  bool known = true;  // false: something that nobody knows could move it
};

enum class DirectoryAction : std::uint8_t { fills, writes, needs, empties };

/// What a command does with a directory of its tool, or of another: see ToolCommand.
struct DirectoryUse {
  const RunCommand* command = nullptr;
  ToolUse use{};  // what says so
  const CacheDir* directory = nullptr;
  DirectoryAction action = DirectoryAction::fills;
  DirectoryPlace place;  // for this command

  bool is_written() const { return action == DirectoryAction::fills || action == DirectoryAction::writes; }
};

/// A list that is the answer to a question: of the catalog that remembers it, else of whoever has asked.
template <typename T>
class Answer {
 public:
  Answer(std::span<const T> remembered) : items_(remembered) {}
  Answer(std::vector<T> own) : own_(std::move(own)), items_(own_) {}
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  Answer(Answer&&) noexcept = default;
  Answer& operator=(Answer&&) noexcept = default;
  ~Answer() = default;

  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }
  bool empty() const { return items_.empty(); }
  std::size_t size() const { return items_.size(); }
  const T& front() const { return items_.front(); }

 private:
  std::vector<T> own_;
  std::span<const T> items_;
};

/// What turns a cache off for a command: an option, or a variable.
struct Defeated {
  const Defeat* defeat;
  const CommandWord* flag;    // null: it is the variable
  std::string_view variable;  // its name; empty: it is the option
};

/// The variable that turns a cache off for the command; empty when none is known to.
std::string_view variable_against(const Defeat& defeat, const RunCommand& command);

struct CatalogTables;
struct CatalogFile;
struct CatalogReading;

class Catalog {
 public:
  static const Catalog& builtin();
  /// The same facts, that remember what they were asked of each command: many rules ask the same. For one thread, and
  /// for commands that live as long as it. This catalog must outlive it.
  Catalog remembering() const;

  /// Sorted by name.
  std::span<const Tool* const> tools() const;
  /// By name. Null when there is none.
  const Tool* tool(std::string_view name) const;
  /// By names: "cargo/registry". Null when there is none.
  const CacheDir* directory(std::string_view tool_and_name) const;

  /// What the command is to the tools that know it, by the tools' names: mostly none or one. The time does not
  /// depend on the number of tools.
  Answer<ToolUse> uses(const RunCommand& command) const;
  /// What the commands of the RUN do with directories, in their order.
  Answer<DirectoryUse> directory_uses(const RunStep& run) const;
  /// Where the command has the directory: by its option, by its environment, or where it usually is.
  DirectoryPlace place(const CacheDir& directory, const RunCommand& command) const;
  std::optional<Defeated> defeated(const CacheDir& directory, const RunCommand& command) const;

  /// The directory that lies at an absolute, clean path, whoever's home it is in. Null when nobody knows it.
  const CacheDir* directory_at(std::string_view path) const;
  /// The same, where it is one to be mounted, and something is known of its concurrency.
  const CacheDir* cache_at(std::string_view path) const;
  /// Where the mount's target is known and cache_at() knows it.
  const CacheDir* cache_of(const Mount& mount) const;

  Catalog(Catalog&&) noexcept;
  Catalog& operator=(Catalog&&) noexcept;
  ~Catalog();

 private:
  friend CatalogReading read_catalog(std::span<const CatalogFile> files);
  struct Owned;
  struct Memory;
  explicit Catalog(const CatalogTables& tables);
  explicit Catalog(std::unique_ptr<const Owned> owned);
  void add_uses(const RunCommand& command, std::vector<ToolUse>& uses) const;
  void add_directory_uses(const RunCommand& command, std::vector<DirectoryUse>& uses) const;
  std::span<const DirectoryUse> remembered_directory_uses(const RunCommand& command) const;

  const CatalogTables* tables_;
  std::unique_ptr<const Owned> owned_;  // null in the built-in one
  std::unique_ptr<Memory> memory_;      // null where nothing is remembered
};

/// A file of a project that says what one tool does, in the form of rules/catalog/schema.json.
struct CatalogFile {
  std::string path;  // for messages, and for the name: `tools/make.json` is of the tool `make`
  std::string bytes;
};

/// What is wrong with a file.
struct CatalogError {
  std::string path;
  std::size_t line;
  std::string key;  // "directories[0].why"; empty: the file
  std::string message;

  /// "tools/make.json:12: directories[0].why: is missing"
  std::string text() const;
};

struct CatalogReading {
  std::optional<Catalog> catalog;  // absent exactly when there are errors
  std::vector<CatalogError> errors;
};

/// The built-in catalog with these tools as well; one of the same name takes the place of a built-in one.
CatalogReading read_catalog(std::span<const CatalogFile> files);

}  // namespace dockerlint
