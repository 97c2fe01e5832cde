// SPDX-License-Identifier: Apache-2.0
// Plays transcripts and says where they came out otherwise. DOCKERLINT_BLESS=1 writes down how they came out.
// The exit status is 77 when what was played came out right, but not all could be.
#include "support/transcript.hpp"
#include "text/diff.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

bool read_file(const std::string& path, std::string& bytes) {
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return false;
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) bytes += static_cast<char>(c);
  return std::fclose(file) == 0;
}

bool write_file(const std::string& path, std::string_view bytes) {
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return false;
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  return std::fclose(file) == 0 && written;
}

bool check(const std::string& path, const std::string& program, bool bless, bool& whole) {
  std::string page;
  if (!read_file(path, page)) {
    std::fprintf(stderr, "%s: cannot be read\n", path.c_str());
    return false;
  }
  const dockerlint::test::Played played = dockerlint::test::play(page, program);
  if (!played.failed.empty()) {
    std::fprintf(stderr, "%s: %s\n", path.c_str(), played.failed.c_str());
    return false;
  }
  if (!played.left_out.empty()) {
    std::fprintf(stderr, "%s: %s", path.c_str(), played.left_out.c_str());
    whole = false;
  }
  if (played.page == page) return true;
  if (bless) return write_file(path, played.page);
  std::fprintf(stderr, "%s", dockerlint::unified_diff(path, page, played.page).c_str());
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  std::string program;
  std::vector<std::string> paths;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--program" && i + 1 < argc) program = argv[++i];
    else paths.emplace_back(argument);
  }
  if (program.empty() || paths.empty()) {
    std::fprintf(stderr, "usage: dockerlint_transcripts --program PATH PAGE...\n");
    return 2;
  }
  const char* const bless = std::getenv("DOCKERLINT_BLESS");
  bool passed = true;
  bool whole = true;
  for (const std::string& path : paths)
    passed &= check(path, program, bless != nullptr && std::string_view(bless) == "1", whole);
  if (!passed) return 1;
  return whole ? 0 : 77;
}
