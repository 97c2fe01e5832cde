// SPDX-License-Identifier: Apache-2.0
// Whatever the bytes: they are read as a script without a crash, in both dialects; every word's text is
// what the source has in its range, in order, inside its command. What they run is told without a crash too,
// and every word of it stands in its RUN.

#include "dockerlint/shell.hpp"
#include "dockerlint/commands.hpp"
#include "model/dump_commands.hpp"
#include "shell/dump.hpp"
#include "text/arena.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace dockerlint;

void check(std::string_view text, shell::Dialect dialect) {
  const auto size = static_cast<TextSize>(text.size());
  const TextPiece whole{0, size, {0, size}};
  Arena arena;
  const shell::Script script = shell::parse({text, {&whole, 1}}, dialect, arena);
  if (script.error.end > size) std::abort();
  for_each_command(script, [&](const shell::SimpleCommand& command, const shell::Place&) {
    if (command.range.empty() || command.range.end > size) std::abort();
    TextSize last = command.range.begin;
    for (const shell::Word& word : command.words) {
      if (!command.range.contains(word.range) || word.range.begin < last) std::abort();
      last = word.range.end;
    }
  });
}

void check_commands(const std::string& source) {
  const Document document = Document::parse("Dockerfile", source);
  const Model model(document);
  for (const Stage& stage : model.stages()) {
    for (const RunStep& run : stage.runs) {
      for (const RunCommand& command : run.commands) {
        if (command.words.empty() || (command.workdir && !command.workdir->starts_with('/'))) std::abort();
        for (const CommandWord& word : command.words)
          if (!run.instruction->range.contains(word.range())) std::abort();
        command.variable("HOME");
      }
    }
  }
  dump_commands(model);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(text, shell::Dialect::posix);
  check(text, shell::Dialect::bash);
  dump_shell(Document::parse("Dockerfile", "RUN " + std::string(text)));
  check_commands("FROM scratch\nENV A=1 B=\"a b\"\nARG U\nRUN " + std::string(text));
  check_commands("FROM scratch\nSHELL [\"bash\", \"-ec\"]\nRUN <<'E'\n" + std::string(text) + "\nE\n");
  return 0;
}
