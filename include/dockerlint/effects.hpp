// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the content of a path lives: in a layer, only in a mount of some RUN, in the base image, or nobody
// knows. And who reads what later. This is what a fix may not break: each reader that finds its file before
// must find it after. What nothing tells is unknown; nothing here is a guess.

#include "dockerlint/catalog.hpp"
#include "dockerlint/commands.hpp"
#include "dockerlint/model.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace dockerlint {

enum class WriteKind : std::uint8_t {
  file,     // this path: a file, or a directory of which nothing is said
  tree,     // this path and what is below it, not known in detail
  may,      // perhaps something at or below this path: a program that nobody knows runs there
  context,  // a tree from the build context or an image of somebody else: what is in it is not known
  removal,  // this path and all below it goes
};
std::string_view to_string(WriteKind);

/// Something that a step does to the file system of its stage.
struct PathWrite {
  WriteKind kind = WriteKind::file;
  std::string_view path;  // absolute and clean
  const Stage* stage = nullptr;
  const Instruction* instruction = nullptr;
  const RunStep* run = nullptr;         // null: COPY, ADD or WORKDIR
  const RunCommand* command = nullptr;  // null: the whole RUN, whose script is not understood
  const ToolCommand* tool = nullptr;    // the catalog's command that says so
  const CacheDir* directory = nullptr;  // what of the tool it is
  const Mount* mount = nullptr;         // where it lies in a mount of its RUN, and so in no layer
  TextRange range;                      // what says it
  bool conditional = false;
  const Stage* from = nullptr;  // of COPY --from a stage: `path` is then a copy of
  std::string_view from_path;   // this path there
};

/// Where something is, for one who looks at a path.
struct Content {
  enum class Where : std::uint8_t {
    unknown,
    layer,    // a step has put it into a layer
    mount,    // in a mount of a RUN, and nowhere else
    context,  // in a tree whose content is not known; that it is there is what the author counts on
    base,     // in the base image, if it is anywhere
    absent,   // nowhere: removed, or never made on an empty base
  };
  Where where = Where::unknown;
  const PathWrite* write = nullptr;  // what put it there, where that is known
  const Mount* mount = nullptr;      // of `where == mount`: the reader's own, where it has the same cache
};
std::string_view to_string(Content::Where);

enum class ReadKind : std::uint8_t {
  run,    // a command of a RUN
  copy,   // COPY --from
  mount,  // RUN --mount=from=
  start,  // CMD, ENTRYPOINT or HEALTHCHECK
};
std::string_view to_string(ReadKind);

struct PathRead {
  ReadKind kind = ReadKind::run;
  std::string_view path;         // absolute and clean
  const Stage* stage = nullptr;  // who reads; of a start: the stage that the image is made of
  const Stage* from = nullptr;   // whose files: the same stage, or the one that is copied from
  const Instruction* instruction = nullptr;
  const RunStep* run = nullptr;
  const RunCommand* command = nullptr;
  const CopyStep* copy = nullptr;
  const ToolCommand* tool = nullptr;    // who needs the path, where the file does not name it
  const CacheDir* directory = nullptr;  // what of the tool it is
  TextRange range;                      // what says it
  bool tree = false;                    // with what is below it
  bool tolerant = false;                // it goes on without: a test, `|| true`
  bool certain = true;                  // false: it may be written to instead, or looked for elsewhere too
  Content content;
};

class Effects {
 public:
  /// Both must outlive the effects.
  Effects(const Model& model, const Catalog& catalog);
  ~Effects();
  Effects(Effects&&) noexcept;
  Effects& operator=(Effects&&) noexcept;

  /// In the order of the file; what one command does in the order in which it does it: reads first.
  std::span<const PathWrite* const> writes() const;
  std::span<const PathRead* const> reads() const;
  /// What containers of the images run, as RUNs at the end of their stages: ENTRYPOINT, CMD and HEALTHCHECK.
  std::span<const RunStep* const> starts() const;

  /// Seen from a step at `offset` in the file, before it does anything.
  Content content(const Stage& stage, std::string_view path, TextSize offset) const;
  /// As COPY --from and a stage built on it see it.
  Content content(const Stage& stage, std::string_view path) const;

 private:
  friend class EffectsBuilder;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Whether `path` is `directory` or lies below it. Both absolute and clean.
bool lies_in(std::string_view path, std::string_view directory);

/// The mount of the RUN that covers `path`, absolute and clean: the innermost; null when none does. Binds count too.
const Mount* covering_mount(const RunStep& run, std::string_view path);

}  // namespace dockerlint
