// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>

namespace dockerlint::rules {
namespace {

/// Files that hold credentials, by where they lie in a tool's home. What is in other files of such a name nobody knows.
bool holds_credentials(std::string_view path) {
  constexpr std::array kEnds = std::to_array<std::string_view>(
      {"/.npmrc", "/.yarnrc.yml", "/.netrc", "/.pypirc", "/.git-credentials", "/pip.conf", "/credentials",
       "/credentials.toml", "/.m2/settings.xml", "/.m2/settings-security.xml", "/auth.json", "/auth.toml",
       "/NuGet.Config", "/nuget.config", "/.docker/config.json", "/huggingface/token", "/id_rsa", "/id_ed25519"});
  return std::any_of(kEnds.begin(), kEnds.end(), [&](std::string_view end) { return path.ends_with(end); });
}

/// A command that puts credentials into a file of its own.
struct Login {
  std::string_view program;
  std::string_view words;     // the first ones behind the program
  std::string_view sign;      // what one of its words has; empty: nothing more
  std::string_view variable;  // the directory; empty, or when it is not set: below HOME
  std::string_view below_variable;
  std::string_view below_home;
};

constexpr std::array kLogins = std::to_array<Login>({
    {"cargo", "login", "", "CARGO_HOME", "/credentials.toml", "/.cargo/credentials.toml"},
    {"composer", "config", "http-basic.", "COMPOSER_HOME", "/auth.json", "/.composer/auth.json"},
    {"composer", "config", "github-oauth.", "COMPOSER_HOME", "/auth.json", "/.composer/auth.json"},
    {"composer", "config", "gitlab-token.", "COMPOSER_HOME", "/auth.json", "/.composer/auth.json"},
    {"composer", "config", "bearer.", "COMPOSER_HOME", "/auth.json", "/.composer/auth.json"},
    {"npm", "config set", ":_auth", "", "", "/.npmrc"},
    {"npm", "set", ":_auth", "", "", "/.npmrc"},
    {"pnpm", "config set", ":_auth", "", "", "/.npmrc"},
    {"docker", "login", "", "DOCKER_CONFIG", "/config.json", "/.docker/config.json"},
    {"huggingface-cli", "login", "", "HF_HOME", "/token", "/.cache/huggingface/token"},
    {"hf", "auth login", "", "HF_HOME", "/token", "/.cache/huggingface/token"},
    {"dotnet", "nuget add source", "-password", "", "", "/.nuget/NuGet/NuGet.Config"},
});

bool begins_with(const RunCommand& command, std::string_view words) {
  for (std::size_t i = 1; !words.empty(); ++i) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (command.word(i) != words.substr(0, end)) return false;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return true;
}

/// As written: the secret itself is mostly a variable.
bool has_sign(const RunCommand& command, std::string_view sign) {
  return std::any_of(command.words.begin(), command.words.end(),
                     [&](const CommandWord& word) { return word.text().find(sign) != std::string_view::npos; });
}

/// In composer's own configuration, not in that of the project.
bool is_global(const RunCommand& command) {
  return std::any_of(command.words.begin(), command.words.end(),
                     [](const CommandWord& word) { return word.text() == "-g" || word.text() == "--global"; });
}

/// The file that the command writes credentials to, if it does and anything tells where.
std::optional<std::string> credentials_of(const RunCommand& command) {
  const std::string_view program = command.program();
  for (const Login& login : kLogins) {
    if (program != login.program || !begins_with(command, login.words)) continue;
    if (!login.sign.empty() && !has_sign(command, login.sign)) continue;
    if (login.program == "composer" && !is_global(command)) continue;
    if (!login.variable.empty()) {
      const Variable variable = command.variable(login.variable);
      if (!variable.known) return std::nullopt;
      if (!variable.value.empty()) return std::string(variable.value) + std::string(login.below_variable);
    }
    const Variable home = command.variable("HOME");
    if (!home.known || home.value.empty()) return std::nullopt;
    return std::string(home.value) + std::string(login.below_home);
  }
  return std::nullopt;
}

void report(const Mount& mount, TextRange where, std::string_view path, RuleContext& cx) {
  Diagnostic& found = cx.report(where, "{} stays in the cache, for every build that uses it", path);
  found.label(mount.flag->range, "the cache");
  found.note(
      "a cache is no place for credentials: whoever builds on this builder can mount it, and no rebuild empties it");
  found.note("give them to the RUN that needs them: `--mount=type=secret`");
}

/// A cache, and not a secret or another mount that lies in it.
const Mount* cache_over(const RunStep& run, std::string_view path) {
  const Mount* const mount = covering_mount(run, path);
  return mount != nullptr && mount->is(MountType::cache) && !mount->readonly ? mount : nullptr;
}

/// Of an absolute path; empty for `/` and what lies in it.
std::string_view parent(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == path.npos ? std::string_view() : path.substr(0, slash);
}

/// Paths that RUNs take away: what does not stay.
class Removed {
 public:
  explicit Removed(const Effects& effects) {
    for (const PathWrite* write : effects.writes())
      if (write->kind == WriteKind::removal && write->run != nullptr) paths_.emplace(write->run, write->path);
  }
  bool has(const RunStep& run, std::string_view path) const {
    for (; !path.empty(); path = parent(path))
      if (paths_.contains({&run, path})) return true;
    return false;
  }

 private:
  std::set<std::pair<const RunStep*, std::string_view>> paths_;
};

void check(RuleContext& cx) {
  if (cx.model().caches().empty()) return;
  const Removed removed(cx.effects());
  std::set<std::pair<const RunStep*, std::string_view>> told;
  for (const PathWrite* write : cx.effects().writes()) {
    const bool makes = write->kind == WriteKind::file || write->kind == WriteKind::tree;
    if (!makes || write->mount == nullptr || write->run == nullptr || write->tool != nullptr) continue;
    // `cp a/auth.json b/auth.json` may mean a directory of that name too.
    if (!holds_credentials(write->path) || holds_credentials(parent(write->path))) continue;
    if (removed.has(*write->run, write->path)) continue;
    if (const Mount* mount = cache_over(*write->run, write->path); mount != nullptr)
      if (told.emplace(write->run, write->path).second) report(*mount, write->range, write->path, cx);
  }
  for (const Stage& stage : cx.model().stages())
    for (const RunStep& run : stage.runs) {
      constexpr std::size_t kMostMounts = 200;
      if (run.on_build || run.mounts.empty() || run.mounts.size() > kMostMounts) continue;
      for (const RunCommand& command : run.commands) {
        if (command.words.empty()) continue;
        const auto path = credentials_of(command);
        if (!path || removed.has(run, *path)) continue;
        if (const Mount* mount = cache_over(run, *path)) report(*mount, command.words.front().range(), *path, cx);
      }
    }
}

}  // namespace

extern constinit const Rule cache_secret_in_cache{
    .name = "cache/secret-in-cache",
    .summary = "credentials that are written into a shared cache",
    .severity = Severity::warning,
    .fix = FixKind::none,
    .since = "0.1.0",
    .check = check,
};

}  // namespace dockerlint::rules
