// SPDX-License-Identifier: Apache-2.0
// dockerlint_pages PAGE.md…: runs the examples of pages. Without a page: checks that every rule has one.
// With DOCKERLINT_BLESS=1 the expectations are rewritten first to what now comes out.

#include "support/page.hpp"

#include <cstdio>

namespace {

using namespace dockerlint::test;

std::vector<std::string> run(const std::string& path) {
  std::optional<std::string> text = read_file(path);
  if (!text) return {path + ": cannot be read"};
  if (blessing()) {
    const std::string now = blessed(read_page(path, *text));
    if (now != *text) {
      if (!write_file(path, now)) return {path + ": cannot be written"};
      std::printf("%s: rewritten\n", path.c_str());
      text = now;
    }
  }
  return failures(read_page(path, *text));
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> all;
  if (argc < 2) all = failures_of_all_rules();
  for (int i = 1; i < argc; ++i)
    for (std::string& failure : run(argv[i])) all.push_back(std::move(failure));
  for (const std::string& failure : all) std::printf("%s\n", failure.c_str());
  return all.empty() ? 0 : 1;
}
