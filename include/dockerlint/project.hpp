// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is built together. Compose files, bake files and Dockerfiles that nobody names, as one list of builds: which
// Dockerfile, target, build arguments and platforms. Plain data that owns its strings. Nothing is opened here: a build
// says by which path its Dockerfile would be opened, and several builds may say the same path.

#include "dockerlint/diagnostic.hpp"
#include "dockerlint/text.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint {

/// A place in a compose or bake file, good for a message as well as for a finding in that file.
struct FilePlace {
  std::string path;  // as it is shown and opened; empty: nowhere
  LineColumn at;     // where `range` begins
  TextRange range;   // the bytes that say it: a key, a scalar, a block's head

  bool known() const { return !path.empty(); }
};
/// "path:line:column", or the path alone when it is about the file as a whole (an empty range at 0).
std::string to_string(const FilePlace& place);

/// A text that a file gives. Unknown when only the environment, a command line or a function that we do not evaluate
/// could tell: unknown is never empty, and no rule draws conclusions from it.
struct Given {
  std::optional<std::string> text;
  FilePlace where;

  bool known() const { return text.has_value(); }
};

struct BuildArg {
  std::string name;
  Given value;
};

/// `additional_contexts` of compose, `contexts` of bake: what a name in FROM and --from means instead of an image.
struct NamedContext {
  std::string name;
  Given value;  // a path as given, a URL, docker-image://…, oci-layout://…, target:NAME, service:NAME
  /// The build of the same project that it stands for, as an index into `Project::builds`.
  std::optional<std::size_t> build;
};

/// A Dockerfile that stands inside a compose or bake file, and the way back into that file.
struct InlineDockerfile {
  std::string text;               // as the builder gets it
  std::vector<TextPiece> pieces;  // tile `text`; `source` is bytes of the file in `where`. Empty: there is no way back
  FilePlace where;                // the scalar; of a block scalar with its head, `|`
  bool editable = false;          // a change of the text can be put into the file, line by line
  std::string indentation;        // before each line of the file, where it is editable
  std::string build = {};  // the name of the service or target that it is the Dockerfile of: the first of several

  LogicalText logical() const { return pieces.empty() ? LogicalText() : LogicalText(text, pieces); }
};

enum class DefinedBy : std::uint8_t { dockerfile, compose, bake };
std::string_view to_string(DefinedBy);

/// One image that is built: a service of compose, a target of bake, or a Dockerfile that none of these names, with
/// default arguments.
struct Build {
  std::string name;  // of the service or target; of a Dockerfile alone, its path
  DefinedBy defined_by = DefinedBy::dockerfile;
  std::string definition;  // path of the compose or bake file; empty: a Dockerfile alone
  FilePlace where;         // the name of the service or target in it

  /// A directory relative to where we run (or absolute), or a URL as given when `remote`.
  Given context;
  bool remote = false;  // the context is not on this machine: neither is the Dockerfile, unless it is inline
  /// The path by which the Dockerfile would be opened; unset when it is inline or remote.
  std::optional<Given> dockerfile;
  bool dockerfile_found = false;  // there is such a file
  std::optional<InlineDockerfile> inline_dockerfile;
  std::optional<Given> target;   // unset: the last stage
  std::vector<BuildArg> args;    // in the order of the file; each name once
  std::vector<Given> platforms;  // empty: that of the builder
  std::vector<NamedContext> contexts;
  std::vector<std::string> profiles;  // of compose; empty: it is built unless others are asked for by name
  bool only_inherited = false;        // of bake: others inherit from it, and no group builds it
  /// False: some of args, platforms or contexts may be missing here, because their list as a whole is unknown.
  bool complete = true;

  bool knows_dockerfile() const { return inline_dockerfile || (dockerfile && dockerfile->known()); }
};

/// Builds that one command sends to the builder at once: they run in parallel, and share its caches.
struct BuildGroup {
  std::string name;  // the group of bake; the profile of compose; empty: what is built when nothing is named
  DefinedBy defined_by = DefinedBy::compose;
  std::string definition;           // the file
  FilePlace where;                  // where the group is named; nowhere for what is built when nothing is named
  std::vector<std::size_t> builds;  // indices into `Project::builds`, ascending, each once
};

/// What is wrong with a compose or bake file, or could not be told. The rest of the project is there all the same.
struct ProjectTrouble {
  FilePlace where;
  std::string message;                  // one line, lower case, no full stop
  Severity severity = Severity::error;  // error: compose, bake or the system refuses it; hint: unknown to us
};

struct Project {
  std::vector<Build> builds;       // by definition in the order found, then in the order of the file
  std::vector<BuildGroup> groups;  // a Dockerfile alone is in none
  std::vector<ProjectTrouble> troubles;
  std::vector<std::string> definitions;  // the compose and bake files that were read, each once

  /// Whether one command builds both: they are in one group.
  bool together(std::size_t one, std::size_t other) const;
  /// The builds that use a Dockerfile, by the path by which it is opened; in order.
  std::vector<std::size_t> builds_of(std::string_view dockerfile) const;
};

}  // namespace dockerlint
