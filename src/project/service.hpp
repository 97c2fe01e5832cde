// SPDX-License-Identifier: Apache-2.0
#pragma once
// One service of a compose file, as far as it says what is built: read, and merged with others.

#include "data/value.hpp"
#include "dockerlint/project.hpp"
#include "project/interpolate.hpp"
#include "project/source.hpp"

#include <optional>
#include <string>
#include <vector>

namespace dockerlint::project {

struct BuildSection {
  FilePlace where;
  std::optional<Given> context;  // as it is opened from where we run, or a URL
  bool remote = false;
  std::optional<Given> dockerfile;  // as written: relative to the context
  std::optional<InlineDockerfile> inline_dockerfile;
  std::optional<Given> inline_unknown;  // there is one, but what it says is not known
  std::optional<Given> target;
  std::vector<BuildArg> args;
  std::vector<Given> platforms;
  std::vector<NamedContext> contexts;
  bool complete = true;
  std::vector<std::string> replaced;  // keys that are tagged !reset or !override: nothing of the base stays

  bool has_inline() const { return inline_dockerfile || inline_unknown; }
};

struct Service {
  std::string name;
  FilePlace where;
  bool has_image = false;    // or something else that makes it run
  bool drops_build = false;  // build: !reset
  std::optional<BuildSection> build;
  std::optional<Given> platform;
  std::vector<std::string> profiles;
};

/// What the texts of a file are read with.
struct Scope {
  const Source& source;
  const Variables& variables;
  std::string folder;  // relative paths count from there
  Troubles& troubles;
};

/// A text with its variables replaced. What is no text is complained of; `what` is how it is called.
Given read_text(const data::Value& value, const Scope& scope, std::string_view what);
/// A list of texts, or one.
std::vector<Given> read_texts(const data::Value& value, const Scope& scope, std::string_view what);

/// A Dockerfile in a scalar of `file`. Nothing when what a variable in it gives is not known.
std::optional<InlineDockerfile> read_inline(std::string_view file, const data::Value& value, FilePlace where,
                                            const Variables& variables);

Service read_service(const data::Entry& entry, const Scope& scope);

/// `over` on top of `base`: https://docs.docker.com/reference/compose-file/merge/
Service merged(Service base, Service over);

}  // namespace dockerlint::project
