// SPDX-License-Identifier: Apache-2.0
#include "text/ignore.hpp"

#include "cli/discover.hpp"
#include "support/catch.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace dockerlint;
using namespace dockerlint::cli;

namespace {

namespace fs = std::filesystem;

bool ignored(std::string_view patterns, std::string_view path, bool directory = false) {
  return IgnorePatterns(patterns).verdict(path, directory) == Verdict::ignored;
}

class Repository {
 public:
  Repository() {
    std::string name = (fs::temp_directory_path() / "dockerlint-ignore-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Repository() { fs::remove_all(path_); }
  Repository(const Repository&) = delete;
  Repository& operator=(const Repository&) = delete;

  const fs::path& path() const { return path_; }

  void write(const std::string& name, std::string_view bytes) const {
    fs::create_directories((path_ / name).parent_path());
    std::FILE* const file = std::fopen((path_ / name).c_str(), "wb");
    REQUIRE(file != nullptr);
    std::fwrite(bytes.data(), 1, bytes.size(), file);
    std::fclose(file);
  }

  std::string run(const std::string& command) const {
    const std::string whole =
        "cd '" + path_.string() + "' && GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 " + command + " 2>&1";
    std::FILE* const pipe = ::popen(whole.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string out;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) out += static_cast<char>(c);
    ::pclose(pipe);
    return out;
  }

  std::vector<std::string> found() const {
    std::vector<std::string> paths;
    for (const Input& input : discover({.paths = {path_.string()}, .stdin_name = {}, .force_exclude = false}).inputs)
      paths.push_back(input.path.substr(path_.string().size() + 1));
    return paths;
  }

 private:
  fs::path path_;
};

bool has_git() { return std::system("command -v git >/dev/null") == 0; }

}  // namespace

TEST_CASE("ignore: names, folders, negation") {
  CHECK(ignored("build", "a/build"));
  CHECK(ignored("build/", "a/build", true));
  CHECK_FALSE(ignored("build/", "a/build"));
  CHECK(ignored("/build", "build"));
  CHECK_FALSE(ignored("/build", "a/build"));
  CHECK_FALSE(ignored("a/b", "x/a/b"));
  CHECK(ignored("*.log\n!keep.log\n", "x.log"));
  CHECK_FALSE(ignored("*.log\n!keep.log\n", "keep.log"));
  CHECK_FALSE(ignored("# note\n\n", "# note"));
  CHECK(ignored("\\#x\n\\!y\n", "!y"));
  CHECK(ignored("x  \r\n", "x"));
  CHECK(ignored("x\\ \n", "x "));
}

TEST_CASE("ignore: wildcards") {
  CHECK(wildcard_match("*.x", "a.x", true));
  CHECK_FALSE(wildcard_match("*.x", "d/a.x", true));
  CHECK(wildcard_match("**/a", "a", true));
  CHECK(wildcard_match("**/a", "d/e/a", true));
  CHECK(wildcard_match("a/**/b", "a/b", true));
  CHECK(wildcard_match("a/**/b", "a/x/y/b", true));
  CHECK(wildcard_match("a/**", "a/x/y", true));
  CHECK_FALSE(wildcard_match("a/**", "a", true));
  CHECK(wildcard_match("[a-c]?", "bz", true));
  CHECK_FALSE(wildcard_match("[!a-c]", "b", true));
  CHECK(wildcard_match("[]]", "]", true));
  CHECK(wildcard_match("[[:digit:]x]", "7", true));
  CHECK_FALSE(wildcard_match("[abc", "a", true));
  CHECK_FALSE(wildcard_match(std::string("*a*a*a*a*a*a*a*a*a*a*a*a*a*b"), std::string(5000, 'a'), true));
}

TEST_CASE("ignore: as git check-ignore says") {
  if (!has_git()) return;
  const Repository repository;
  repository.run("git init -q .");
  std::mt19937 random(3);
  const auto pick = [&](const std::vector<std::string>& from) { return from[random() % from.size()]; };
  const std::vector<std::string> names = {"a", "b", "ab", "a.b", "a b", "[x", "c"};
  const std::vector<std::string> pieces = {"a",    "b",  "*",   "**",  "***", "/", "/", "?",   "[ab]",
                                           "[!a]", ".b", "**/", "/**", "\\a", "[", " ", "a/b", "c/"};
  std::set<std::string> paths;
  for (const std::string& one : names)
    for (const std::string& two : names)
      for (const std::string& three : {std::string("a"), std::string("b"), std::string("c"), std::string("ab")})
        paths.insert(one + '/' + two + '/' + three);
  std::string list;
  for (const std::string& path : paths) list += path + '\n';
  repository.write("paths", list);
  for (int round = 0; round < 250; ++round) {
    std::string patterns;
    for (std::size_t line = random() % 4 + 1; line > 0; --line) {
      if (random() % 4 == 0) patterns += '!';
      for (std::size_t piece = random() % 4 + 1; piece > 0; --piece) patterns += pick(pieces);
      patterns += '\n';
    }
    repository.write(".gitignore", patterns);
    const std::string said = repository.run("git -c core.quotePath=false check-ignore --no-index --stdin <paths");
    std::string ours;
    IgnoreStack stack;
    stack.push("", IgnorePatterns(patterns));
    for (const std::string& path : paths) {
      const std::size_t first = path.find('/');
      const std::size_t second = path.find('/', first + 1);
      if (stack.ignores(path.substr(0, first), true) || stack.ignores(path.substr(0, second), true) ||
          stack.ignores(path, false))
        ours += path + '\n';
    }
    CAPTURE(patterns);
    CHECK(ours == said);
  }
}

TEST_CASE("discover: nested .gitignore, info/exclude, .git, node_modules, links") {
  const Repository repository;
  for (const char* const name :
       {"Dockerfile", "api/Dockerfile", "api/out/Dockerfile", "api/out/keep/Dockerfile", "web/Dockerfile.dev",
        "secret/Dockerfile", "node_modules/x/Dockerfile", ".git/Dockerfile", "vendor/sub/Dockerfile",
        "vendor/sub/.git/HEAD", "docs/Dockerfile.md"})
    repository.write(name, "FROM scratch\n");
  repository.write(".gitignore", "/web\n");
  repository.write("api/.gitignore", "/out/*\n!/out/keep/\n");
  repository.write("vendor/.gitignore", "Dockerfile\n");
  repository.write(".git/info/exclude", "secret/\n");
  fs::create_symlink("api/Dockerfile", repository.path() / "Dockerfile.link");
  fs::create_symlink("/etc/passwd", repository.path() / "Dockerfile.away");
  fs::create_symlink("api", repository.path() / "linked");
  // The link and its target are one file, and the link comes first. A repository in a repository is its own.
  CHECK(repository.found() ==
        std::vector<std::string>{"Dockerfile", "Dockerfile.link", "api/out/keep/Dockerfile", "vendor/sub/Dockerfile"});
}

TEST_CASE("discover: which names are Dockerfiles") {
  for (const char* const name :
       {"Dockerfile", "dockerfile", "Containerfile", "Dockerfile.dev", "Dockerfile.go", "dev.Dockerfile",
        "api.dockerfile", "Dockerfile-alpine", "Dockerfile_x", "Containerfile.1", "x.containerfile"}) {
    CAPTURE(name);
    CHECK(is_dockerfile_name(name));
  }
  for (const char* const name : {"Dockerfile.md", "Dockerfile.dockerignore", "Dockerfile.j2", "Dockerfile.in",
                                 "Dockerfile.tmpl", "dockerfile.go", "dockerfile.py", "Dockerfile.sh", "Dockerfile~",
                                 "Dockerfiles", "MyDockerfile", ".dockerignore", "dockerfile-parser.js", "x"}) {
    CAPTURE(name);
    CHECK_FALSE(is_dockerfile_name(name));
  }
}

TEST_CASE("discover: which names are plainly something else") {
  for (const char* const name : {"Dockerfile.md", ".dockerignore", "Dockerfile.j2", "main.go", "dockerfile.go",
                                 "dockerfile-parser.js", "Domain.java", "Dockerfile.orig", "Dockerfile~"}) {
    CAPTURE(name);
    CHECK(is_other_name(name));
  }
  for (const char* const name : {"Dockerfile", "Dockerfile.go", "Containerfile.php", "Dockerfile.3.12", "odd-name",
                                 "image.docker", "api.dockerfile", ""}) {
    CAPTURE(name);
    CHECK_FALSE(is_other_name(name));
  }
}

TEST_CASE("patterns cover what lies in a folder that they match") {
  const IgnorePatterns patterns("api/\n*.dev\n/web/*\n!/web/keep\n");
  CHECK(patterns.cover("api/Dockerfile"));
  CHECK(patterns.cover("x/api/y/Dockerfile"));
  CHECK_FALSE(patterns.cover("api"));  // a file of that name
  CHECK(patterns.cover("x/Dockerfile.dev"));
  CHECK(patterns.cover("web/other/Dockerfile"));
  CHECK_FALSE(patterns.cover("web/keep/Dockerfile"));
  CHECK_FALSE(patterns.cover("Dockerfile"));
}

TEST_CASE("a pattern that cannot mean anything has a fault") {
  for (const char* const pattern : {"a", "/a", "a/", "**/a", "!a", "\\#a", "[a-z]x", "[]]", "a\\ ", "a/**", "..a/b.."})
    CHECK(pattern_fault(pattern) == "");
  for (const char* const pattern : {"", "!", "/", "#a", "./a", "../a", "a/../b", "a/..", "[a", "[[:no:]]", "a\\"}) {
    CAPTURE(pattern);
    CHECK(pattern_fault(pattern) != "");
    CHECK_FALSE(IgnorePatterns(pattern).cover("a"));
  }
}
