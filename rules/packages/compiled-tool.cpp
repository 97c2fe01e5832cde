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

/// Of cargo-binstall itself: what fetches it is pinned as well. https://formulae.brew.sh/formula/cargo-binstall
constexpr std::string_view kBinstallVersion = "1.17.4";

/// What `cargo install` is asked for.
struct Request {
  std::string_view name;     // of the crate
  std::string_view version;  // as written; empty where none is named, or more than one would do
  bool plain = true;         // nothing else is said, or nothing that a published binary could not do as well
};

bool is_exact(std::string_view version) {
  return !version.empty() && version.front() >= '0' && version.front() <= '9' &&
         std::count(version.begin(), version.end(), '.') == 2 &&
         version.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz.-") == version.npos;
}

Request read(const RunCommand& command) {
  Request request;
  const auto words = command.words.subspan(2);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Value value = words[i].value();
    if (!value) {
      request.plain = false;
    } else if (*value == "--version" || *value == "--vers") {
      request.version = i + 1 < words.size() ? words[++i].value().value_or("") : "";
    } else if (value->starts_with("--version=")) {
      request.version = value->substr(std::string_view("--version=").size());
    } else if (value->starts_with('-')) {
      request.plain = request.plain && (*value == "--locked" || *value == "--force" || *value == "-f");
    } else if (request.name.empty()) {
      const std::size_t at = std::min(value->find('@'), value->size());
      request.name = value->substr(0, at);
      if (at < value->size()) request.version = value->substr(at + 1);
    } else {
      request.plain = false;  // several crates
    }
  }
  if (!is_exact(request.version)) request.version = {};
  return request;
}

/// No published binary is built so.
bool is_own(const RunCommand& command) {
  return std::any_of(command.words.begin(), command.words.end(), [](const CommandWord& word) {
    return word.text().starts_with("--path") || word.text().starts_with("--git") ||
           word.text().starts_with("--features") || word.text() == "-F" || word.text() == "--no-default-features";
  });
}

std::string argument_for(std::string_view name) {
  std::string argument(name);
  for (char& c : argument) c = c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return argument + "_VERSION";
}

/// Whether `curl` and `tar` are there to fetch cargo-binstall with, and what it fetches can run.
bool can_fetch(const RunStep& run) {
  const Image* const image = run.stage->image_facts;
  if (image == nullptr || image->libc != Libc::glibc) return false;
  return std::find(image->programs.begin(), image->programs.end(), "curl") != image->programs.end();
}

void fetch_instead(const RunStep& run, const RunCommand& command, const Request& request, RuleContext& cx,
                   Diagnostic& found) {
  if (!request.plain || request.version.empty() || command.conditional || command.failure_ignored) return;
  if (command.around != nullptr || !command.wrappers.empty() || run.on_build) return;
  if (!run.instruction->heredocs.empty() || run.instruction->form == Form::json) return;
  if (!command.syntax->assignments.empty() || !command.syntax->redirects.empty()) return;
  if (cx.document().has_comment(command.syntax->range)) return;
  const bool there = cx.model().scripts_have(run, "binstall");
  const Variable home = command.variable("CARGO_HOME");
  if (!there && (!can_fetch(run) || !home.known || home.value.empty())) return;

  const std::string argument = argument_for(request.name);
  std::vector<TextEdit> edits =
      edit::add_instruction(cx.document(), *run.instruction, "ARG", fmt::format("{}={}", argument, request.version));
  if (edits.empty()) return;
  std::string text = fmt::format("cargo binstall --no-confirm {}@${{{}}}", request.name, argument);
  if (!there) {
    const auto more = edit::add_instruction(cx.document(), *run.instruction, "ARG",
                                            fmt::format("CARGO_BINSTALL_VERSION={}", kBinstallVersion));
    for (const TextEdit& edit : more) edits.front().text += edit.text;  // at the same place
    text = fmt::format(
        "curl -fsSL \"https://github.com/cargo-bins/cargo-binstall/releases/download/v${{CARGO_BINSTALL_VERSION}}/"
        "cargo-binstall-$(uname -m)-unknown-linux-musl.tgz\" | tar -xzC {}/bin && {}",
        home.value, text);
  }
  edits.push_back({command.syntax->range, std::move(text)});
  found.suggest(Applicability::unsafe, "fetch the binary with cargo binstall", std::move(edits));
}

void check(const RunStep& run, RuleContext& cx) {
  for (const RunCommand& command : run.commands) {
    if (command.program() != "cargo" || command.word(1) != "install" || is_own(command)) continue;
    for (const CommandWord& word : command.words.subspan(2)) {
      const Value value = word.value();
      if (!value) continue;
      const std::string_view name = value->substr(0, value->find('@'));
      if (std::find(kPrebuilt.begin(), kPrebuilt.end(), name) == kPrebuilt.end()) continue;
      Diagnostic& found =
          cx.report(command.syntax->range, "this compiles {} from source, and there are binaries of it", name);
      found.note(
          fmt::format("`cargo binstall {}` fetches one in seconds; name the version, as cargo install does", name));
      fetch_instead(run, command, read(command), cx, found);
      break;
    }
  }
}

}  // namespace

extern constinit const Rule packages_compiled_tool{
    .name = "packages/compiled-tool",
    .summary = "build tools that are compiled from source though there are binaries of them",
    .severity = Severity::info,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = each_run<check>,
};

}  // namespace dockerlint::rules
