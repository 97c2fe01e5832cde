// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/copy_out.hpp"

#include "dockerlint/commands.hpp"
#include "edit/script_style.hpp"
#include "effects/file_system.hpp"
#include "effects/products.hpp"
#include "model/paths.hpp"

#include <algorithm>
#include <array>

namespace dockerlint::edit {
namespace {

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool is_built_on(const Stage* stage, const Stage* base) {
  for (; stage != nullptr; stage = stage->parent)
    if (stage == base) return true;
  return false;
}

/// Whether the files of one are, up to some step, the files of the other.
bool share_files(const Stage* a, const Stage* b) { return is_built_on(a, b) || is_built_on(b, a); }

bool needs_quotes(std::string_view path) {
  return path.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+@%:,") != path.npos;
}

/// `cp` and `install` of one file: with a directory they would fail.
bool copies_one_file(const RunCommand& command) {
  if (command.program() != "cp" && command.program() != "install" && command.program() != "strip") return false;
  return std::none_of(command.words.begin() + 1, command.words.end(), [](const CommandWord& word) {
    const Value value = word.value();
    if (!value || !value->starts_with('-')) return false;
    return value->starts_with("--") ? *value == "--recursive" || *value == "--archive"
                                    : value->find_first_of("rRad") != value->npos;
  });
}

/// Whether the script goes to another directory, and is still there at its end.
bool moves_about(const RunStep& run) {
  return std::any_of(run.commands.begin(), run.commands.end(), [](const RunCommand& command) {
    return command.program() == "cd" || command.program() == "pushd" || command.program() == "popd";
  });
}

/// How one path is got out.
struct Transfer {
  const RunStep* run = nullptr;  // null: there is no way
  std::string source;            // as its commands may write it
  std::string destination;
  bool is_file = false;
  bool makes_directory = false;  // of the destination
  bool possible = false;         // it can be done by edits
  std::vector<TextEdit> readers;

  std::string directory() const { return destination.substr(0, destination.rfind('/') + 1); }
};

/// The commands that a RUN has to end with: one for each directory that is copied to.
std::vector<std::string> commands_for(std::span<const Transfer> transfers) {
  std::vector<std::string> commands;
  for (std::size_t i = 0; i < transfers.size(); ++i) {
    const std::string into = transfers[i].directory();
    const auto same = [&](const Transfer& other) { return other.directory() == into; };
    if (std::any_of(transfers.begin(), transfers.begin() + static_cast<std::ptrdiff_t>(i), same)) continue;
    if (transfers[i].makes_directory) commands.push_back("mkdir -p " + into.substr(0, into.size() - 1));
    std::string copy(transfers[i].is_file ? "cp" : "cp -r");
    for (const Transfer& transfer : transfers)
      if (same(transfer)) copy += ' ' + transfer.source;
    commands.push_back(copy + ' ' + into);
  }
  return commands;
}

class Way {
 public:
  Way(const Model& model, const Effects& effects, std::span<const PathRead* const> readers)
      : document_(model.document()),
        effects_(effects),
        readers_(readers),
        path_(readers.front()->path),
        write_(readers.front()->content.write) {}

  /// `taken`: where other paths are copied to.
  Transfer find(std::span<const std::string> taken) {
    Transfer found;
    if (write_ == nullptr || write_->run == nullptr || needs_quotes(path_)) return found;
    const RunStep& run = *write_->run;
    const Product product = this->product();
    if (product == Product::none) return found;
    choose(run, product == Product::program, taken);
    if (destination_.empty()) return found;
    found.run = write_->run;
    found.source = as_written(run);
    found.is_file = product != Product::unknown;
    found.makes_directory = makes_directory_;
    found.destination = destination_;
    if (!found.is_file || !is_made_for_sure()) return found;
    for (const PathRead* const reader : readers_) {
      const auto edits = point(*reader);
      if (edits.empty()) return found;
      found.readers.insert(found.readers.end(), edits.begin(), edits.end());
    }
    found.possible = true;
    return found;
  }

 private:
  /// What lies at the path. The last command that wrote there need not be the one that made it: `cargo build; cargo
  /// test`, or a build for another platform.
  Product product() {
    const Product last = product_at(*write_, path_);
    if (last != Product::unknown && last != Product::none) return last;
    Product found = last;
    for (const PathWrite* const write : effects_.writes()) {
      if (write->run != write_->run || write->mount != write_->mount || write->conditional) continue;
      const Product other = lies_in(path_, write->path) ? product_at(*write, path_) : Product::unknown;
      if (other == Product::unknown || other == Product::none) continue;
      found = other;
      write_ = write;
    }
    if (found != Product::unknown) return found;
    for (const PathRead* const reader : readers_)
      if (reader->command != nullptr && reader->kind == ReadKind::run && copies_one_file(*reader->command))
        return Product::file;
    return Product::unknown;
  }

  /// The RUN makes the file whenever it runs, and leaves it there.
  bool is_made_for_sure() const {
    const RunStep& run = *write_->run;
    if (write_->command == nullptr || write_->conditional || run.on_build) return false;
    // What cannot write to where programs lie cannot copy there.
    if (run.before.user.is_root() == false) return false;
    const auto writes = effects_.writes();
    return std::none_of(writes.begin(), writes.end(), [&](const PathWrite* write) {
      return write->run == &run && write->kind == WriteKind::removal && lies_in(path_, write->path);
    });
  }

  void choose(const RunStep& run, bool is_program, std::span<const std::string> taken) {
    const std::string name(name_of(path_));
    const auto is_taken = [&](const std::string& path) {
      return std::find(taken.begin(), taken.end(), path) != taken.end();
    };
    const std::string program = "/usr/local/bin/" + name;
    if (is_program && !is_taken(program) && is_free(run, program) && !is_known_program(run, name)) {
      destination_ = program;
      return;
    }
    for (const std::string_view directory : {"/out", "/artifacts", "/copied-out"}) {
      const std::string path = std::string(directory) + "/" + name;
      if (is_taken(path) || !is_free(run, directory)) continue;
      destination_ = path;
      makes_directory_ = true;
      return;
    }
  }

  /// Nobody writes there, reads from there, or mounts something over it.
  bool is_free(const RunStep& run, std::string_view path) const {
    if (covering_mount(run, path) != nullptr) return false;
    for (const PathRead* const reader : readers_)
      if (reader->run != nullptr && covering_mount(*reader->run, path) != nullptr) return false;
    const auto touches = [&](const auto* use, const Stage* stage) {
      return share_files(stage, run.stage) && lies_in(use->path, path);
    };
    const auto writes = effects_.writes();
    const auto reads = effects_.reads();
    return std::none_of(writes.begin(), writes.end(), [&](const PathWrite* w) { return touches(w, w->stage); }) &&
           std::none_of(reads.begin(), reads.end(), [&](const PathRead* r) { return touches(r, r->from); });
  }

  static bool is_known_program(const RunStep& run, std::string_view name) {
    const Image* const image = run.stage->image_facts;
    return image != nullptr && std::find(image->programs.begin(), image->programs.end(), name) != image->programs.end();
  }

  std::string as_written(const RunStep& run) const {
    const Value& workdir = run.before.workdir;
    const bool stays = workdir && !moves_about(run);
    if (!stays || !lies_in(path_, *workdir) || path_ == *workdir) return std::string(path_);
    return std::string(path_.substr(*workdir == "/" ? 1 : workdir->size() + 1));
  }

  std::vector<TextEdit> point(const PathRead& reader) const {
    if (reader.kind == ReadKind::mount) {
      for (const Mount& mount : reader.run->mounts)
        if (mount.flag->range == reader.range) return set_mount_option(mount, MountKey::source, destination_);
      return {};
    }
    if (reader.kind == ReadKind::copy) {
      const auto arguments = reader.instruction->arguments;
      const auto found = std::find_if(arguments.begin(), arguments.end(),
                                      [&](const Argument& argument) { return argument.range == reader.range; });
      // A pattern names more than one, or may.
      if (found == arguments.end() || found->text.find_first_of("*?[") != std::string_view::npos) return {};
      return replace(reader.range);
    }
    if (reader.command == nullptr || reader.directory != nullptr) return {};
    for (const CommandWord& word : reader.command->words) {
      if (word.range() != reader.range || word.pattern || !word.value()) continue;
      if (!is_absolute(*word.value()) && !reader.command->workdir) return {};
      if (join_path(reader.command->workdir.value_or("/"), *word.value()) == path_) return replace(reader.range);
    }
    return {};
  }

  std::vector<TextEdit> replace(TextRange range) const {
    const bool quoted = document_.source().slice(range).starts_with('"');
    return {{range, quoted ? '"' + destination_ + '"' : destination_}};
  }

  const Document& document_;
  const Effects& effects_;
  std::span<const PathRead* const> readers_;
  std::string_view path_;
  const PathWrite* write_;
  std::string destination_;
  bool makes_directory_ = false;
};

// --- a RUN that only copies ---

/// Programs that do nothing but with the paths on their command lines.
constexpr std::array kMovable =
    std::to_array<std::string_view>({"chmod", "cp", "install", "ln", "ls", "mkdir", "mv", "strip"});

/// Whether a heredoc's body has comments: they would be lost.
bool has_remarks(const Document& document, const Instruction& in) {
  return std::any_of(in.heredocs.begin(), in.heredocs.end(), [&](const Heredoc& heredoc) {
    return document.source().slice(heredoc.body).find('#') != std::string_view::npos;
  });
}

/// The commands of a RUN that is a plain list of copies, as written; empty where it is more.
std::vector<std::string> plain_copies(const Document& document, const RunStep& run) {
  const Instruction& in = *run.instruction;
  if (run.script == nullptr || !run.script->understood || run.script->root->pipelines.empty()) return {};
  if (in.form == Form::json || in.heredocs.size() > 1 || has_remarks(document, in)) return {};
  const bool stops = stops_at_failures(*run.script->root);
  constexpr std::string_view kTransfers[] = {"cp", "install", "mv"};
  bool transfers = false;
  std::vector<std::string> commands;
  for (const shell::Pipeline& pipeline : run.script->root->pipelines) {
    if (&pipeline == run.script->root->pipelines.data() && is_set(pipeline)) {
      if (!stops) return {};
      continue;  // what it says holds for what is joined with && as well
    }
    const bool joined = pipeline.joiner == shell::Joiner::first || pipeline.joiner == shell::Joiner::and_then ||
                        (stops && pipeline.joiner == shell::Joiner::sequence);
    if (!joined || pipeline.commands.size() != 1 || pipeline.background || pipeline.negated) return {};
    const shell::SimpleCommand* const simple = pipeline.commands.front().simple;
    if (simple == nullptr || simple->words.empty() || !simple->redirects.empty() || !simple->assignments.empty())
      return {};
    for (const shell::Word& word : simple->words)
      if (!word.literal) return {};  // a variable may be another there
    if (std::find(kMovable.begin(), kMovable.end(), simple->words.front().value) == kMovable.end()) return {};
    transfers = transfers || std::find(std::begin(kTransfers), std::end(kTransfers), simple->words.front().value) !=
                                 std::end(kTransfers);
    // A line end would have to be continued, or not, in the other script.
    commands.emplace_back(document.source().slice(pipeline.range));
    if (!in.heredocs.empty() && commands.back().find('\n') != std::string::npos) return {};
  }
  if (!transfers) commands.clear();
  return commands;
}

/// Whether an instruction between the two may change what the copies find or mean.
bool interferes(const Effects& effects, const RunStep& from, const RunStep& to, const Mount& mount) {
  for (const RunStep& run : from.stage->runs) {
    if (run.instruction->range.begin <= from.instruction->range.begin ||
        run.instruction->range.begin >= to.instruction->range.begin)
      continue;
    for (const Mount& other : run.mounts)
      if (other.cache == mount.cache && other.cache != nullptr) return true;
  }
  std::vector<std::string_view> touched;
  for (const PathWrite* const write : effects.writes())
    if (write->run == &to) touched.push_back(write->path);
  for (const PathRead* const read : effects.reads())
    if (read->run == &to) touched.push_back(read->path);
  for (const PathWrite* const write : effects.writes()) {
    if (write->stage != from.stage || write->range.begin <= from.instruction->range.end ||
        write->range.begin >= to.instruction->range.begin)
      continue;
    for (const std::string_view path : touched)
      if (lies_in(path, write->path) || lies_in(write->path, path)) return true;
  }
  return false;
}

}  // namespace

CopyOut copy_out(const Model& model, const Effects& effects, std::span<const PathRead* const> readers) {
  if (readers.empty()) return {};
  const std::vector<const PathRead*> paths[] = {{readers.begin(), readers.end()}};
  return copy_out_together(model, effects, paths);
}

CopyOut copy_out_together(const Model& model, const Effects& effects,
                          std::span<const std::vector<const PathRead*>> readers_of_paths, Lines lines) {
  CopyOut out;
  std::vector<Transfer> transfers;
  std::vector<std::string> taken;
  for (const auto& readers : readers_of_paths) {
    transfers.push_back(Way(model, effects, readers).find(taken));
    const Transfer& transfer = transfers.back();
    if (transfer.run == nullptr || transfer.run != transfers.front().run) return out;
    taken.push_back(transfer.destination);
  }
  if (transfers.empty()) return out;
  const auto commands = commands_for(transfers);
  for (const std::string& command : commands) out.command += (out.command.empty() ? "" : " && ") + command;
  out.destination = transfers.front().destination;
  if (!std::all_of(transfers.begin(), transfers.end(), [](const Transfer& t) { return t.possible; })) return out;
  out.edits = append_commands(model.document(), *transfers.front().run, commands, lines);
  if (out.edits.empty()) return out;
  for (const Transfer& transfer : transfers)
    out.edits.insert(out.edits.end(), transfer.readers.begin(), transfer.readers.end());
  return out;
}

std::vector<TextEdit> copy_earlier(const Model& model, const Effects& effects, const PathRead& read) {
  const PathWrite* const write = read.content.write;
  if (write == nullptr || write->run == nullptr || read.run == nullptr || read.content.mount == nullptr) return {};
  const RunStep& from = *write->run;
  const RunStep& to = *read.run;
  if (from.stage != to.stage || &from == &to || write->conditional || write->command == nullptr) return {};
  if (from.on_build || to.on_build || moves_about(from)) return {};
  if (!from.before.workdir || from.before.workdir != to.before.workdir) return {};
  if (from.before.user.name != to.before.user.name || from.before.shell != to.before.shell) return {};
  // Its own mounts would have to come along.
  for (const Mount& mount : to.mounts)
    if (mount.cache == nullptr || std::none_of(from.mounts.begin(), from.mounts.end(), [&](const Mount& other) {
          return other.cache == mount.cache && other.target == mount.target;
        }))
      return {};
  for (const Flag& flag : to.instruction->flags)
    if (flag.name != "mount") return {};
  // What would come to lie in a mount would be lost there.
  for (const PathWrite* const made : effects.writes())
    if (made->run == &to && made->kind != WriteKind::removal &&
        (made->mount != nullptr || covering_mount(from, made->path) != nullptr))
      return {};
  const auto commands = plain_copies(model.document(), to);
  if (commands.empty() || interferes(effects, from, to, *read.content.mount)) return {};
  auto edits = append_commands(model.document(), from, commands);
  if (edits.empty()) return {};
  const auto gone = remove_instruction(model.document(), *to.instruction);
  edits.insert(edits.end(), gone.begin(), gone.end());
  return edits;
}

}  // namespace dockerlint::edit
