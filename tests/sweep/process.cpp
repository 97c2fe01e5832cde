// SPDX-License-Identifier: Apache-2.0
#include "sweep/process.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

namespace dockerlint::sweep {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

void limit(const Limits& limits) {
  const rlimit cpu{limits.cpu_seconds, limits.cpu_seconds + 1};
  ::setrlimit(RLIMIT_CPU, &cpu);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  if (limits.memory == 0) return;
  const rlimit memory{limits.memory, limits.memory};
  ::setrlimit(RLIMIT_AS, &memory);
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t done = ::write(fd, text.data(), text.size());
    if (done <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(done));
  }
}

/// `child` never returns; it writes into the descriptor that it is given.
Ran run(const std::function<void(int)>& child) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
  const pid_t pid = ::fork();
  if (pid == 0) {
    child(ends[1]);
    std::_Exit(127);
  }
  ::close(ends[1]);
  Ran ran;
  std::array<char, 65536> buffer;
  for (ssize_t got = 0; (got = ::read(ends[0], buffer.data(), buffer.size())) > 0 || (got < 0 && errno == EINTR);)
    if (got > 0) ran.out.append(buffer.data(), static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  rusage usage{};
  while (::wait4(pid, &status, 0, &usage) < 0 && errno == EINTR) continue;
  if (WIFSIGNALED(status)) ran.signal = WTERMSIG(status);
  if (WIFEXITED(status)) ran.exit_status = WEXITSTATUS(status);
  ran.cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  return ran;
}

}  // namespace

Ran in_child(const std::function<std::string()>& work, const Limits& limits) {
  return run([&](int out) {
    limit(limits);
    write_all(out, work());
    std::_Exit(0);
  });
}

Ran with_file(std::string_view bytes, const std::function<Ran(const std::string&)>& use) {
  std::string path = (std::filesystem::temp_directory_path() / "Dockerfile.XXXXXX").string();
  const int fd = ::mkostemp(path.data(), O_CLOEXEC);
  if (fd < 0) std::abort();
  write_all(fd, bytes);
  ::close(fd);
  Ran ran = use(path);
  ::unlink(path.c_str());
  return ran;
}

Ran run_program(const std::vector<std::string>& words, std::string_view input, const Limits& limits) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
  if (!file) std::abort();
  write_all(::fileno(file.get()), input);
  ::lseek(::fileno(file.get()), 0, SEEK_SET);
  return run([&](int out) {
    ::dup2(::fileno(file.get()), STDIN_FILENO);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(::open("/dev/null", O_WRONLY), STDERR_FILENO);
    limit(limits);
    ::execvp(arguments[0], arguments.data());
  });
}

}  // namespace dockerlint::sweep
