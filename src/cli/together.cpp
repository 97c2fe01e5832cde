// SPDX-License-Identifier: Apache-2.0
#include "cli/together.hpp"

#include "cli/pool.hpp"
#include "cli/replace.hpp"
#include "report/place.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace dockerlint::cli {
namespace {

/// Dockerfiles without a mount have no caches, and need not be understood for that.
bool may_have_caches(std::string_view bytes) { return bytes.find("--mount") != std::string_view::npos; }

/// Every file that is to be replaced is open until all are.
void allow_open_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::string plain(std::string_view path) { return tidy_path(path, {}); }

}  // namespace

/// What came of one file's fixes.
struct Together::Tried {
  std::map<std::string, std::size_t, std::less<>> groups;  // that went in, with the number of files they want
  FileCaches caches;                                       // of the fixed file
  bool changed = false;
};

Together::Together(const Project& project, const std::vector<Input>& inputs, const Settings& settings,
                   std::size_t threads, Progress progress, bool for_plan)
    : project_(project),
      inputs_(inputs),
      settings_(settings),
      threads_(threads),
      progress_(std::move(progress)),
      for_plan_(for_plan) {
  bool planned = false;
  for (std::size_t i = 0; i < project.builds.size(); ++i) {
    const Build& build = project.builds[i];
    planned = planned || build.defined_by != DefinedBy::dockerfile;
    if (build.dockerfile && build.dockerfile->known()) builds_[plain(*build.dockerfile->text)].push_back(i);
  }
  if (inputs.size() < 2 && !planned && !for_plan) return;
  before_ = std::make_unique<ProjectCaches>(project_, read_caches());
}

Together::~Together() = default;

ProjectView Together::before(std::size_t input) const {
  if (inputs_[input].standard_input) return {};
  return {before_.get(), static_cast<std::uint32_t>(input)};
}

ProjectView Together::after(std::size_t input) const {
  if (after_ == nullptr) return before(input);
  if (inputs_[input].standard_input) return {};
  return {after_.get(), static_cast<std::uint32_t>(input)};
}

std::vector<FileCaches> Together::read_caches() {
  std::vector<FileCaches> files;
  files.reserve(inputs_.size());
  const auto read = [&](std::size_t i) noexcept {
    FileCaches caches;
    try {
      caches.path = inputs_[i].path;
      if (inputs_[i].standard_input || inputs_[i].excluded || !settings_[i]->usable) return caches;
      FileContent content = read_file(inputs_[i].path);
      if (!content.trouble.empty()) return caches;
      if (!inputs_[i].embedded.empty())
        return for_plan_ ? embedded_caches(i, std::move(content.bytes)) : std::move(caches);
      if (!no_dockerfile(content.bytes).empty()) return caches;
      const auto known = builds_.find(plain(inputs_[i].path));
      const std::vector<std::size_t> none;
      const std::vector<std::size_t>& builds = known == builds_.end() ? none : known->second;
      if (!may_have_caches(content.bytes)) content.bytes = "FROM scratch\n";
      caches = caches_of(Document::parse(inputs_[i].path, std::move(content.bytes)), project_, builds,
                         *settings_[i]->catalog);
    } catch (...) {  // said when the file itself is linted
      caches.variants.clear();
    }
    return caches;
  };
  in_order<FileCaches>(inputs_.size(), threads_, read, [&](std::size_t i, FileCaches caches) {
    files.push_back(std::move(caches));
    progress_("read", i + 1);
    return true;
  });
  return files;
}

/// What the Dockerfiles do that stand in a compose or bake file, with their places in it.
FileCaches Together::embedded_caches(std::size_t input, std::string bytes) const {
  const SourceText source(inputs_[input].path, std::move(bytes));
  FileCaches all;
  all.path = inputs_[input].path;
  for (const InlineDockerfile& embedded : inputs_[input].embedded) {
    std::vector<std::size_t> builds;
    for (std::size_t b = 0; b < project_.builds.size(); ++b) {
      const auto& text = project_.builds[b].inline_dockerfile;
      if (text && text->where.path == embedded.where.path && text->where.range == embedded.where.range)
        builds.push_back(b);
    }
    FileCaches caches =
        caches_of(Document::parse(all.path, embedded.text), project_, builds, *settings_[input]->catalog);
    const LogicalText text = embedded.logical();
    for (CacheVariant& variant : caches.variants) {
      for (CacheUser& user : variant.users) {
        if (text.empty()) {
          user.at = embedded.where.at;
          continue;
        }
        user.mount = text.in_source(user.mount, user.mount + 1).begin;
        user.run = text.in_source(user.run, user.run + 1).begin;
        user.at = source.line_column(user.mount);
      }
      all.variants.push_back(std::move(variant));
    }
  }
  return all;
}

FixResult Together::fixed(std::size_t input, std::string bytes, Applicability at_least) const {
  const FileSettings& settings = *settings_[input];
  return fix(inputs_[input].path, std::move(bytes), settings.config, *settings.catalog, at_least, before(input),
             left_out_, screens_ ? screens_(input) : Screen());
}

Together::Tried Together::try_fixes(std::size_t input, Applicability at_least) const {
  Tried tried;
  FileContent content = read_file(inputs_[input].path);
  if (!content.trouble.empty() || !no_dockerfile(content.bytes).empty()) return tried;
  const FixResult result = fixed(input, content.bytes, at_least);
  for (const AppliedFix& applied : result.applied)
    if (!applied.group.empty()) tried.groups.emplace(applied.group, applied.group_files);
  tried.changed = result.document.source().bytes() != content.bytes;
  if (!tried.changed) return tried;
  std::vector<std::size_t> builds;
  if (const auto known = builds_.find(plain(inputs_[input].path)); known != builds_.end()) builds = known->second;
  tried.caches = caches_of(result.document, project_, builds, *settings_[input]->catalog);
  return tried;
}

std::set<std::string, std::less<>> Together::incomplete() const {
  std::map<std::string_view, std::pair<std::size_t, std::size_t>> groups;  // wanted, there
  for (const auto& [input, tried] : tried_)
    for (const auto& [group, wanted] : tried.groups) {
      auto& [most, there] = groups[group];
      most = std::max(most, wanted);
      ++there;
    }
  std::set<std::string, std::less<>> incomplete;
  for (const auto& [group, counts] : groups)
    if (counts.first != counts.second) incomplete.emplace(group);
  return incomplete;
}

void Together::rehearse_fixes(Applicability at_least, std::function<Screen(std::size_t)> screens) {
  if (before_ == nullptr) return;
  screens_ = std::move(screens);
  std::vector<std::size_t> waiting;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const auto& variants = before_->files()[i].variants;
    if (!inputs_[i].embedded.empty()) continue;  // they are fixed as parts of their file
    const auto cached = [](const CacheVariant& variant) { return !variant.users.empty(); };
    if (std::any_of(variants.begin(), variants.end(), cached)) waiting.push_back(i);
  }
  // Each turn leaves at least one group out.
  while (!waiting.empty()) {
    const auto attempt = [&](std::size_t i) noexcept {
      try {
        return try_fixes(waiting[i], at_least);
      } catch (...) {  // said when it is done in earnest
        return Tried();
      }
    };
    in_order<Tried>(waiting.size(), threads_, attempt, [&](std::size_t i, Tried tried) {
      tried_[waiting[i]] = std::move(tried);
      progress_("tried", i + 1);
      return true;
    });
    const auto leaving = incomplete();
    waiting.clear();
    for (const auto& [input, tried] : tried_)
      if (std::any_of(tried.groups.begin(), tried.groups.end(),
                      [&](const auto& group) { return leaving.contains(group.first); }))
        waiting.push_back(input);
    left_out_.insert(leaving.begin(), leaving.end());
  }
  std::vector<FileCaches> files(before_->files().begin(), before_->files().end());
  bool changed = false;
  for (auto& [input, tried] : tried_) {
    if (!tried.changed) continue;
    files[input] = std::move(tried.caches);
    changed = true;
  }
  if (changed) after_ = std::make_unique<ProjectCaches>(project_, std::move(files));
  for (auto& [input, tried] : tried_) {
    if (tried.groups.empty()) continue;
    FileContent content = read_file(inputs_[input].path);
    FixResult result = fixed(input, content.bytes, at_least);
    members_.emplace(input, Member{std::move(content), std::move(result), {}});
  }
}

Together::Member* Together::member(std::size_t input) {
  const auto found = members_.find(input);
  return found == members_.end() ? nullptr : &found->second;
}

/// Files are one set if a group is in both.
void Together::write_groups() {
  std::map<std::string_view, std::size_t> first;  // input with the group
  std::map<std::size_t, std::size_t> set_of;
  const auto root = [&](std::size_t input) {
    while (set_of[input] != input) input = set_of[input];
    return input;
  };
  for (const auto& [input, member] : members_) {
    set_of[input] = input;
    for (const auto& [group, wanted] : tried_.at(input).groups)
      if (const auto [known, is_new] = first.emplace(group, input); !is_new)
        set_of[std::max(root(input), root(known->second))] = std::min(root(input), root(known->second));
  }
  std::map<std::size_t, std::vector<std::size_t>> sets;
  for (const auto& [input, member] : members_) sets[root(input)].push_back(input);
  for (const auto& [name, inputs] : sets) write(inputs);
}

void Together::write(const std::vector<std::size_t>& inputs) {
  allow_open_files();
  std::vector<Replacement> replacements;
  std::string failed, why;
  for (const std::size_t input : inputs) {
    const Member& member = members_.at(input);
    replacements.emplace_back(inputs_[input].path, member.content, member.result.document.source().bytes());
    if (replacements.back().trouble().empty()) continue;
    failed = inputs_[input].path;
    why = replacements.back().trouble();
    break;
  }
  std::size_t done = 0;
  for (; why.empty() && done < inputs.size(); ++done) {
    why = replacements[done].commit();
    if (!why.empty()) failed = inputs_[inputs[done]].path;
  }
  if (why.empty()) return;
  for (const std::size_t input : inputs) {
    const bool own = inputs_[input].path == failed;
    members_.at(input).trouble =
        own ? why : fmt::format("its fixes go in together with those of {}, which cannot be written", failed);
  }
  for (std::size_t i = 0; i + 1 < done; ++i) take_back(inputs[i], failed);
}

/// Gives a file its old text again, unless somebody has written something else in the meantime.
void Together::take_back(std::size_t input, std::string_view failed) {
  Member& member = members_.at(input);
  const FileContent now = read_file(inputs_[input].path);
  if (now.trouble.empty() && now.bytes != member.result.document.source().bytes()) return;
  const std::string trouble =
      now.trouble.empty() ? replace_file(inputs_[input].path, now, member.content.bytes) : now.trouble;
  if (trouble.empty()) return;
  member.trouble =
      fmt::format("its fixes go in together with those of {}, which cannot be written, but stay: {}", failed, trouble);
}

}  // namespace dockerlint::cli
