// SPDX-License-Identifier: Apache-2.0
#include "cli/revision.hpp"

#include "cli/paths.hpp"
#include "cli/process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace dockerlint::cli {
namespace {

constexpr std::size_t kMostArguments = 64 * 1024;  // bytes for one run of git: far below what systems bear

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

/// What git says went wrong.
std::string_view complaint(const ProcessResult& result) {
  std::string_view line = first_line(result.errors);
  for (const std::string_view prefix : {"fatal: ", "error: "})
    if (line.starts_with(prefix)) line.remove_prefix(prefix.size());
  return line;
}

}  // namespace

/// What git prints; nothing, and trouble, when it fails.
std::optional<std::string> Revision::ask(std::span<const std::string_view> arguments, std::string_view input) {
  std::vector<std::string> words{"git", "--literal-pathspecs"};
  if (!top_.empty()) words.insert(words.end(), {"-C", top_});
  words.insert(words.end(), arguments.begin(), arguments.end());
  ProcessResult result = run_process(words, input);
  if (!result.trouble.empty()) trouble_ = fmt::format("--new-since needs git: {}", result.trouble);
  else if (result.status != 0) trouble_ = fmt::format("--new-since: git: {}", complaint(result));
  else return std::move(result.output);
  return std::nullopt;
}

std::string Revision::base_of(const std::string& name) {
  const std::string commit = name + "^{commit}";
  const auto found = ask(std::vector<std::string_view>{"rev-parse", "--verify", "--quiet", "--end-of-options", commit});
  if (!found) {
    trouble_ =
        fmt::format("--new-since: '{}' is no revision of this repository; a shallow clone has only the newest", name);
    return {};
  }
  const std::string id(first_line(*found));
  const auto base = ask(std::vector<std::string_view>{"merge-base", id, "HEAD"});
  if (base) return std::string(first_line(*base));
  trouble_ = fmt::format(
      "--new-since: '{}' and HEAD have no ancestor in common here; a shallow clone needs more history", name);
  return {};
}

Revision::Objects Revision::objects_of(const std::string& base, std::span<const std::string> paths) {
  Objects objects;
  std::size_t next = 0;
  while (next < paths.size() && trouble_.empty()) {
    std::vector<std::string_view> arguments{"ls-tree", "-r", "-z", "--full-tree", base, "--"};
    for (std::size_t size = 0; next < paths.size() && size < kMostArguments; size += paths[next++].size() + 1)
      arguments.push_back(paths[next]);
    const auto listed = ask(arguments);
    if (!listed) break;
    for (std::string_view rest = *listed; !rest.empty();) {
      // "100644 blob 4a58007052a65fbc2fc3f910f2855f45a4058e74\tapi/Dockerfile"
      const std::string_view entry = rest.substr(0, rest.find('\0'));
      rest.remove_prefix(std::min(rest.size(), entry.size() + 1));
      const std::size_t tab = entry.find('\t');
      const std::size_t blank = entry.rfind(' ', tab);
      if (tab == entry.npos || blank == entry.npos || !entry.starts_with("100")) continue;  // no link, no submodule
      objects.emplace(entry.substr(tab + 1), entry.substr(blank + 1, tab - blank - 1));
    }
  }
  return objects;
}

void Revision::read(const Objects& objects) {
  std::string wanted;
  for (const auto& [path, id] : objects) wanted += id + '\n';
  const auto contents = ask(std::vector<std::string_view>{"cat-file", "--batch=%(objectsize)"}, wanted);
  if (!contents) return;
  std::string_view rest = *contents;
  for (const auto& [path, id] : objects) {
    const std::string_view header = first_line(rest);
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), size);
    if (error != std::errc() || rest.size() < header.size() + size + 2) {
      trouble_ = fmt::format("--new-since: git does not have {} as it was: {}", path, header);
      return;
    }
    texts_.emplace(top_ + path, rest.substr(header.size() + 1, size));
    rest.remove_prefix(header.size() + size + 2);
  }
}

Revision::Revision(const std::string& name, std::span<const std::string> paths) {
  const auto top = ask(std::vector<std::string_view>{"rev-parse", "--show-toplevel"});
  if (!top) return;
  std::string folder = *top;
  if (folder.ends_with('\n')) folder.pop_back();
  const std::string base = base_of(name);
  if (!trouble_.empty()) return;
  top_ = folder + '/';
  std::vector<std::string> inside;
  for (const std::string& path : paths)
    if (const std::string file = real_path(path); file.starts_with(top_)) inside.push_back(file.substr(top_.size()));
  const Objects objects = objects_of(base, inside);
  if (trouble_.empty() && !objects.empty()) read(objects);
}

const std::string* Revision::text_of(const std::string& path) const {
  const auto found = texts_.find(real_path(path));
  return found == texts_.end() ? nullptr : &found->second;
}

}  // namespace dockerlint::cli
