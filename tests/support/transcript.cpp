// SPDX-License-Identifier: Apache-2.0
#include "support/transcript.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <vector>

namespace dockerlint::test {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kSeconds = 120;  // for one command, which a sanitizer may make slow
constexpr int kSkipped = 77;        // what scripts and CTest take for "this cannot be tried here"

/// A folder that goes when we go.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "dockerlint-transcript-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Folder() {
    if (path_.empty()) return;
    std::error_code ignored;
    for (const auto& entry :
         fs::recursive_directory_iterator(path_, fs::directory_options::skip_permission_denied, ignored))
      if (entry.is_directory(ignored)) fs::permissions(entry, fs::perms::owner_all, ignored);
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

struct Ended {
  std::string output;
  int status = 0;
};

/// The child's half of run(): nothing of the tests' own surroundings reaches the command.
[[noreturn]] void become(const std::string& command, const fs::path& here, const fs::path& bin) {
  if (::chdir(here.c_str()) != 0) ::_exit(126);
  const std::string path = "PATH=" + bin.string() + ":/usr/local/bin:/usr/bin:/bin";
  const std::string home = "HOME=" + here.string();
  const char* const environment[] = {
      path.c_str(), home.c_str(), "LC_ALL=C", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", nullptr};
  const char* const arguments[] = {"sh", "-c", command.c_str(), nullptr};
  ::alarm(kSeconds);
  ::execve("/bin/sh", const_cast<char* const*>(arguments), const_cast<char* const*>(environment));
  ::_exit(127);
}

Ended run(const std::string& command, const fs::path& here, const fs::path& bin) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return {"pipe failed\n", -1};
  const pid_t child = ::fork();
  if (child == 0) {
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(pipe[1], STDOUT_FILENO);
    ::dup2(pipe[1], STDERR_FILENO);
    if (nothing > STDERR_FILENO) ::close(nothing);
    become(command, here, bin);
  }
  ::close(pipe[1]);
  Ended ended;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t got = ::read(pipe[0], buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    ended.output.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(pipe[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended;
}

bool write_file(const fs::path& path, std::string_view bytes) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return false;
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  return std::fclose(file) == 0 && written;
}

/// The lines of `page` with their line ends.
std::vector<std::string_view> lines_of(std::string_view page) {
  std::vector<std::string_view> lines;
  while (!page.empty()) {
    const std::size_t end = page.find('\n');
    const std::size_t size = end == std::string_view::npos ? page.size() : end + 1;
    lines.push_back(page.substr(0, size));
    page.remove_prefix(size);
  }
  return lines;
}

std::string_view without_end(std::string_view line) {
  return line.ends_with('\n') ? line.substr(0, line.size() - 1) : line;
}

/// `line` is "<!-- KIND WHAT -->": WHAT.
std::string_view directive(std::string_view line, std::string_view kind) {
  constexpr std::string_view kBegin = "<!-- ";
  constexpr std::string_view kEnd = " -->";
  if (!line.starts_with(kBegin) || !line.ends_with(kEnd)) return {};
  line.remove_prefix(kBegin.size());
  line.remove_suffix(kEnd.size());
  if (!line.starts_with(kind) || line.size() <= kind.size() + 1 || line[kind.size()] != ' ') return {};
  return line.substr(kind.size() + 1);
}

std::size_t backticks(std::string_view line) { return std::min(line.find_first_not_of('`'), line.size()); }

}  // namespace

Played play(std::string_view page, const std::string& program) {
  Played played;
  const Folder folder;
  const Folder bin;
  std::error_code error;
  fs::create_symlink(fs::absolute(program), bin.path() / "dockerlint", error);
  if (error || folder.path().empty()) {
    played.failed = "cannot make a folder to play in";
    return played;
  }
  bool left_out = false;
  const std::vector<std::string_view> lines = lines_of(page);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = without_end(lines[i]);
    played.page += lines[i];
    if (line == "<!-- not as root -->") left_out = ::geteuid() == 0;
    if (const std::string_view needed = directive(line, "needs"); !needed.empty()) {
      left_out = run(fmt::format("command -v {}", needed), folder.path(), bin.path()).status != 0;
      if (left_out) played.left_out += fmt::format("line {}: left out, as there is no {} here\n", i + 1, needed);
    }
    if (const std::string_view script = directive(line, "given"); !script.empty()) {
      const Ended given = run(fs::absolute(script).string(), folder.path(), bin.path());
      if (given.status == kSkipped) {
        played.left_out += fmt::format("line {}: the rest is left out: {}", i + 1, given.output);
        for (++i; i < lines.size(); ++i) played.page += lines[i];
        return played;
      }
      if (given.status != 0) {
        played.failed = fmt::format("line {}: {} failed:\n{}", i + 1, script, given.output);
        return played;
      }
    }
    const std::size_t fence = backticks(line);
    if (fence < 3) continue;
    const std::string_view info = line.substr(fence);
    std::size_t end = i + 1;
    while (end < lines.size() &&
           !(backticks(lines[end]) >= fence && without_end(lines[end]).size() == backticks(lines[end])))
      ++end;
    if (end == lines.size()) {
      played.failed = fmt::format("line {}: the block is not closed", i + 1);
      return played;
    }
    if (info == "console" && !left_out) {
      for (std::size_t at = i + 1; at < end; ++at) {
        if (!lines[at].starts_with("$ ")) continue;  // expected output, replaced by what comes
        std::string command(without_end(lines[at].substr(2)));
        played.page += lines[at];
        while (at + 1 < end && lines[at + 1].starts_with("> ")) {
          ++at;
          played.page += lines[at];
          command += '\n';
          command += without_end(lines[at].substr(2));
        }
        const Ended ended = run(command, folder.path(), bin.path());
        played.page += ended.output;
        if (!ended.output.empty() && !ended.output.ends_with('\n')) played.page += "\\\n";
        if (ended.status != 0) played.page += fmt::format("? {}\n", ended.status);
      }
    } else {
      for (std::size_t at = i + 1; at < end; ++at) played.page += lines[at];
      const std::size_t space = info.find(' ');
      if (space != std::string_view::npos) {
        std::string text;
        for (std::size_t at = i + 1; at < end; ++at) text += lines[at];
        if (!write_file(folder.path() / info.substr(space + 1), text)) {
          played.failed = fmt::format("line {}: cannot write {}", i + 1, info.substr(space + 1));
          return played;
        }
      }
    }
    if (info == "console") left_out = false;
    played.page += lines[end];
    i = end;
  }
  return played;
}

}  // namespace dockerlint::test
