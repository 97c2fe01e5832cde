// SPDX-License-Identifier: Apache-2.0
#include "cli/together.hpp"

#include "cli/pool.hpp"
#include "cli/replace.hpp"
#include "report/place.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace dockerlint::cli {
namespace {

/// Bytes of Dockerfiles that are kept until they are linted. What is understood of them is not: that takes twenty times
/// as much, and memory that was never touched before costs as much as understanding them again.
constexpr std::size_t kMostKept = 1 << 23;

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
  struct Group {
    std::size_t wanted = 0, there = 0;  // in how many Dockerfiles
  };
  std::map<std::string, Group, std::less<>> groups;  // that went in
  std::vector<FileCaches> caches;                    // of the fixed file
  bool changed = false;

  /// What went into one Dockerfile.
  void add(const std::vector<AppliedFix>& applied) {
    std::map<std::string_view, std::size_t> of_file;
    for (const AppliedFix& fix : applied)
      if (!fix.group.empty()) of_file.emplace(fix.group, fix.group_files);
    for (const auto& [name, wanted] : of_file) {
      Group& group = groups[std::string(name)];
      group.wanted = std::max(group.wanted, wanted);
      ++group.there;
    }
  }
};

Together::Together(const Project& project, const std::vector<Input>& inputs, const Settings& settings,
                   std::size_t threads, Progress progress, Purpose purpose)
    : project_(project), inputs_(inputs), settings_(settings), threads_(threads), progress_(std::move(progress)) {
  std::uint32_t files = 0;
  for (const Input& input : inputs) {
    first_file_.push_back(files);
    files += static_cast<std::uint32_t>(std::max<std::size_t>(1, input.embedded.size()));
  }
  bool planned = false;
  for (std::size_t i = 0; i < project.builds.size(); ++i) {
    const Build& build = project.builds[i];
    planned = planned || build.defined_by != DefinedBy::dockerfile;
    if (build.dockerfile && build.dockerfile->known()) builds_[plain(*build.dockerfile->text)].push_back(i);
    if (const auto& text = build.inline_dockerfile)
      embedded_builds_[{text->where.path, text->where.range.begin}].push_back(i);
  }
  if (inputs.size() < 2 && !planned && purpose != Purpose::plan) return;
  if (purpose == Purpose::lint) contents_.resize(inputs.size());
  before_ = std::make_unique<ProjectCaches>(project_, read_caches());
}

Together::~Together() = default;

ProjectView Together::view(const ProjectCaches* caches, std::size_t input, std::size_t embedded) const {
  if (inputs_[input].standard_input) return {};
  return {caches, first_file_[input] + static_cast<std::uint32_t>(embedded)};
}

ProjectViews Together::views(const ProjectCaches* caches, std::size_t input) const {
  ProjectViews all;
  for (std::size_t i = 0; i < inputs_[input].embedded.size(); ++i) all.push_back(view(caches, input, i));
  return all;
}

ProjectView Together::before(std::size_t input, std::size_t embedded) const {
  return view(before_.get(), input, embedded);
}

ProjectViews Together::all_before(std::size_t input) const { return views(before_.get(), input); }

ProjectView Together::after(std::size_t input) const {
  return view(after_ == nullptr ? before_.get() : after_.get(), input, 0);
}

ProjectViews Together::all_after(std::size_t input) const {
  return views(after_ == nullptr ? before_.get() : after_.get(), input);
}

std::vector<FileCaches> Together::read_caches() {
  std::vector<FileCaches> files;
  const auto read = [&](std::size_t i) noexcept {
    const Input& input = inputs_[i];
    std::vector<FileCaches> caches;
    try {
      caches.resize(std::max<std::size_t>(1, input.embedded.size()));
      for (FileCaches& one : caches) one.path = input.path;
      if (input.standard_input || input.excluded || !settings_[i]->usable) return caches;
      FileContent content = read_file(input.path);
      if (!content.trouble.empty()) return caches;
      if (!input.embedded.empty()) {
        if (are_there(input, content.bytes)) caches = embedded_caches(i, std::move(content.bytes), input.embedded);
        return caches;
      }
      if (!no_dockerfile(content.bytes).empty()) return caches;
      caches.front() = read_caches(i, std::move(content));
    } catch (...) {  // said when the file itself is linted
      for (FileCaches& one : caches) one.variants.clear();
    }
    return caches;
  };
  in_order<std::vector<FileCaches>>(inputs_.size(), threads_, read, [&](std::size_t i, std::vector<FileCaches> caches) {
    std::move(caches.begin(), caches.end(), std::back_inserter(files));
    progress_("read", i + 1);
    return true;
  });
  return files;
}

FileCaches Together::read_caches(std::size_t input, FileContent content) {
  const std::string& path = inputs_[input].path;
  const std::size_t size = content.bytes.size();
  const bool cached = may_have_caches(content.bytes);
  FileCaches caches = caches_of_file(input, Document::parse(path, cached ? content.bytes : "FROM scratch\n"));
  if (!contents_.empty() && kept_.fetch_add(size) + size <= kMostKept) contents_[input] = std::move(content);
  return caches;
}

std::optional<FileContent> Together::take_content(std::size_t input) {
  return contents_.empty() ? std::nullopt : std::exchange(contents_[input], std::nullopt);
}

std::span<const std::size_t> Together::builds_of(std::size_t input) const {
  const auto known = builds_.find(plain(inputs_[input].path));
  return known == builds_.end() ? std::span<const std::size_t>() : known->second;
}

FileCaches Together::caches_of_file(std::size_t input, const Document& document) const {
  return caches_of(document, project_, builds_of(input), *settings_[input]->catalog);
}

/// Of the Dockerfiles that stand in a compose or bake file, with the places of their mounts in it. `texts` are these as
/// they stand in `bytes`.
std::vector<FileCaches> Together::embedded_caches(std::size_t input, std::string bytes,
                                                  const std::vector<InlineDockerfile>& texts) const {
  const SourceText source(inputs_[input].path, std::move(bytes));
  std::vector<FileCaches> all;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const FilePlace& was = inputs_[input].embedded[i].where;
    const auto known = embedded_builds_.find({was.path, was.range.begin});
    const std::vector<std::size_t> none;
    FileCaches& caches =
        all.emplace_back(caches_of(Document::parse(source.path(), texts[i].text), project_,
                                   known == embedded_builds_.end() ? none : known->second, *settings_[input]->catalog));
    caches.embedded = true;
    const LogicalText text = texts[i].logical();
    for (CacheVariant& variant : caches.variants)
      for (CacheUser& user : variant.users)
        user.at =
            text.empty() ? texts[i].where.at : source.line_column(text.in_source(user.mount, user.mount + 1).begin);
  }
  return all;
}

bool Together::has_caches(std::size_t input) const {
  const std::size_t count = std::max<std::size_t>(1, inputs_[input].embedded.size());
  const auto files = before_->files().subspan(first_file_[input], count);
  return std::any_of(files.begin(), files.end(), [](const FileCaches& file) {
    return std::any_of(file.variants.begin(), file.variants.end(),
                       [](const CacheVariant& variant) { return !variant.users.empty(); });
  });
}

FixResult Together::fixed(std::size_t input, std::string bytes, Applicability at_least) const {
  const FileSettings& settings = *settings_[input];
  return fix(inputs_[input].path, std::move(bytes), settings.config, *settings.catalog, at_least, before(input),
             left_out_, past_ ? screen_for(past_(input)) : Screen());
}

EmbeddedFixes Together::fixed_embedded(std::size_t input, const std::string& bytes, Applicability at_least) const {
  const Input& file = inputs_[input];
  const std::vector<Past> pasts = pasts_of(file.embedded, SourceText(file.path, bytes), past_ ? past_(input) : Past());
  return fix_embedded(file, bytes, *settings_[input], at_least, all_before(input), pasts, left_out_);
}

Together::Tried Together::try_fixes(std::size_t input, Applicability at_least) const {
  Tried tried;
  FileContent content = read_file(inputs_[input].path);
  if (!content.trouble.empty()) return tried;
  if (!inputs_[input].embedded.empty()) {
    if (!are_there(inputs_[input], content.bytes)) return tried;
    EmbeddedFixes fixes = fixed_embedded(input, content.bytes, at_least);
    for (const auto& of_text : fixes.applied) tried.add(of_text);
    tried.changed = fixes.bytes != content.bytes;
    if (tried.changed) tried.caches = embedded_caches(input, std::move(fixes.bytes), fixes.texts);
    return tried;
  }
  if (!no_dockerfile(content.bytes).empty()) return tried;
  FixResult result = fixed(input, content.bytes, at_least);
  tried.add(result.applied);
  tried.changed = result.document.source().bytes() != content.bytes;
  if (tried.changed) tried.caches.push_back(caches_of_file(input, result.document));
  return tried;
}

std::set<std::string, std::less<>> Together::incomplete() const {
  std::map<std::string_view, Tried::Group> groups;
  for (const auto& [input, tried] : tried_)
    for (const auto& [name, of_file] : tried.groups) {
      Tried::Group& group = groups[name];
      group.wanted = std::max(group.wanted, of_file.wanted);
      group.there += of_file.there;
    }
  std::set<std::string, std::less<>> incomplete;
  for (const auto& [name, group] : groups)
    if (group.wanted != group.there) incomplete.emplace(name);
  return incomplete;
}

void Together::rehearse_fixes(Applicability at_least, std::function<const Past&(std::size_t)> past) {
  if (before_ == nullptr) return;
  past_ = std::move(past);
  std::vector<std::size_t> waiting;
  for (std::size_t i = 0; i < inputs_.size(); ++i)
    if (has_caches(i)) waiting.push_back(i);
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
    std::move(tried.caches.begin(), tried.caches.end(), files.begin() + first_file_[input]);
    changed = true;
  }
  if (changed) after_ = std::make_unique<ProjectCaches>(project_, std::move(files));
  for (auto& [input, tried] : tried_) {
    if (tried.groups.empty()) continue;
    FileContent content = read_file(inputs_[input].path);
    if (inputs_[input].embedded.empty()) {
      FixResult result = fixed(input, content.bytes, at_least);
      members_.emplace(input, Member{std::move(content), std::move(result), {}});
    } else if (are_there(inputs_[input], content.bytes)) {
      EmbeddedFixes result = fixed_embedded(input, content.bytes, at_least);
      members_.emplace(input, Member{std::move(content), std::move(result), {}});
    }
  }
}

std::string_view Together::Member::bytes() const {
  if (const FixResult* const file = std::get_if<FixResult>(&result)) return file->document.source().bytes();
  return std::get<EmbeddedFixes>(result).bytes;
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
    for (const auto& [name, group] : tried_.at(input).groups)
      if (const auto [known, is_new] = first.emplace(name, input); !is_new)
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
    replacements.emplace_back(inputs_[input].path, member.content, member.bytes());
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
  if (now.trouble.empty() && now.bytes != member.bytes()) return;
  const std::string trouble =
      now.trouble.empty() ? replace_file(inputs_[input].path, now, member.content.bytes) : now.trouble;
  if (trouble.empty()) return;
  member.trouble =
      fmt::format("its fixes go in together with those of {}, which cannot be written, but stay: {}", failed, trouble);
}

}  // namespace dockerlint::cli
