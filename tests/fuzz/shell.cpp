// SPDX-License-Identifier: Apache-2.0
// Whatever the bytes: they are read as a script without a crash, in both dialects; every word's text is
// what the source has in its range, in order, inside its command.

#include "dockerlint/shell.hpp"
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(text, shell::Dialect::posix);
  check(text, shell::Dialect::bash);
  dump_shell(Document::parse("Dockerfile", "RUN " + std::string(text)));
  return 0;
}
