// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/commands.hpp"
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <array>

namespace dockerlint::rules {
namespace {

/// Whose authors, or cargo-quickinstall, publish binaries.
constexpr auto kPrebuilt = std::to_array<std::string_view>(
    {"cargo-audit", "cargo-chef", "cargo-deny", "cargo-edit", "cargo-leptos", "cargo-llvm-cov", "cargo-make",
     "cargo-nextest", "cargo-watch", "diesel_cli", "just", "mdbook", "sccache", "sea-orm-cli", "sqlx-cli", "trunk",
     "wasm-pack", "wasm-bindgen-cli"});

void check(const RunStep& run, RuleContext& cx) {
  for (const RunCommand& command : run.commands) {
    if (command.program() != "cargo" || command.word(1) != "install") continue;
    const bool own = std::any_of(command.words.begin(), command.words.end(), [](const CommandWord& word) {
      return word.text.starts_with("--path") || word.text.starts_with("--git") || word.text.starts_with("--features") ||
             word.text == "-F" || word.text == "--no-default-features";
    });
    if (own) continue;  // no published binary is built so
    for (const CommandWord& word : command.words.subspan(2)) {
      const Value value = word.value();
      if (!value) continue;
      const std::string_view name = value->substr(0, value->find('@'));
      if (std::find(kPrebuilt.begin(), kPrebuilt.end(), name) == kPrebuilt.end()) continue;
      cx.report(command.syntax->range, "this compiles {} from source, and there are binaries of it", name)
          .note(
              fmt::format("`cargo binstall {}` fetches one in seconds; name the version, as cargo install does", name));
      break;
    }
  }
}

}  // namespace

extern constinit const Rule packages_compiled_tool{
    .name = "packages/compiled-tool",
    .summary = "build tools that are compiled from source though there are binaries of them",
    .severity = Severity::info,
    .fix = FixKind::none,
    .since = "0.1.0",
    .check = each_run<check>,
};

}  // namespace dockerlint::rules
