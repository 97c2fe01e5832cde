// SPDX-License-Identifier: Apache-2.0
#include "text/diff.hpp"
#include "support/catch.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

using dockerlint::unified_diff;

namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::string bytes;
  if (std::FILE* const file = std::fopen(path.c_str(), "rb")) {
    for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) bytes += static_cast<char>(c);
    std::fclose(file);
  }
  return bytes;
}

void write_file(const fs::path& path, const std::string& bytes) {
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  REQUIRE(file != nullptr);
  std::fwrite(bytes.data(), 1, bytes.size(), file);
  std::fclose(file);
}

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "dockerlint-diff-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const fs::path& path() const { return path_; }
  int run(const std::string& command) const {
    return std::system(
        ("cd '" + path_.string() + "' && export GIT_CEILING_DIRECTORIES=/ && " + command + " >log 2>&1").c_str());
  }

 private:
  fs::path path_;
};

bool installed(const char* program) {
  return std::system((std::string("command -v ") + program + " >/dev/null").c_str()) == 0;
}

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t limit) { return random() % limit; }

/// Lines from a small stock, so that many are alike; some end in \r\n, and the last may have no end.
std::string random_text(Random& random, std::size_t lines) {
  static const std::vector<std::string> kStock = {"FROM a", "RUN b",       "",     "    && c", "\xFF\xFE", "- d",
                                                  "+ e",    "@@ -1 +1 @@", "\\ f", "--- a/x"};
  std::string text;
  for (std::size_t i = 0; i < lines; ++i)
    text += kStock[below(random, kStock.size())] + (below(random, 5) == 0 ? "\r\n" : "\n");
  if (!text.empty() && below(random, 4) == 0) text.pop_back();
  return text;
}

std::string random_edit(Random& random, const std::string& text) {
  std::string edited = text;
  for (std::size_t i = below(random, 6) + 1; i > 0; --i) {
    const std::size_t at = below(random, edited.size() + 1);
    if (below(random, 2) == 0) edited.insert(at, random_text(random, below(random, 3)));
    else edited.erase(at, below(random, 12));
  }
  return edited;
}

}  // namespace

TEST_CASE("diff: what it looks like") {
  CHECK(unified_diff("x", "a\n", "a\n").empty());
  CHECK(unified_diff("x", "a\nb\nc\n", "a\nB\nc\n") == "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
  CHECK(unified_diff("x", "a\n", "a") == "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n");
  CHECK(unified_diff("x", "", "a\n") == "--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+a\n");
  CHECK(unified_diff("x", "a\n", "") == "--- a/x\n+++ b/x\n@@ -1 +0,0 @@\n-a\n");
  CHECK(unified_diff("x", "a\r\n", "b\r\n") == "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\r\n+b\r\n");
}

TEST_CASE("diff: a hunk is named by the last heading before it, as git names functions") {
  const auto heads = [](std::string_view line) { return line.starts_with("FROM"); };
  CHECK(unified_diff("x", "FROM a\r\n1\n2\n3\n4\n5\n", "FROM a\r\n1\n2\n3\n4\n6\n", heads) ==
        "--- a/x\n+++ b/x\n@@ -3,4 +3,4 @@ FROM a\n 2\n 3\n 4\n-5\n+6\n");
  // Not by one that the hunk shows itself.
  CHECK(unified_diff("x", "FROM a\nb\n", "FROM a\nc\n", heads) ==
        "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n FROM a\n-b\n+c\n");
}

TEST_CASE("diff: hunks whose contexts touch are one") {
  const std::string before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";
  const auto hunks = [&](const std::string& after) {
    const std::string diff = unified_diff("x", before, after);
    std::size_t count = 0;
    for (std::size_t at = diff.find("\n@@ "); at != std::string::npos; at = diff.find("\n@@ ", at + 1)) ++count;
    return count;
  };
  CHECK(hunks("one\n2\n3\n4\n5\n6\n7\neight\n9\n10\n") == 1);
  CHECK(hunks("one\n2\n3\n4\n5\n6\n7\n8\nnine\n10\n") == 2);
}

TEST_CASE("diff: names are quoted as git does") {
  const auto header = [](const std::string& path) {
    const std::string diff = unified_diff(path, "", "x");
    return diff.substr(0, diff.find('\n'));
  };
  CHECK(header("a b") == "--- a/a b\t");
  CHECK(header("a\"b\\c\nd\x01") == R"(--- "a/a\"b\\c\nd\001")");
  CHECK(header("\xC3\xA9") == R"(--- "a/\303\251")");
}

TEST_CASE("diff: what git apply and patch make of it is what was meant") {
  const Folder folder;
  Random random(7);
  const bool git = installed("git");
  const bool patch = installed("patch");
  for (int round = 0; round < 150; ++round) {
    const std::string before = random_text(random, below(random, 40) + 1);
    const std::string after = random_edit(random, before);
    if (before == after || after.empty()) continue;  // an empty result is a deletion to both
    const std::string name = round % 3 == 0 ? "a \"b\" \xC3\xA9" : "Dockerfile";
    CAPTURE(round, before, after);
    write_file(folder.path() / "diff", unified_diff(name, before, after));
    if (git) {
      write_file(folder.path() / name, before);
      CHECK(folder.run("git apply diff") == 0);
      CHECK(read_file(folder.path() / name) == after);
    }
    if (patch) {
      write_file(folder.path() / name, before);
      CHECK(folder.run("patch -s -p1 <diff") == 0);
      CHECK(read_file(folder.path() / name) == after);
    }
  }
}

TEST_CASE("diff: a few changes in a long file are a few hunks") {
  std::string before;
  std::string after;
  for (int i = 0; i < 20000; ++i) {
    const std::string line = std::to_string(i % 700) + "\n";
    before += line;
    after += i % 500 == 3 ? "changed\n" : line;
  }
  const std::string diff = unified_diff("x", before, after);
  CHECK(diff.size() < 6000);
}

TEST_CASE("diff: a file in which everything changed is replaced, and soon") {
  std::string before;
  std::string after;
  for (int i = 0; i < 200000; ++i) {
    before += std::to_string(i) + "\n";
    after += std::to_string(i) + "\r\n";
  }
  CHECK(unified_diff("x", before, after).size() > before.size() + after.size());
}
