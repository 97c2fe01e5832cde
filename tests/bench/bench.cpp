// SPDX-License-Identifier: Apache-2.0
// What dockerlint costs, as ratios to programs that only read the same files, in one run on one machine.
// Times are medians over alternating runs; instructions, where valgrind is installed, are exact.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using Command = std::vector<std::string>;

struct Cost {
  double cpu = 0;   // user and system, in seconds
  double wall = 0;  // in seconds
  long memory = 0;  // the most that was resident, in KiB
};

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

Cost run(const Command& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    const int nothing = open("/dev/null", O_WRONLY);
    dup2(nothing, STDOUT_FILENO);
    dup2(nothing, STDERR_FILENO);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) {
    fmt::print(stderr, "bench: {} failed\n", command[0]);
    std::exit(2);
  }
  return {seconds(usage.ru_utime) + seconds(usage.ru_stime), wall.count(), usage.ru_maxrss};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Runs the two in turn, so that what else the machine does falls on both.
void compare(const std::string& what, const Command& ours, const Command& theirs, int rounds) {
  std::vector<double> cpu_ratios, wall_ratios, our_cpu;
  long memory = 0;
  for (int i = 0; i < rounds; ++i) {
    const Cost other = run(theirs);
    const Cost own = run(ours);
    cpu_ratios.push_back(own.cpu / std::max(other.cpu, 1e-6));
    wall_ratios.push_back(own.wall / other.wall);
    our_cpu.push_back(own.cpu);
    memory = std::max(memory, own.memory);
  }
  std::sort(cpu_ratios.begin(), cpu_ratios.end());
  const std::size_t tenth = cpu_ratios.size() / 10;
  fmt::print("| {} | {:.2f} | {:.2f}–{:.2f} | {:.2f} | {:.1f} | {:.1f} |\n", what, median(cpu_ratios),
             cpu_ratios[tenth], cpu_ratios[cpu_ratios.size() - 1 - tenth], median(wall_ratios), median(our_cpu) * 1e3,
             static_cast<double>(memory) / 1024);
}

bool have(const char* program) {
  const char* const path = std::getenv("PATH");
  std::string folders = path == nullptr ? "" : path;
  for (std::size_t begin = 0; begin <= folders.size();) {
    const std::size_t end = std::min(folders.find(':', begin), folders.size());
    if (access((folders.substr(begin, end - begin) + "/" + program).c_str(), X_OK) == 0) return true;
    begin = end + 1;
  }
  return false;
}

/// Instructions in user space, by callgrind.
double instructions(const Command& command, const std::filesystem::path& scratch) {
  const std::string out = scratch / "callgrind.out";
  Command measured{"valgrind", "--tool=callgrind", "--callgrind-out-file=" + out};
  measured.insert(measured.end(), command.begin(), command.end());
  run(measured);
  std::ifstream file(out);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("summary: ") || line.starts_with("totals: "))
      return std::strtod(line.c_str() + line.find(' '), nullptr);
  }
  fmt::print(stderr, "bench: callgrind counted nothing\n");
  std::exit(2);
}

/// A file of about `bytes` bytes, as people write them.
std::string sample(std::size_t bytes) {
  const std::string step =
      "# what the service needs\n"
      "FROM debian:12 AS stage\n"
      "ENV PATH=/opt/bin:$PATH LANG=C.UTF-8\n"
      "RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\\n"
      "    --mount=type=cache,target=/var/lib/apt,sharing=locked \\\n"
      "    apt-get update && \\\n"
      "    apt-get install -y --no-install-recommends build-essential git curl\n"
      "WORKDIR /src\n"
      "COPY --chown=1000:1000 package.json package-lock.json ./\n"
      "RUN <<EOF\nset -e\nmake\nmake install\nEOF\n\n";
  std::string text;
  while (text.size() < bytes) text += step;
  return text;
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: dockerlint_bench PROGRAM FOLDER\n");
    return 2;
  }
  const std::string program = argv[1];
  std::vector<std::string> files;
  std::uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[2])) {
    if (!entry.is_regular_file() || entry.path().filename().string().find("Dockerfile") == std::string::npos) continue;
    files.push_back(entry.path());
    bytes += entry.file_size();
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) {
    fmt::print(stderr, "bench: {} holds no Dockerfile\n", argv[2]);
    return 2;
  }

  std::string name = (std::filesystem::temp_directory_path() / "dockerlint-bench-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) return 2;
  const std::filesystem::path scratch = name;
  const std::string one = scratch / "Dockerfile";
  write(one, "FROM scratch\n");

  Command ours{program, "--quiet", "--jobs", "1"};
  Command theirs{"cat"};
  ours.insert(ours.end(), files.begin(), files.end());
  theirs.insert(theirs.end(), files.begin(), files.end());

  fmt::print("{} files, {:.1f} MB\n\n", files.size(), static_cast<double>(bytes) * 1e-6);
  fmt::print("| | CPU, ratio | 10–90 % | wall, ratio | CPU, ms | peak, MiB |\n|---|---|---|---|---|---|\n");
  compare("one line, against `wc -l`", {program, one}, {"wc", "-l", one}, 300);
  compare("all files, one core, against `cat`", ours, theirs, 31);

  if (have("valgrind")) {
    const double start = instructions({program, one}, scratch);
    fmt::print("\nstart: {:.0f} thousand instructions, `wc -l`: {:.0f} thousand\n", start / 1e3,
               instructions({"wc", "-l", one}, scratch) / 1e3);
    fmt::print("all files: {:.0f} instructions a byte\n",
               (instructions(ours, scratch) - start) / static_cast<double>(bytes));
    double before = 0;
    for (const std::size_t size : {100'000U, 1'000'000U, 10'000'000U}) {
      const std::string path = scratch / "Dockerfile.large";
      write(path, sample(size));
      const double count = instructions({program, "--quiet", path}, scratch);
      fmt::print("{} KB: {:.0f} million instructions", size / 1000, count / 1e6);
      if (before > 0) fmt::print(", {:.2f} times as many for 10 times the bytes", count / before);
      fmt::print(", {:.1f} MiB\n", static_cast<double>(run({program, "--quiet", path}).memory) / 1024);
      before = count;
    }
  } else {
    fmt::print("\nvalgrind is not installed: no instructions counted\n");
  }
  std::filesystem::remove_all(scratch);
}
