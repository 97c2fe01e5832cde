// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the Dockerfile means: its stages and their order, what each step mounts and copies, and what
// BuildKit would refuse when it converts the file. Unknown is a value: a variable that only the
// command line or a base image can set makes what it stands in unknown, not empty.

#include "dockerlint/image.hpp"
#include "dockerlint/shell.hpp"
#include "dockerlint/syntax.hpp"

#include <concepts>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace dockerlint {

/// Text after variable expansion, if the file alone decides it. Like an optional string_view, and no larger than one:
/// there are many.
class Value {
 public:
  constexpr Value() = default;
  constexpr Value(std::nullopt_t) {}
  template <typename Text>
  requires std::convertible_to<const Text&, std::string_view>
  constexpr Value(const Text& text) : text_(text) {
    if (text_.data() == nullptr) text_ = "";
  }

  constexpr bool has_value() const { return text_.data() != nullptr; }
  constexpr explicit operator bool() const { return has_value(); }
  constexpr const std::string_view& operator*() const { return text_; }
  constexpr const std::string_view* operator->() const { return &text_; }
  constexpr std::string_view value_or(std::string_view other) const { return has_value() ? text_ : other; }

  friend constexpr bool operator==(const Value& a, const Value& b) {
    return a.has_value() == b.has_value() && a.text_ == b.text_;
  }

 private:
  std::string_view text_;  // of no data: absent
};

/// What a name stands for. What is known is what the file and the facts about its base image decide; an
/// unknown variable may be anything, and has here the value that a build without options and on an empty
/// base image gives it.
struct Variable {
  bool known = true;
  bool set = false;
  std::string_view value;  // empty when it is not set
};

/// Who runs something.
struct User {
  Value name;                        // without the group; absent when nothing tells
  std::optional<std::uint32_t> uid;  // absent when nothing tells
  std::optional<std::uint32_t> gid;
  Value home;  // absolute and clean

  /// Absent when nothing tells.
  std::optional<bool> is_root() const;
};

struct StageVariables;

/// The variables and users as they stand at one place of a stage. A view: lives as long as the Model.
class Environment {
 public:
  Environment() = default;
  Environment(const StageVariables& stage, TextSize at) : stage_(&stage), at_(at) {}

  /// What was set last, as in BuildKit: by ENV or by an ARG that has a value, of the file or of the base image.
  Variable find(std::string_view name) const;
  /// As USER takes it: `name`, `uid`, and either with `:group`. The answer may view into `name`.
  User user(std::string_view name) const;
  /// The same stage, at another place of the file.
  Environment at(TextSize place) const {
    Environment other = *this;
    other.at_ = place;
    return other;
  }

 private:
  const StageVariables* stage_ = nullptr;  // null: nothing is known
  TextSize at_ = 0;                        // where in the file
};

/// What holds at one place of a stage.
struct State {
  Environment env;
  Value workdir;  // absolute and clean; absent when nothing tells
  User user;
  const Instruction* shell = nullptr;                       // the SHELL in force; null: the image's own
  shell::Interpreter interpreter = shell::Interpreter::sh;  // of the text form
  bool workdir_set = false;  // by this stage or one below it in the file, not by the base image
};

enum class MountType : std::uint8_t { bind, cache, tmpfs, secret, ssh };
std::string_view to_string(MountType);

enum class Sharing : std::uint8_t { shared, private_, locked };
std::string_view to_string(Sharing);
std::optional<Sharing> sharing_named(std::string_view name);

/// The options of a mount; aliases (dst, src, ro, …) are one with what they mean.
enum class MountKey : std::uint8_t {
  type,
  id,
  target,
  source,
  from,
  sharing,
  readonly,
  readwrite,
  required,
  size,
  mode,
  uid,
  gid,
  env,
  unknown,
};

/// One field of a mount's CSV value, as written.
struct MountOption {
  MountKey key = MountKey::unknown;
  bool has_value = false;
  TextRange range;  // the whole field, in the source
  TextRange name_range;
  TextRange value_range;   // empty, behind the field, when it has no value
  std::string_view name;   // as written
  std::string_view value;  // as written: variables not expanded
  Value expanded;
};

struct RunStep;
struct Cache;

struct Mount {
  const Flag* flag = nullptr;
  const RunStep* run = nullptr;
  std::span<const MountOption> options;
  Value type_name;  // unknown when a variable that we cannot know stands in it
  MountType type = MountType::bind;
  bool valid = true;      // false: BuildKit refuses it, and says why in Model::errors()
  bool readonly = false;  // as BuildKit makes it: a bind mount is, unless it says rw

  Value target;  // absolute and clean, joined to the WORKDIR; unknown with a variable that we do not know
  Value id;      // of a cache: as BuildKit makes it from the target when it is not given
  Value from;
  std::optional<Sharing> sharing;               // as given; absent when it is not given or not known
  std::optional<std::uint32_t> uid, gid, mode;  // as given, and known
  const Cache* cache = nullptr;                 // which one it uses, if anything tells

  /// The option that counts: BuildKit takes the last of several. Null when it is not given.
  const MountOption* option(MountKey key) const;
  bool is(MountType t) const { return valid && type_name && type == t; }
};

struct Stage;

struct RunCommand;

struct RunStep {
  const Instruction* instruction = nullptr;
  const Stage* stage = nullptr;
  bool on_build = false;  // in an ONBUILD: runs in another build, in an environment that we do not know
  State before;           // as the script begins
  std::span<const Mount> mounts;
  LogicalText script_text;                // what the interpreter is given; empty in the JSON form without a shell
  const shell::Script* script = nullptr;  // not understood where another interpreter reads it
  std::span<const RunCommand> commands;   // what it runs (commands.hpp); empty when it is not understood
};

/// Whether the RUN's script has `text`, in its command or in a heredoc.
bool script_has(const Document& document, const RunStep& run, std::string_view text);

struct CopyStep {
  const Instruction* instruction = nullptr;
  const Stage* stage = nullptr;
  const Stage* from = nullptr;  // null: the build context, an image, or unknown
  Value from_image;             // of --from that names no stage
  bool on_build = false;
  State before;
  std::span<const Value> sources;  // after expansion; heredocs are not among them. From a stage or image: seen from /
  Value destination;               // absolute; ends in `/` where it names a directory
};

struct Stage {
  const Instruction* from = nullptr;
  std::uint32_t index = 0;                    // from 0, as in COPY --from=0
  std::string_view name;                      // in lower case, as BuildKit keeps it; empty without AS
  Argument image;                             // as written
  Value base;                                 // the image after expansion
  const Stage* parent = nullptr;              // the earlier stage that it builds on
  std::span<const Instruction> instructions;  // without its FROM
  std::span<const RunStep> runs;
  std::span<const CopyStep> copies;
  const Image* image_facts = nullptr;  // of the base image, through all parents; null when nobody knows it
  State end;                           // as a stage built on this one begins
  // What a container of it runs, from here or from a stage below; null when the file does not say.
  const Instruction* cmd = nullptr;
  const Instruction* entrypoint = nullptr;
  const Instruction* healthcheck = nullptr;
};

enum class BuildErrorKind : std::uint8_t {
  mount,        // an option of a --mount
  variable,     // ${…} that cannot be expanded
  image,        // not the name of an image
  blank_image,  // empty unless --build-arg says otherwise
  stage,        // a stage that comes later, is not there, or is its own base
  argument,     // a port, a signal, …
};

/// What BuildKit refuses though the syntax is right, in words for a person.
struct BuildError {
  BuildErrorKind kind;
  TextRange range;
  std::string_view message;
  std::string_view note;
  std::string_view meant;  // what most likely should stand at `range` instead; empty: nobody knows
};

/// Where the facts about base images come from: see image_named().
using ImageLookup = const Image* (*)(std::string_view reference);

/// One cache, by its id. Ids with a variable that nobody knows are the same when they are written the same.
struct Cache {
  std::span<const Mount* const> mounts;
};

/// What a build gives to the Dockerfile. All that is not said here is as the file alone has it.
struct BuildInput {
  struct Argument {
    std::string_view name;
    Value value;  // absent: it is given one that nobody knows
  };
  std::span<const Argument> arguments;  // as --build-arg, each name once
  /// The variables that BuildKit sets for each platform stand for themselves: `go-${TARGETARCH}` is known, and
  /// is written so.
  bool names_platforms = false;
};

class Model {
 public:
  /// `document` must outlive the model.
  explicit Model(const Document& document, ImageLookup images = image_named, const BuildInput& build = {});
  ~Model();
  Model(Model&&) noexcept;
  Model& operator=(Model&&) noexcept;

  const Document& document() const;
  std::span<const Stage> stages() const;
  /// By name, in any case, or by index as in `COPY --from=0`. Null when there is none.
  const Stage* stage(std::string_view name_or_index) const;
  std::span<const BuildError> errors() const;
  /// The caches that the file's mounts use, in the order of their first use. Mounts of which nothing tells
  /// which cache they use are left out.
  std::span<const Cache> caches() const;
  /// Whether an argument that differs with the platform was read. Else BuildInput::names_platforms changes nothing.
  bool reads_platform() const;
  /// Whether the script of this RUN, or of one before it in its stage or the stages below, has `text`.
  bool scripts_have(const RunStep& run, std::string_view text) const;

 private:
  friend class ModelBuilder;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dockerlint
