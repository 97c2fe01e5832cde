// SPDX-License-Identifier: Apache-2.0
#pragma once
// Goes through the file once, stage by stage, as BuildKit's conversion does (dockerfile2llb/convert.go), and
// keeps what holds at each step on the way.

#include "model/expand.hpp"
#include "model/impl.hpp"
#include "model/mounts.hpp"

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace dockerlint {

std::string lower_case(std::string_view text);

/// What a word becomes; the text lives as long as the model, or the document.
struct Expanded {
  std::string_view text;
  bool known = true;
  std::vector<std::string_view> unset;  // as in Expansion
};

class ModelBuilder {
 public:
  ModelBuilder(Model::Impl& model, const BuildInput& input) : m_(model), document_(model.document), input_(input) {}

  void build();

 private:
  // builder.cpp: the file, its stages and what they build on
  void global_argument(const Instruction& in);
  Variable global(std::string_view name);
  void name_stages(std::span<const Instruction> all);
  void stage(const Instruction& from, std::span<const Instruction> instructions);
  void base(Stage& stage, const Argument& image);
  void build_on_stage(Stage& stage, const Stage& parent);
  void build_on_image(Stage& stage, std::string_view name);
  void replay_triggers(const Stage& parent);
  void no_image_without(std::string_view argument, const Argument& image);
  void check_platform(const Flag& flag);
  const Stage* source_stage(std::string_view name, TextRange range, bool index_counts);
  const Stage* readable_stage(std::uint32_t index, std::string_view name, TextRange range);
  void group_caches();

  // steps.cpp: the instructions of a stage
  void instruction(const Instruction& in);
  void argument(const Instruction& in);
  void environment(const Instruction& in);
  void workdir(const Instruction& in);
  void user(const Instruction& in);
  void shell(const Instruction& in);
  void volume(const Instruction& in);
  void expose(const Instruction& in);
  void stop_signal(const Instruction& in);
  void copy(const Instruction& in);
  void copy_paths(CopyStep& step, bool expands);
  std::string_view from_root(std::string_view source);
  std::string_view with_slash(std::string_view path, std::string_view written);
  void copy_from(CopyStep& step, const Flag& from);
  void inline_file(const Heredoc& heredoc);
  void on_build(const Instruction& in);
  void run(const Instruction& in);
  void read_mounts(RunStep& step);
  void read_script(RunStep& step, const Instruction& in);
  void users_made_by(const RunStep& step);
  State state_before(const Instruction& in, bool on_build) const;

  // expansion
  std::string_view keep(std::string_view text) { return m_.arena.keep(text); }
  std::string_view lower(std::string_view name);
  void error(BuildErrorKind kind, TextRange range, std::string_view message, std::string_view note = {},
             std::string_view meant = {});
  /// Nothing where it cannot be expanded, which is reported then.
  std::optional<Expanded> expanded(const Argument& word, Lookup lookup);
  void cannot_expand(const Argument& word, std::string_view why);
  Variable assigned(const Argument& word);
  Variable given(Variable variable);
  Value value(const Argument& word);
  std::optional<Variable> input(std::string_view argument);
  std::optional<Variable> platform(std::string_view argument);

  // what a name stands for: in the stage that is read, and before the first FROM
  auto in_stage() {
    return [this](std::string_view name) { return given(variables_->find(name, StageVariables::kEnd)); };
  }
  auto in_file() {
    return [this](std::string_view name) { return given(global(name)); };
  }

  Model::Impl& m_;
  const Document& document_;
  const BuildInput& input_;
  std::unordered_map<std::string_view, Variable> global_args_;
  std::unordered_set<std::string_view> reported_arguments_;
  std::unordered_map<std::string_view, std::uint32_t>
      named_stages_;                                       // of the whole file, the last of each name: so does COPY
  std::vector<Mount*> mounts_;                             // of all RUNs, in order
  std::vector<std::vector<const Instruction*>> triggers_;  // of each stage: what stands in its ONBUILDs
  std::size_t replayed_ = 0;                               // bytes of triggers
  bool replays_ = false;                                   // what is read is a trigger: its errors have been reported

  // of the stage that is read
  Stage* current_ = nullptr;
  StageVariables* variables_ = nullptr;
  State state_;  // as it stands; without env
  bool has_cmd_ = false;
  TextSize changes_at_ = 0;  // where what the instruction changes begins to hold

  std::size_t given_ = 0;     // bytes of values that were looked up
  std::vector<Value> paths_;  // of the COPY that is read
};

}  // namespace dockerlint
