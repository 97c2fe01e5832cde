// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/commands.hpp"
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <array>

namespace dockerlint::rules {
namespace {

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// `https://…/latest/…`, with whatever variables in it.
bool is_latest_url(std::string_view text) {
  const std::size_t begin = text.find("://");
  if (begin == text.npos) return false;
  std::string_view path = text.substr(begin + 3);
  path = path.substr(0, path.find_first_of("?#\"' "));
  return path.ends_with("/latest") || path.find("/latest/") != path.npos;
}

/// What to call the version of what is downloaded: `PROTOBUF_VERSION` for github.com/owner/protobuf/….
std::string argument_for(std::string_view text) {
  constexpr std::string_view kGithub = "github.com/";
  std::string name;
  if (const std::size_t found = text.find(kGithub); found != text.npos) {
    std::string_view rest = text.substr(found + kGithub.size());
    if (rest.starts_with("repos/")) rest.remove_prefix(6);
    rest.remove_prefix(std::min(rest.size(), rest.find('/') + 1));
    for (const char c : rest.substr(0, rest.find('/'))) {
      if (c >= 'a' && c <= 'z') name += static_cast<char>(c - 'a' + 'A');
      else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) name += c;
      else if (c == '-' || c == '_' || c == '.') name += '_';
      else return "VERSION";  // a variable
    }
  }
  return name.empty() ? "VERSION" : name + "_VERSION";
}

void check(const RunStep& run, RuleContext& cx) {
  constexpr auto kFetchers = std::to_array<std::string_view>({"curl", "wget", "aria2c"});
  constexpr auto kInstallers = std::to_array<std::string_view>({"go", "npm", "npx", "pnpm", "yarn", "bun", "corepack"});
  for (const RunCommand& command : run.commands) {
    const bool fetches = is_one_of(command.program(), kFetchers);
    if (!fetches && !is_one_of(command.program(), kInstallers)) continue;
    for (const CommandWord& word : command.words.subspan(1)) {
      const Value value = word.value();
      const bool tagged = !fetches && value && value->ends_with("@latest");
      if (!tagged && !(fetches && is_latest_url(word.text()))) continue;
      cx.report(word.range(), "this is whatever version is the latest on the day of the build")
          .note(
              fmt::format("two builds of one Dockerfile differ, and a cached step keeps an old version for good: name "
                          "the version, in an ARG that can be raised (`ARG {}=…`)",
                          tagged ? std::string("VERSION") : argument_for(word.text())));
      break;
    }
  }
}

}  // namespace

extern constinit const Rule packages_unpinned_download{
    .name = "packages/unpinned-download",
    .summary = "downloads of whatever version is the latest",
    .severity = Severity::info,
    .fix = FixKind::none,
    .since = "0.1.0",
    .check = each_run<check>,
};

}  // namespace dockerlint::rules
