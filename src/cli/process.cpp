// SPDX-License-Identifier: Apache-2.0
#include "cli/process.hpp"

#include "cli/descriptor.hpp"
#include "cli/files.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>
#include <vector>

namespace dockerlint::cli {
namespace {

/// The environment as it is, but for the language.
std::vector<std::string> environment_of_child() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable)  // NOLINT(concurrency-mt-unsafe): nobody sets any
    if (const std::string_view text = *variable; !text.starts_with("LC_ALL=") && !text.starts_with("LANGUAGE="))
      variables.emplace_back(text);
  variables.emplace_back("LC_ALL=C");
  variables.emplace_back("GIT_OPTIONAL_LOCKS=0");   // to look must not write
  variables.emplace_back("GIT_TERMINAL_PROMPT=0");  // nor ask
  return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// Hands over `input` and takes what comes, until both outputs are closed.
void talk(int in, std::string_view input, std::array<std::pair<int, std::string*>, 2> outs) {
  ::fcntl(in, F_SETFL, O_NONBLOCK);
  Descriptor writing(in);
  if (input.empty()) writing.close();
  std::array<char, 65536> buffer;
  while (outs[0].first >= 0 || outs[1].first >= 0) {
    std::array<pollfd, 3> waiting{
        {{writing.get(), POLLOUT, 0}, {outs[0].first, POLLIN, 0}, {outs[1].first, POLLIN, 0}}};
    if (::poll(waiting.data(), waiting.size(), -1) < 0) {
      if (errno == EINTR) continue;
      return;
    }
    if (writing.open() && waiting[0].revents != 0) {
      const ssize_t done = ::write(writing.get(), input.data(), input.size());
      if (done > 0) input.remove_prefix(static_cast<std::size_t>(done));
      if (input.empty() || (done < 0 && errno != EAGAIN && errno != EINTR)) writing.close();
    }
    for (std::size_t i = 0; i < outs.size(); ++i) {
      auto& [fd, text] = outs[i];
      if (fd < 0 || waiting[i + 1].revents == 0) continue;
      const ssize_t got = ::read(fd, buffer.data(), buffer.size());
      if (got > 0 && text->size() <= kMaxFileSize) text->append(buffer.data(), static_cast<std::size_t>(got));
      if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) fd = -1;
    }
  }
}

}  // namespace

ProcessResult run_process(std::span<const std::string> arguments, std::string_view input) {
  ProcessResult result;
  std::array<std::array<int, 2>, 3> pipes{};
  for (std::size_t i = 0; i < pipes.size(); ++i) {
    if (::pipe2(pipes[i].data(), O_CLOEXEC) == 0) continue;
    result.trouble = error_text(errno);
    for (std::size_t j = 0; j < i; ++j)
      for (const int end : pipes[j]) ::close(end);
    return result;
  }
  const Descriptor child_in(pipes[0][0]), out(pipes[1][0]), errors(pipes[2][0]);
  Descriptor child_out(pipes[1][1]), child_errors(pipes[2][1]);
  const int in = pipes[0][1];  // closed by talk()

  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, child_in.get(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, child_out.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, child_errors.get(), STDERR_FILENO);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t usual;  // what prepare_standard_streams() ignores is not to be ignored by others
  ::sigemptyset(&usual);
  ::sigaddset(&usual, SIGPIPE);
  ::sigaddset(&usual, SIGXFSZ);
  ::posix_spawnattr_setsigdefault(&attributes, &usual);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);

  std::vector<std::string> words(arguments.begin(), arguments.end());
  std::vector<std::string> variables = environment_of_child();
  pid_t child = -1;
  const int error = ::posix_spawnp(&child, words.front().c_str(), &actions, &attributes, pointers_to(words).data(),
                                   pointers_to(variables).data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  child_out.close();
  child_errors.close();
  if (error != 0) {
    ::close(in);
    result.trouble = error_text(error);
    return result;
  }
  talk(in, input, {{{out.get(), &result.output}, {errors.get(), &result.errors}}});
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) result.status = WEXITSTATUS(status);
  return result;
}

}  // namespace dockerlint::cli
