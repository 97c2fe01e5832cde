// SPDX-License-Identifier: Apache-2.0
#include "cli/cache.hpp"

#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/gather.hpp"
#include "cli/output.hpp"
#include "cli/pool.hpp"
#include "cli/progress.hpp"
#include "cli/together.hpp"
#include "dockerlint/model.hpp"
#include "dockerlint/rule.hpp"
#include "plan/simulate.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace dockerlint::cli {
namespace {

/// Where the flag of the cache mount begins that holds the place; nothing where none does.
std::optional<TextSize> mount_at(const Document& document, TextSize place) {
  for (const Instruction& in : document.instructions()) {
    if (place < in.range.begin) break;
    if (place >= in.range.end) continue;
    for (const Flag& flag : in.flags)
      if (flag.name == "mount" && flag.range.begin <= place && place < flag.range.end) return flag.range.begin;
  }
  return std::nullopt;
}

/// `place` is where a place of the document is in the file that it stands in.
template <typename Place>
std::vector<plan::Found> found_in(const Document& document, std::uint32_t file, std::span<const Diagnostic> findings,
                                  Place place) {
  std::vector<plan::Found> all;
  for (const Diagnostic& found : findings) {
    if (!found.rule->name.starts_with("cache/")) continue;
    const auto mount = mount_at(document, found.range.begin);
    if (!mount) continue;
    all.push_back({file,
                   *mount,
                   {std::string(found.rule->name), found.severity, found.message, document.source().path(),
                    place(found.range.begin), found.fix ? found.fix->title : std::string()}});
  }
  return all;
}

/// As BuildKit names the stages in its logs.
std::vector<plan::StageOf> stages_of(const Document& document) {
  const auto name_of = [](const Stage& stage) {
    return stage.name.empty() ? fmt::format("stage-{}", stage.index) : std::string(stage.name);
  };
  std::vector<plan::StageOf> stages;
  const Model model(document);
  for (const Stage& stage : model.stages())
    stages.push_back({name_of(stage), stage.parent == nullptr ? std::string() : name_of(*stage.parent)});
  return stages;
}

/// What the plan takes from one Dockerfile, beside its caches.
struct Linted {
  std::vector<plan::Found> found;
  std::vector<plan::StageOf> stages;  // where a log is to be read
};

Linted lint_file(const Gathered& gathered, const Together& together, std::size_t i, bool with_stages) noexcept {
  try {
    const Input& input = gathered.inputs()[i];
    const FileSettings& settings = *gathered.settings()[i];
    if (input.standard_input || input.excluded || !settings.usable) return {};
    FileContent content = read_file(input.path);
    if (!content.trouble.empty()) return {};
    const auto lint_one = [&](const Document& document, std::size_t embedded, auto place) {
      const ProjectView view = together.before(i, embedded);
      return found_in(document, view.file, lint(document, settings.config, *settings.catalog, nullptr, view), place);
    };
    std::vector<plan::Found> all;
    if (!input.embedded.empty() && !are_there(input, content.bytes)) return {};
    const SourceText source(input.path, std::move(content.bytes));
    for (std::size_t e = 0; e < input.embedded.size(); ++e) {
      const InlineDockerfile& text = input.embedded[e];
      const LogicalText logical = text.logical();
      auto found = lint_one(Document::parse(input.path, text.text), e, [&](TextSize at) {
        return logical.empty() ? text.where.at : source.line_column(logical.in_source(at, at + 1).begin);
      });
      std::move(found.begin(), found.end(), std::back_inserter(all));
    }
    if (!input.embedded.empty() || !no_dockerfile(source.bytes()).empty()) return {std::move(all), {}};
    const Document document = Document::parse(input.path, std::string(source.bytes()));
    return {lint_one(document, 0, [&](TextSize at) { return source.line_column(at); }),
            with_stages ? stages_of(document) : std::vector<plan::StageOf>()};
  } catch (...) {  // linting says what is wrong with the file
    return {};
  }
}

/// The logs that were asked for; complains of those that cannot be read.
bool read_logs(const std::vector<std::string>& paths, std::vector<plan::BuildLog>& logs) {
  for (const std::string& path : paths) {
    const FileContent content = path == "-" ? read_stdin() : read_file(path);
    if (content.trouble.empty()) logs.push_back(plan::read_build_log(content.bytes));
    if (!content.trouble.empty()) {
      complain(fmt::format("cannot read {}: {}", path, content.trouble));
      return false;
    }
    if (logs.back().trouble.empty()) continue;
    complain(fmt::format("{}:{}: {}", path, logs.back().line, logs.back().trouble));
    return false;
  }
  return true;
}

std::string shown(const Options& options, const plan::Plan& plan, bool color) {
  switch (options.emit) {
    case Options::Emit::cache_map: return plan::cache_map(plan);
    case Options::Emit::github_actions: return plan::github_actions(plan);
    case Options::Emit::nothing: break;
  }
  return plan::shown(plan, options.plan, {.color = color});
}

/// Of `text(color)`.
template <class Text>
int put(const Options& options, const Text& text) {
  int fd = STDOUT_FILENO;
  if (!options.output.empty()) fd = ::open(options.output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) {
    complain(fmt::format("cannot write to {}: {}", options.output, error_text(errno)));
    return 2;
  }
  Output out(fd, options.output.empty() ? "standard output" : options.output);
  out.write(text(wants_color(options.color, fd)));
  out.flush();
  if (const std::string trouble = out.trouble(); !trouble.empty()) complain(trouble);
  return out.error() == 0 ? 0 : 2;
}

int put_plan(const Options& options, const plan::Plan& plan) {
  return put(options, [&](bool color) { return shown(options, plan, color); });
}

/// What is between the files with all fixes made.
const ProjectCaches& fixed_caches(const Gathered& gathered, const Together& together) {
  for (std::size_t i = 0; i < gathered.inputs().size(); ++i)
    if (const ProjectCaches* const caches = together.after(i).caches; caches != nullptr) return *caches;
  return *together.caches();
}

int put_simulation(const Options& options, const Gathered& gathered, const plan::Plan& plan, Together& together) {
  std::vector<plan::BuildLog> logs;
  if (!read_logs(options.logs, logs)) return 2;
  together.rehearse_fixes(Applicability::safe);
  const plan::Plan fixed = plan::make_plan(fixed_caches(gathered, together), {});
  const plan::Simulation simulation = plan::simulate(logs, plan, fixed);
  if (simulation.foreign || simulation.steps == 0) {
    complain(fmt::format("{}: {}", options.logs.front(),
                         simulation.foreign ? "no RUN with a cache in it is one of this project's"
                                            : "all steps come from the builder's cache: --no-cache runs them"));
    return 2;
  }
  return put(options, [&](bool color) {
    return options.plan == plan::Format::json ? plan::json(simulation) : plan::table(simulation, {.color = color});
  });
}

}  // namespace

int cache(const Options& options) {
  const Gathered gathered(options);
  if (!gathered.usable()) return 2;
  const std::size_t files = gathered.inputs().size();
  const std::size_t threads = thread_count(options, files);
  Progress progress(true, files);
  Together together(
      gathered.project(), gathered.inputs(), gathered.settings(), threads,
      [&](std::string_view what, std::size_t done) { progress.show(fmt::format("{} of", what), done); }, Purpose::plan);
  const bool simulated = !options.logs.empty();
  std::vector<plan::Found> found;
  decltype(plan::Plan::stages) stages;
  in_order<Linted>(
      files, threads, [&](std::size_t i) { return lint_file(gathered, together, i, simulated); },
      [&](std::size_t i, Linted of_file) {
        std::move(of_file.found.begin(), of_file.found.end(), std::back_inserter(found));
        progress.show(i + 1);
        if (simulated) stages.emplace(gathered.inputs()[i].path, std::move(of_file.stages));
        return true;
      });
  progress.clear();
  plan::Plan plan = plan::make_plan(*together.caches(), std::move(found));
  plan.stages = std::move(stages);
  const int status = simulated ? put_simulation(options, gathered, plan, together) : put_plan(options, plan);
  const bool trouble = gathered.trouble() || !gathered.discovery().troubles.empty();
  return trouble ? 2 : status;
}

}  // namespace dockerlint::cli
