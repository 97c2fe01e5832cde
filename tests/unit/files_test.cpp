// SPDX-License-Identifier: Apache-2.0
#include "cli/files.hpp"
#include "cli/replace.hpp"
#include "support/catch.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string>

using namespace dockerlint::cli;

namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "dockerlint-files-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& bytes) const {
    std::FILE* const file = std::fopen(path(name).c_str(), "wb");
    REQUIRE(file != nullptr);
    std::fwrite(bytes.data(), 1, bytes.size(), file);
    std::fclose(file);
    return path(name);
  }
  auto entries() const { return std::distance(fs::directory_iterator(path_), fs::directory_iterator()); }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("files: read whole") {
  const Folder folder;
  const std::string bytes = std::string(200000, 'x') + '\0' + "\r\n\xFF";
  const FileContent content = read_file(folder.write("a", bytes));
  CHECK(content.trouble.empty());
  CHECK(content.regular);
  CHECK(content.bytes == bytes);
  CHECK(read_file(folder.write("empty", "")).bytes.empty());
  CHECK_FALSE(read_file(folder.path("missing")).trouble.empty());
  CHECK(read_file(folder.path("")).trouble == "it is a directory");
}

TEST_CASE("files: replaced, with mode and links as they were") {
  const Folder folder;
  const std::string path = folder.write("a", "old");
  fs::create_symlink("a", folder.path("link"));
  REQUIRE(::chmod(path.c_str(), 0751) == 0);
  CHECK(replace_file(folder.path("link"), read_file(folder.path("link")), "new").empty());
  CHECK(read_file(path).bytes == "new");
  CHECK(fs::is_symlink(folder.path("link")));
  CHECK((fs::status(path).permissions() & fs::perms::mask) == fs::perms(0751));
  CHECK(folder.entries() == 2);
}

TEST_CASE("files: not written when they changed meanwhile") {
  const Folder folder;
  const std::string path = folder.write("a", "old");
  const FileContent was = read_file(path);
  SECTION("other bytes") { folder.write("a", "odd"); }
  SECTION("another file of the same bytes") {
    folder.write("b", "old");
    fs::rename(folder.path("b"), path);
  }
  const std::string before = read_file(path).bytes;
  CHECK(replace_file(path, was, "new") == "it changed while dockerlint was reading it; nothing written");
  CHECK(read_file(path).bytes == before);
  CHECK(folder.entries() == 1);
}

TEST_CASE("files: one of several hard links is parted from the others") {
  const Folder folder;
  const std::string path = folder.write("a", "old");
  fs::create_hard_link(path, folder.path("b"));
  CHECK(replace_file(path, read_file(path), "new").empty());
  CHECK(read_file(path).bytes == "new");
  CHECK(read_file(folder.path("b")).bytes == "old");
}

TEST_CASE("files: what is certainly no Dockerfile") {
  CHECK(no_dockerfile("").empty());
  CHECK(no_dockerfile("FROM a\n").empty());
  CHECK(no_dockerfile(std::string("GIF\0FROM a", 10)) == "it looks like a binary file, not a Dockerfile");
  CHECK(no_dockerfile(std::string("\0\n  from a\n", 11)).empty());
  CHECK(no_dockerfile(std::string(9000, '#') + '\0').empty());
  CHECK_FALSE(no_dockerfile(std::string("\xFF\xFE"
                                        "F\0",
                                        4))
                  .empty());
}
