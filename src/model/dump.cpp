// SPDX-License-Identifier: Apache-2.0
#include "model/dump.hpp"

#include "text/shown.hpp"

#include <fmt/core.h>

#include <iterator>

namespace dockerlint {
namespace {

std::string_view name_of(shell::Interpreter interpreter) {
  switch (interpreter) {
    case shell::Interpreter::sh: return "sh";
    case shell::Interpreter::posix: return "posix";
    case shell::Interpreter::bash: return "bash";
    case shell::Interpreter::other: break;
  }
  return "other";
}

std::string text_of(const Value& value) { return value ? shown(*value) : "?"; }

std::string text_of(const User& user) {
  std::string text = user.name ? shown(*user.name) : user.uid ? "" : "?";
  if (user.uid && (user.uid != 0U || user.name != "root"))
    text += fmt::format("{}uid {}", text.empty() ? "" : " ", *user.uid);
  if (user.gid && user.gid != 0U) text += fmt::format(" gid {}", *user.gid);
  if (user.home && (user.name != "root" || user.home != "/root")) text += fmt::format(" home {}", shown(*user.home));
  return text;
}

std::string text_of(const Variable& variable) {
  if (!variable.known) return "?";
  return variable.set ? quoted(variable.value) : "unset";
}

class ModelPrinter {
 public:
  explicit ModelPrinter(const Model& model) : model_(model), source_(model.document().source()) {}

  std::string print() {
    for (const Stage& stage : model_.stages()) this->stage(stage);
    for (const Cache& cache : model_.caches()) {
      if (cache.mounts.size() < 2) continue;
      std::string lines;
      for (const Mount* mount : cache.mounts) lines += fmt::format(" {}", source_.line_of(mount->flag->range.begin));
      line(0, "cache {} is used on lines{}", text_of(cache.mounts.front()->id), lines);
    }
    for (const BuildError& error : model_.errors()) line(0, "error {} {}", place(source_, error.range), error.message);
    return std::move(out_);
  }

 private:
  void stage(const Stage& stage) {
    line(0, "stage {}{}{} from {}", stage.index, stage.name.empty() ? "" : " ", shown(stage.name),
         stage.parent != nullptr ? fmt::format("stage {}", stage.parent->index) : text_of(stage.base));
    if (stage.image_facts != nullptr && stage.parent == nullptr) image(*stage.image_facts);
    auto run = stage.runs.begin();
    auto copy = stage.copies.begin();
    for (const Instruction& in : stage.instructions) {
      const Instruction& inner = in.nested != nullptr ? *in.nested : in;
      // The next step that is this instruction: those that are broken are none.
      if (run != stage.runs.end() && run->instruction == &inner) step(*run++);
      else if (copy != stage.copies.end() && copy->instruction == &inner) step(*copy++);
      else if (!in.broken) other(stage, in);
    }
    end(stage);
  }

  void image(const Image& image) {
    std::string facts(to_string(image.family));
    if (image.libc != Libc::unknown) facts += fmt::format(", {}", to_string(image.libc));
    if (!image.package_manager.empty()) facts += fmt::format(", {}", image.package_manager);
    line(1, "image {}: {} ({})", image.name, facts, to_string(image.evidence));
    std::string unknown;
    for (const ImageVariable& variable : image.env) {
      if (variable.known) line(2, "ENV {} = {}", variable.name, quoted(variable.value));
      else unknown += fmt::format(" {}", variable.name);
    }
    if (!unknown.empty()) line(2, "ENV of this version:{}", unknown);
    if (image.env_complete) line(2, "no other ENV");
    std::string users;
    for (const ImageUser& user : image.users) users += fmt::format(" {} ({})", user.name, user.uid);
    if (!users.empty()) line(2, "users{}", users);
    std::string programs;
    for (const std::string_view program : image.programs) programs += fmt::format(" {}", program);
    if (!programs.empty()) line(2, "has{}", programs);
  }

  void step(const RunStep& run) {
    const std::string shell = run.script_text.empty() && run.script != nullptr && run.script->understood
                                  ? ""
                                  : fmt::format(" {}", name_of(run.before.interpreter));
    const bool unread =
        run.before.interpreter != shell::Interpreter::other && run.script != nullptr && !run.script->understood;
    line(1, "{} {}RUN{} {}{}", run.instruction->first_line, run.on_build ? "ONBUILD " : "", shell, where(run.before),
         unread ? ", not understood" : "");
    for (const Mount& mount : run.mounts) this->mount(mount);
  }

  void mount(const Mount& mount) {
    if (!mount.valid) return line(2, "mount refused");
    std::string text = fmt::format("{} {}", mount.type_name ? to_string(mount.type) : "?", text_of(mount.target));
    if (mount.is(MountType::secret) || mount.is(MountType::ssh)) text = to_string(mount.type);
    if (mount.is(MountType::cache)) {
      const MountOption* const sharing = mount.option(MountKey::sharing);
      if (mount.sharing) text += fmt::format(" {}", to_string(*mount.sharing));
      else if (sharing != nullptr) text += " sharing ?";
    }
    if (mount.is(MountType::cache) ? mount.id != mount.target : mount.option(MountKey::id) != nullptr)
      text += fmt::format(" id {}", text_of(mount.id));
    if (mount.from != std::string_view()) text += fmt::format(" from {}", text_of(mount.from));
    if (const MountOption* source = mount.option(MountKey::source))
      text += fmt::format(" source {}", text_of(source->expanded));
    number(text, "uid", mount.uid, mount.option(MountKey::uid));
    number(text, "gid", mount.gid, mount.option(MountKey::gid));
    if (mount.mode) text += fmt::format(" mode {:04o}", *mount.mode);
    else if (mount.option(MountKey::mode) != nullptr) text += " mode ?";
    if (mount.readonly && mount.is(MountType::cache)) text += " read-only";
    if (!mount.readonly && mount.is(MountType::bind)) text += " writable";
    line(2, "{}", text);
  }

  static void number(std::string& text, std::string_view name, const std::optional<std::uint32_t>& value,
                     const MountOption* option) {
    if (value) text += fmt::format(" {} {}", name, *value);
    else if (option != nullptr) text += fmt::format(" {} ?", name);
  }

  void step(const CopyStep& copy) {
    std::string from;
    if (copy.from != nullptr) from = fmt::format(" from stage {}:", copy.from->index);
    else if (copy.from_image) from = fmt::format(" from {}:", shown(*copy.from_image));
    std::string sources;
    for (const Value& source : copy.sources) sources += fmt::format(" {}", text_of(source));
    line(1, "{} {}{}{}{} to {}", copy.instruction->first_line, copy.on_build ? "ONBUILD " : "",
         to_string(copy.instruction->kind), from, sources, text_of(copy.destination));
  }

  /// What an instruction leaves behind: the state before the next one has it.
  void other(const Stage& stage, const Instruction& in) {
    const Environment after = stage.end.env.at(in.range.end);
    switch (in.kind) {
      case InstructionKind::env:
      case InstructionKind::arg:
        for (const Assignment& a : in.assignments)
          line(1, "{} {} {} = {}", in.first_line, to_string(in.kind), shown(a.name.text),
               text_of(after.find(a.name.text)));
        return;
      default: return;
    }
  }

  void end(const Stage& stage) {
    std::string runs;
    const std::pair<std::string_view, const Instruction*> last[] = {
        {"ENTRYPOINT", stage.entrypoint}, {"CMD", stage.cmd}, {"HEALTHCHECK", stage.healthcheck}};
    for (const auto& [name, in] : last)
      if (in != nullptr) runs += fmt::format(", {} of line {}", name, in->first_line);
    line(1, "end {}, {}{}", where(stage.end), name_of(stage.end.interpreter), runs);
  }

  static std::string where(const State& state) {
    return fmt::format("in {}{} as {}", text_of(state.workdir), state.workdir && !state.workdir_set ? " (image)" : "",
                       text_of(state.user));
  }

  template <typename... Args>
  void line(int indent, fmt::format_string<Args...> format, Args&&... args) {
    out_.append(static_cast<std::size_t>(indent) * 2, ' ');
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
    out_ += '\n';
  }

  const Model& model_;
  const SourceText& source_;
  std::string out_;
};

}  // namespace

std::string dump_model(const Model& model) { return ModelPrinter(model).print(); }

}  // namespace dockerlint
