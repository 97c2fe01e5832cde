// SPDX-License-Identifier: Apache-2.0
#include "sweep/judge.hpp"

#include "cli/files.hpp"
#include "support/properties.hpp"
#include "support/reduce.hpp"
#include "sweep/process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <csignal>

namespace dockerlint::sweep {
namespace {

constexpr std::size_t kMebibyte = std::size_t{1} << 20;
// What a release build may take for a file, with its fixes. A file of 5 KB takes about a millisecond.
constexpr double kSeconds = 0.1;
constexpr double kSecondsPerByte = 1e-6;
constexpr std::size_t kMemory = 64 * kMebibyte;
constexpr std::size_t kMemoryPerByte = 100;

std::string fixed_text(const Case& input, Applicability at_least) {
  const FixResult result = fix("Dockerfile", input.bytes, test::everything(), Catalog::builtin(), at_least);
  return std::string(result.document.source().bytes());
}

/// One line: findings and fixes; then one for each fault.
std::string look(const Case& input, std::size_t deletions) {
  const Document document = Document::parse("Dockerfile", input.bytes);
  const std::size_t findings = lint(document, test::everything(), Catalog::builtin()).size();
  const FixResult result = fix("Dockerfile", input.bytes, test::everything(), Catalog::builtin(), Applicability::safe);
  std::string out = fmt::format("{} {}\n", findings, result.applied.size());
  for (std::string fault : test::broken_properties("Dockerfile", input.bytes, test::everything(), deletions)) {
    std::replace(fault.begin(), fault.end(), '\n', ' ');
    out += fault + '\n';
  }
  return out;
}

void check_library(const Case& input, const Settings& settings, Judgement& judgement) {
  const Ran ran = in_child([&] { return look(input, settings.deletions); });
  if (ran.signal == SIGXCPU || ran.signal == SIGKILL) judgement.faults.push_back("does not come to an end");
  else if (!ran.good()) judgement.faults.push_back(fmt::format("crashes: signal {}", ran.signal));
  std::string_view rest = ran.out;
  const auto number = [&] {
    std::size_t value = 0;
    const auto end = std::from_chars(rest.data(), rest.data() + rest.size(), value).ptr;
    rest.remove_prefix(std::min(rest.size(), static_cast<std::size_t>(end - rest.data()) + 1));
    return value;
  };
  judgement.findings = number();
  judgement.fixed = number();
  for (; !rest.empty(); rest.remove_prefix(std::min(rest.size(), rest.find('\n') + 1)))
    judgement.faults.emplace_back(rest.substr(0, rest.find('\n')));
}

/// The fault of the program; empty when there is none.
std::string program_fault(const Case& input, const Settings& settings, Applicability at_least, double& cpu) {
  const auto size = static_cast<double>(input.bytes.size());
  const double allowed = settings.slow * (kSeconds + size * kSecondsPerByte);
  const Limits limits{.cpu_seconds = static_cast<unsigned>(allowed) + 2,
                      .memory = kMemory + input.bytes.size() * kMemoryPerByte};
  std::vector<std::string> command{settings.program, "--fix-only", "--min-severity", "hint"};
  if (at_least == Applicability::unsafe) command.emplace_back("--unsafe-fixes");
  command.emplace_back("-");
  const Ran ran = run_program(command, input.bytes, limits);
  cpu = std::max(cpu, ran.cpu);
  if (ran.signal == SIGXCPU || ran.cpu > allowed)
    return fmt::format("takes {:.2f} s of {:.2f} s allowed", ran.cpu, allowed);
  if (ran.signal != 0) return fmt::format("is ended by signal {}", ran.signal);
  if (ran.exit_status == 2 && !cli::no_dockerfile(input.bytes).empty()) return {};
  if (ran.exit_status != 0)
    return fmt::format("exits with {}, given {} MiB", ran.exit_status, limits.memory / kMebibyte);
  return ran.out == fixed_text(input, at_least) ? "" : "writes another text than the library makes";
}

void check_program(const Case& input, const Settings& settings, Judgement& judgement) {
  for (const Applicability at_least : {Applicability::safe, Applicability::unsafe}) {
    const std::string fault = program_fault(input, settings, at_least, judgement.cpu);
    if (fault.empty()) continue;
    judgement.faults.push_back("the program " + fault);
    return;
  }
}

bool builds(const std::string& command, const std::string& bytes, const std::string& context) {
  constexpr unsigned kHour = 3600;
  return with_file(
             bytes,
             [&](const std::string& path) {
               return run_program({"sh", "-c", command + " \"$@\"", "sh", path, context}, {}, {.cpu_seconds = kHour});
             })
      .good();
}

void check_build(const Case& input, const Settings& settings, Judgement& judgement) {
  if (!builds(settings.builder, input.bytes, input.folder)) {
    judgement.build = Judgement::Build::broken_before;
    return;
  }
  judgement.build = Judgement::Build::good;
  const std::string fixed = in_child([&] { return fixed_text(input, Applicability::safe); }).out;
  if (fixed != input.bytes && !builds(settings.builder, fixed, input.folder))
    judgement.faults.push_back("builds before the fix, not after");
}

}  // namespace

Judgement judge(const Case& input, const Settings& settings) {
  Judgement judgement;
  check_library(input, settings, judgement);
  if (!settings.program.empty()) check_program(input, settings, judgement);
  if (!settings.builder.empty()) check_build(input, settings, judgement);
  return judgement;
}

std::string kind_of(std::string_view fault) {
  std::string kind;
  std::size_t colons = 0;
  for (std::size_t i = 0; i < fault.size(); ++i) {
    if (fault.substr(i).starts_with("line ")) {
      i = std::min(fault.size(), fault.find_first_not_of("0123456789", i + 5)) + 1;  // and ": "
      continue;
    }
    if (fault[i] == ':' && fault.substr(i, 2) == ": " && ++colons == 2) break;
    if (fault[i] < '0' || fault[i] > '9') kind += fault[i];
  }
  return kind;
}

std::string smallest(const Case& input, std::string_view fault, const Settings& settings) {
  const std::string kind = kind_of(fault);
  const auto shows = [&](std::string_view bytes) {
    const Judgement judgement = judge({input.name, input.folder, std::string(bytes)}, settings);
    return std::any_of(judgement.faults.begin(), judgement.faults.end(),
                       [&](const std::string& other) { return kind_of(other) == kind; });
  };
  constexpr std::size_t kTries = 3000;
  return test::reduced(input.bytes, shows, kTries);
}

}  // namespace dockerlint::sweep
