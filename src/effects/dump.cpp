// SPDX-License-Identifier: Apache-2.0
#include "effects/dump.hpp"

#include "text/shown.hpp"

#include <fmt/core.h>

#include <iterator>

namespace dockerlint {

std::string_view to_string(WriteKind kind) {
  switch (kind) {
    case WriteKind::file: return "file";
    case WriteKind::tree: return "tree";
    case WriteKind::may: return "may";
    case WriteKind::context: return "context";
    case WriteKind::removal: return "removal";
  }
  return {};
}

std::string_view to_string(Content::Where where) {
  switch (where) {
    case Content::Where::unknown: return "unknown";
    case Content::Where::layer: return "layer";
    case Content::Where::mount: return "mount";
    case Content::Where::context: return "context";
    case Content::Where::base: return "base";
    case Content::Where::absent: return "absent";
  }
  return {};
}

std::string_view to_string(ReadKind kind) {
  switch (kind) {
    case ReadKind::run: return "run";
    case ReadKind::copy: return "copy";
    case ReadKind::mount: return "mount";
    case ReadKind::start: return "start";
  }
  return {};
}

namespace {

class EffectsPrinter {
 public:
  EffectsPrinter(const Model& model, const Effects& effects)
      : source_(model.document().source()), reads_(effects.reads()), writes_(effects.writes()) {}

  void stage(const Stage& stage) {
    fmt::format_to(std::back_inserter(out), "stage {}{}{}\n", stage.index, stage.name.empty() ? "" : " ", stage.name);
    for (const Instruction& in : stage.instructions) {
      bool named = false;
      const auto heading = [&] {
        if (!named) fmt::format_to(std::back_inserter(out), "  {} {}\n", to_string(in.kind), place(source_, in.range));
        named = true;
      };
      for (; !reads_.empty() && reads_.front()->stage == &stage && reads_.front()->instruction == &in;
           reads_ = reads_.subspan(1)) {
        heading();
        read(*reads_.front());
      }
      for (; !writes_.empty() && writes_.front()->instruction == &in; writes_ = writes_.subspan(1)) {
        heading();
        write(*writes_.front());
      }
    }
  }

  /// What stays at the end: what the images start.
  void starts() {
    if (!reads_.empty()) out += "starts\n";
    for (; !reads_.empty(); reads_ = reads_.subspan(1)) read(*reads_.front());
  }

  std::string out;

 private:
  void read(const PathRead& r) {
    fmt::format_to(std::back_inserter(out), "    {} reads {}", place(source_, r.range), r.path);
    if (r.tree) out += " with all below";
    if (r.from != r.stage) fmt::format_to(std::back_inserter(out), " of stage {}", r.from->index);
    if (r.directory != nullptr) fmt::format_to(std::back_inserter(out), ", {}", r.directory->what);
    if (r.tolerant) out += ", or not";
    if (!r.certain) out += ", perhaps";
    fmt::format_to(std::back_inserter(out), ": {}", to_string(r.content.where));
    if (r.content.mount != nullptr)
      fmt::format_to(std::back_inserter(out), " {}", place(source_, r.content.mount->flag->range));
    if (r.content.write != nullptr)
      fmt::format_to(std::back_inserter(out), ", from {}", place(source_, r.content.write->range));
    out += '\n';
  }

  void write(const PathWrite& w) {
    fmt::format_to(std::back_inserter(out), "    {} {} {}", place(source_, w.range), verb(w.kind), w.path);
    if (w.from != nullptr) fmt::format_to(std::back_inserter(out), " from {} of stage {}", w.from_path, w.from->index);
    if (w.mount != nullptr)
      fmt::format_to(std::back_inserter(out), " in the mount {}", place(source_, w.mount->flag->range));
    if (w.conditional) out += ", or not";
    out += '\n';
  }

  static std::string_view verb(WriteKind kind) {
    switch (kind) {
      case WriteKind::file: return "makes";
      case WriteKind::tree: return "makes all of";
      case WriteKind::may: return "may write below";
      case WriteKind::context: return "brings to";
      case WriteKind::removal: return "removes";
    }
    return {};
  }

  const SourceText& source_;
  std::span<const PathRead* const> reads_;
  std::span<const PathWrite* const> writes_;
};

}  // namespace

std::string dump_effects(const Model& model, const Catalog& catalog) {
  const Effects effects(model, catalog);
  EffectsPrinter printer(model, effects);
  for (const Stage& stage : model.stages()) printer.stage(stage);
  printer.starts();
  return std::move(printer.out);
}

}  // namespace dockerlint
