// SPDX-License-Identifier: Apache-2.0
#include "cli/init.hpp"

#include "cli/commands.hpp"
#include "cli/diff_view.hpp"
#include "cli/discover.hpp"
#include "cli/files.hpp"
#include "cli/replace.hpp"
#include "cli/starting_files.hpp"
#include "cli/temporary.hpp"
#include "dockerlint/model.hpp"
#include "report/visible.hpp"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

namespace dockerlint::cli {
namespace {

/// A file that is to come, or to get something more.
struct Proposal {
  std::string name;  // from the repository's root
  bool is_new = false;
  FileContent was;
  std::string text;
};

/// What the user sees and decides on.
struct Plan {
  std::vector<Proposal> proposals;
  std::vector<std::string> remarks;
};

bool exists(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

std::string real_path(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), std::free);
  return real ? std::string(real.get()) : std::string();
}

/// The nearest folder at or above `folder` that git calls a repository, else `folder` itself.
std::string repository_around(const std::string& folder) {
  for (std::string at = folder; at.size() > 1; at.resize(std::max<std::size_t>(1, at.rfind('/'))))
    if (exists(at + "/.git")) return at;
  return folder;
}

std::vector<std::string> workflows_of(const std::string& root) {
  const std::string folder = ".github/workflows";
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(fmt::format("{}/{}", root, folder).c_str()), ::closedir);
  if (!stream) return names;
  while (const dirent* const entry = ::readdir(stream.get()))  // NOLINT(concurrency-mt-unsafe): a stream of our own
    if (const std::string_view name = entry->d_name; name.ends_with(".yml") || name.ends_with(".yaml"))
      names.push_back(fmt::format("{}/{}", folder, name));
  std::sort(names.begin(), names.end());
  return names;
}

class Repository {
 public:
  explicit Repository(std::string root) : root_(std::move(root)) {}

  std::string path(std::string_view name) const { return fmt::format("{}/{}", root_, name); }
  bool has(std::string_view name) const { return exists(path(name)); }
  std::string text(std::string_view name) const { return read_file(path(name)).bytes; }

  Plan plan() const {
    Plan plan;
    const Survey survey = look_around();
    plan_configuration(survey, plan);
    extend(".pre-commit-config.yaml", with_pre_commit_hook, "repos", pre_commit_hook(), plan);
    plan_ci(plan);
    return plan;
  }

 private:
  Survey look_around() const {
    Survey survey;
    DiscoverOptions where;
    where.paths = {root_};
    for (const Input& input : discover(where).inputs) {
      FileContent content = read_file(input.path);
      if (!content.trouble.empty() || !no_dockerfile(content.bytes).empty()) continue;
      const Document document = Document::parse(input.path, std::move(content.bytes));
      ++survey.dockerfiles;
      survey.with_cache_mounts += Model(document).caches().empty() ? 0U : 1U;
    }
    for (const std::string& name : workflows_of(root_))
      if (survey.hosted_build.empty() && builds_on_hosted_machines(text(name))) survey.hosted_build = visible(name);
    return survey;
  }

  /// A CI that has left its files here, else the one of the host that the repository comes from.
  CiSystem ci() const {
    if (has(".gitlab-ci.yml")) return CiSystem::gitlab;
    if (!workflows_of(root_).empty()) return CiSystem::github;
    if (has("Jenkinsfile")) return CiSystem::jenkins;
    const std::string git = text(".git/config");
    const auto comes_from = [&](std::string_view host) {
      return git.find(fmt::format("@{}:", host)) != std::string::npos ||
             git.find(fmt::format("//{}/", host)) != std::string::npos;
    };
    if (comes_from("github.com")) return CiSystem::github;
    return comes_from("gitlab.com") ? CiSystem::gitlab : CiSystem::none;
  }

  void plan_configuration(const Survey& survey, Plan& plan) const {
    constexpr std::string_view kName = ".dockerlint.toml";
    if (has(kName)) return;
    for (const std::string_view other : {".hadolint.yaml", ".hadolint.yml"}) {
      if (!has(other)) continue;
      plan.remarks.push_back(
          fmt::format("{} is honoured as it is, but not beside a {}: so there is none here", other, kName));
      return;
    }
    plan.proposals.push_back({std::string(kName), true, {}, starting_configuration(survey)});
  }

  void plan_ci(Plan& plan) const {
    switch (ci()) {
      case CiSystem::github: {
        for (const std::string& name : workflows_of(root_))
          if (text(name).find("dockerlint") != std::string::npos) return;
        plan.proposals.push_back({".github/workflows/dockerlint.yml", true, {}, github_workflow()});
        return;
      }
      case CiSystem::gitlab: return extend(".gitlab-ci.yml", with_gitlab_job, "include", gitlab_job_by_hand(), plan);
      case CiSystem::jenkins:
        if (text("Jenkinsfile").find("dockerlint") == std::string::npos)
          plan.remarks.push_back("only you can say where this goes in the Jenkinsfile:\n" + jenkins_stage());
        return;
      case CiSystem::none: return;
    }
  }

  void extend(std::string_view name, std::optional<std::string> (*with)(std::string_view), std::string_view key,
              const std::string& item, Plan& plan) const {
    const bool is_new = !has(name);
    FileContent was;
    if (!is_new) was = read_file(path(name));
    if (!was.trouble.empty()) {
      plan.remarks.push_back(fmt::format("cannot read {}: {}", name, was.trouble));
      return;
    }
    if (was.bytes.find("dockerlint") != std::string::npos) return;
    std::optional<std::string> text = with(was.bytes);
    if (text) plan.proposals.push_back({std::string(name), is_new, std::move(was), std::move(*text)});
    else plan.remarks.push_back(fmt::format("put this into `{}` of {} by hand:\n{}", key, name, item));
  }

  std::string root_;
};

/// Why `path` is not to be written: a link in a stranger's checkout must not lead out of it.
std::string way_out(const std::string& root, const std::string& path) {
  const std::string real = real_path(path);
  return real.starts_with(root + '/') ? std::string() : fmt::format("it is a link to {}", visible(real));
}

std::string make_file(const std::string& root, const std::string& name, std::string_view text) {
  std::string folder = root;
  for (std::size_t slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
    folder = fmt::format("{}/{}", root, name.substr(0, slash));
    if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) return error_text(errno);
    if (std::string trouble = way_out(root, folder); !trouble.empty()) return trouble;
  }
  return create_file(fmt::format("{}/{}", root, name), text);
}

std::string write(const std::string& root, const Proposal& proposal) {
  if (proposal.is_new) return make_file(root, proposal.name, proposal.text);
  const std::string path = fmt::format("{}/{}", root, proposal.name);
  std::string trouble = way_out(root, path);
  return trouble.empty() ? replace_file(path, proposal.was, proposal.text) : trouble;
}

/// What the user types at `question`; false at anything but a yes.
bool agrees(std::string_view question) {
  say(question);
  std::string answer;
  for (char c = 0; ::read(STDIN_FILENO, &c, 1) == 1 && c != '\n';) answer += c;
  return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace

int init(const Options& options) {
  const std::string given = options.subject.empty() ? "." : options.subject;
  const std::string folder = real_path(given);
  if (folder.empty()) {
    complain(fmt::format("cannot read {}: {}", given, error_text(errno)));
    return 2;
  }
  const std::string root = options.subject.empty() ? repository_around(folder) : folder;
  remove_temporaries_on_signals();
  const Repository repository(root);
  const Plan plan = repository.plan();

  if (root != real_path(".")) say(fmt::format("in {}:\n", visible(options.subject.empty() ? root : options.subject)));
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  const bool color = wants_color(Choice::automatic, STDOUT_FILENO);
  const bool asks = !options.yes && ::isatty(STDIN_FILENO) == 1 && terminal && ::isatty(STDERR_FILENO) == 1;
  int status = 0;
  bool left = false;
  for (const Proposal& proposal : plan.proposals) {
    const std::string diff = diff_of_file(proposal.name, proposal.is_new, proposal.was.bytes, proposal.text);
    status = std::max(status, print(painted(diff, color, terminal)));
    if (!options.yes &&
        !(asks && agrees(fmt::format("{} {}? [y/N] ", proposal.is_new ? "write" : "change", proposal.name)))) {
      left = true;
      continue;
    }
    const std::string trouble = write(root, proposal);
    if (trouble.empty()) say(fmt::format("{} {}\n", proposal.is_new ? "wrote" : "changed", proposal.name));
    else complain(fmt::format("cannot write {}: {}", proposal.name, trouble));
    if (!trouble.empty()) status = 2;
  }
  for (const std::string& remark : plan.remarks) say(remark.ends_with('\n') ? remark : remark + '\n');
  if (plan.proposals.empty() && plan.remarks.empty()) say("nothing to do: all is there\n");
  else if (left && !asks) say("nothing was written; dockerlint init --yes does it\n");
  return status;
}

}  // namespace dockerlint::cli
