// SPDX-License-Identifier: Apache-2.0
// Holds any Dockerfiles against what must always be true: ./tests/sweep/run says how.

#include "cli/discover.hpp"
#include "support/page.hpp"
#include "sweep/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <thread>

namespace {

using namespace dockerlint;
using namespace dockerlint::sweep;
namespace fs = std::filesystem;

constexpr std::string_view kUsage =
    "dockerlint_sweep [OPTIONS] FOLDER|FILE…: all Dockerfiles in folders, and the examples of pages (.md)\n"
    "  --all                 all files in folders, whatever their names\n"
    "  --program PROGRAM     look at time, memory and output of this dockerlint too\n"
    "  --slow N              allow it N times the time of a release build\n"
    "  --builder CMD         CMD DOCKERFILE CONTEXT must succeed after fixing where it did before\n"
    "  --against CMD         compare with what CMD FILE finds: lines …:LINE:…\n"
    "  --verdicts            compare whether it exits with 0 and whether BuildKit takes the file\n"
    "  --deletions N         read each file also with N of its tokens taken out, one by one\n"
    "  --jobs N              files at once\n"
    "  --report FILE         write the report there, not to standard output\n"
    "Exits with 1 when there was a fault, 2 when it could not work, 77 when there was no file.\n";

struct Options {
  Settings settings;
  Against against;
  bool all = false;
  std::size_t jobs = std::max(std::thread::hardware_concurrency(), 1U);
  std::string report;
  std::vector<std::string> paths;
};

[[noreturn]] void refuse(std::string_view why) {
  fmt::print(stderr, "sweep: {}\n{}", why, kUsage);
  std::exit(2);
}

std::size_t number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) refuse(fmt::format("'{}' is no number", text));
  return value;
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto value = [&]() -> std::string {
      if (++i == argc) refuse(fmt::format("{} needs a value", word));
      return argv[i];
    };
    if (word == "--help") {
      fmt::print("{}", kUsage);
      std::exit(0);
    }
    if (word == "--all") options.all = true;
    else if (word == "--program") options.settings.program = value();
    else if (word == "--slow") options.settings.slow = static_cast<double>(number(value()));
    else if (word == "--builder") options.settings.builder = value();
    else if (word == "--against") options.against.command = value();
    else if (word == "--verdicts") options.against.verdicts = true;
    else if (word == "--deletions") options.settings.deletions = number(value());
    else if (word == "--jobs") options.jobs = std::max<std::size_t>(number(value()), 1);
    else if (word == "--report") options.report = value();
    else if (word.starts_with("-")) refuse(fmt::format("there is no option {}", word));
    else options.paths.emplace_back(word);
  }
  if (options.paths.empty()) refuse("no files are given");
  return options;
}

void add_file(const fs::path& path, std::vector<Case>& cases) {
  const std::string name = path.generic_string();
  const std::optional<std::string> bytes = test::read_file(name);
  if (!bytes) refuse(name + ": cannot be read");
  const std::string folder = path.has_parent_path() ? path.parent_path().string() : ".";
  if (path.extension() != ".md") {
    cases.push_back({name, folder, *bytes});
    return;
  }
  for (test::Example& example : test::read_page(name, *bytes).examples)
    cases.push_back({fmt::format("{}:{}", name, example.line), folder, std::move(example.input)});
}

std::vector<Case> read(const Options& options) {
  std::vector<Case> cases;
  for (const std::string& given : options.paths) {
    if (!fs::exists(given)) {
      fmt::print(stderr, "sweep: there is no {}\n", given);
      continue;
    }
    if (!fs::is_directory(given)) {
      add_file(given, cases);
      continue;
    }
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(given))
      if (entry.is_regular_file() && (options.all || entry.path().extension() == ".md" ||
                                      cli::is_dockerfile_name(entry.path().filename().string())))
        found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    for (const fs::path& path : found) add_file(path, cases);
  }
  return cases;
}

void add(const Case& input, const Judgement& judgement, const Settings& settings, Sweep& sweep) {
  ++sweep.files;
  sweep.bytes += input.bytes.size();
  sweep.findings += judgement.findings;
  sweep.fixed += judgement.fixed;
  sweep.broken_before += judgement.build == Judgement::Build::broken_before;
  sweep.built += judgement.build == Judgement::Build::good;
  sweep.cpu += judgement.cpu;
  if (judgement.cpu > sweep.most_cpu) {
    sweep.most_cpu = judgement.cpu;
    sweep.slowest = input.name;
  }
  for (const std::string& fault : judgement.faults) {
    const auto same = std::find_if(sweep.failures.begin(), sweep.failures.end(),
                                   [&](const Failure& known) { return kind_of(known.first) == kind_of(fault); });
    if (same == sweep.failures.end()) sweep.failures.push_back({fault, smallest(input, fault, settings), {input.name}});
    else if (same->files.back() != input.name) same->files.push_back(input.name);
  }
}

Sweep sweep_all(const std::vector<Case>& cases, const Options& options) {
  std::vector<Judgement> judgements(cases.size());
  std::vector<Differences> differences(cases.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < cases.size(); i = next++) {
      judgements[i] = judge(cases[i], options.settings);
      if (!options.against.command.empty()) differences[i] = compare(cases[i], options.against);
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t n = 1; n < std::min(options.jobs, cases.size()); ++n) others.emplace_back(work);
    work();
  }
  Sweep sweep;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    add(cases[i], judgements[i], options.settings, sweep);
    sweep.differences.add(differences[i]);
  }
  return sweep;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse(argc, argv);
  const std::vector<Case> cases = read(options);
  if (cases.empty()) {
    fmt::print(stderr, "sweep: no Dockerfile there\n");
    return 77;
  }
  const Sweep sweep = sweep_all(cases, options);
  const std::string text = report(sweep, options.settings, options.against);
  if (options.report.empty()) std::fwrite(text.data(), 1, text.size(), stdout);
  else if (!test::write_file(options.report, text)) refuse(options.report + ": cannot be written");
  return sweep.failures.empty() ? 0 : 1;
}
