// SPDX-License-Identifier: Apache-2.0
// Cases of whole projects: a folder with what a project holds, and beside it, as `findings`, what the rules about
// caches say of it, as `fixed/` the files that --fix changes, and as `plan` what `dockerlint cache` prints. Each is
// there only where a case is about it. DOCKERLINT_BLESS=1 writes down how they came out.
// With --table: what the same rules find in each project of a folder of many, against a table that has been reviewed.
#include "text/diff.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRules =
    "cache/shared-build-output,cache/colliding-id,cache/scattered-ids,cache/mixed-sharing,cache/crossed-locks,"
    "cache/platform-blind-id,cache/needless-lock";

using Files = std::map<std::string, std::string>;  // by path

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const fs::path& path, std::string_view bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

Files files_in(const fs::path& folder) {
  Files files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files[fs::relative(entry, folder).string()] = read(entry);
  return files;
}

/// What a command prints in a folder.
std::string output_of(const fs::path& here, const fs::path& program, const std::string& arguments) {
  const std::string command = "cd '" + here.string() + "' && '" + program.string() + "'" + arguments;
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  std::string text;
  for (int c = pipe == nullptr ? EOF : std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
  const int status = pipe == nullptr ? 0 : ::pclose(pipe);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 2) text += "? 2\n";
  if (!WIFEXITED(status)) text += "crashed\n";
  return text;
}

bool is_expectation(std::string_view path) {
  return path == "findings" || path == "plan" || path == "expected" || path.starts_with("fixed/") ||
         path.starts_with("simulated/");
}

class Case {
 public:
  Case(fs::path folder, fs::path program, bool bless)
      : folder_(std::move(folder)), program_(std::move(program)), bless_(bless) {
    std::string name = (fs::temp_directory_path() / "dockerlint-case-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) here_ = name;
    for (const auto& [path, bytes] : files_in(folder_))
      if (!is_expectation(path)) write(here_ / path, bytes);
  }
  ~Case() {
    std::error_code ignored;
    if (!here_.empty()) fs::remove_all(here_, ignored);
  }
  Case(const Case&) = delete;
  Case& operator=(const Case&) = delete;

  bool passes() {
    const std::string select = " --no-config --select " + std::string(kRules);
    const Files before = files_in(here_);
    if (fs::exists(folder_ / "findings")) compare("findings", output(select + " --format gnu"));
    for (const char* const jobs : {"1", "3"})
      if (output(select + " --format gnu --jobs " + jobs) != output(select + " --format gnu"))
        fail(std::string("--jobs ") + jobs + " says something else");
    if (fs::exists(folder_ / "plan")) compare("plan", output(" cache --no-config"));
    if (fs::exists(folder_ / "simulated"))
      for (const auto& [path, bytes] : before)
        if (path.ends_with(".log")) compare("simulated/" + path, output(" cache --no-config --simulate " + path));
    if (!fs::exists(folder_ / "fixed")) return passed_;
    output(select + " --fix --unsafe-fixes");
    const Files after = files_in(here_);
    Files changed;
    for (const auto& [path, bytes] : after)
      if (const auto was = before.find(path); was == before.end() || was->second != bytes) changed[path] = bytes;
    Files wanted = files_in(folder_ / "fixed");
    wanted.erase(".keep");
    if (bless_ && changed != wanted) {
      fs::remove_all(folder_ / "fixed");
      for (const auto& [path, bytes] : changed) write(folder_ / "fixed" / path, bytes);
      if (changed.empty()) write(folder_ / "fixed/.keep", "");
      wanted = changed;
    }
    for (const auto& [path, bytes] : changed)
      if (const auto known = wanted.find(path); known == wanted.end()) fail("changes " + path);
      else if (known->second != bytes) fail(dockerlint::unified_diff("fixed/" + path, known->second, bytes));
    for (const auto& [path, bytes] : wanted)
      if (!changed.contains(path)) fail("does not change " + path);
    output(select + " --fix --unsafe-fixes");
    if (files_in(here_) != after) fail("a second --fix changes something");
    return passed_;
  }

 private:
  std::string output(const std::string& arguments) const { return output_of(here_, program_, arguments + " 2>&1"); }

  void compare(const std::string& name, const std::string& is) {
    const std::string wanted = read(folder_ / name);
    if (wanted == is) return;
    if (bless_) write(folder_ / name, is);
    else fail(dockerlint::unified_diff(name, wanted, is));
  }

  void fail(const std::string& why) {
    passed_ = false;
    std::fprintf(stderr, "%s: %s\n", folder_.c_str(), why.c_str());
  }

  fs::path folder_, program_, here_;
  bool bless_;
  bool passed_ = true;
};

/// One line a finding, behind the name of its project.
std::string table_of(const fs::path& projects, const fs::path& program) {
  std::string table;
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(projects))
    if (entry.is_directory()) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  for (const fs::path& folder : folders) {
    const std::string found = output_of(
        folder, program, " --no-config --quiet --select " + std::string(kRules) + " --format concise 2>/dev/null");
    for (std::string_view rest = found; !rest.empty();) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      if (!line.starts_with("? ")) table += folder.filename().string() + " " + std::string(line) + "\n";
    }
  }
  return table;
}

int check_table(const fs::path& program, const fs::path& projects, const std::string& path, bool bless) {
  if (!fs::exists(projects)) return 77;
  const std::string wanted = read(path), is = table_of(projects, program);
  if (wanted == is) return 0;
  if (bless) write(path, is);
  else std::fprintf(stderr, "%s", dockerlint::unified_diff(path, wanted, is).c_str());
  return bless ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: dockerlint_projects PROGRAM FOLDER...\n");
    return 2;
  }
  const char* const asked = std::getenv("DOCKERLINT_BLESS");
  const bool bless = asked != nullptr && std::string_view(asked) == "1";
  if (argc == 5 && std::string_view(argv[2]) == "--table")
    return check_table(fs::absolute(argv[1]), argv[3], argv[4], bless);
  bool passed = true;
  for (int i = 2; i < argc; ++i) passed &= Case(argv[i], fs::absolute(argv[1]), bless).passes();
  return passed ? 0 : 1;
}
