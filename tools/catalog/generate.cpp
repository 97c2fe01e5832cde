// SPDX-License-Identifier: Apache-2.0
// Makes constant tables, or a page of documentation, of the files in rules/catalog/. Runs while the
// program is built; nothing is written if anything is wrong.

#include "catalog/reader.hpp"
#include "reference.hpp"
#include "tables_text.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace dockerlint;

constexpr const char* kUsage =
    "usage: catalog_generator OUT.cpp FILE.json...\n"
    "       catalog_generator --markdown OUT.md FILE.json...\n"
    "       catalog_generator --check-markdown PAGE.md FILE.json...\n";

int fail(std::string_view message) {
  fmt::print(stderr, "{}\n", message);
  return 1;
}

std::optional<std::string> read_file(const std::string& path) {
  std::FILE* in = std::fopen(path.c_str(), "rb");
  if (in == nullptr) return std::nullopt;
  std::string bytes;
  std::array<char, 1 << 14> buffer;
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), in)) > 0;) bytes.append(buffer.data(), n);
  const bool failed = std::ferror(in) != 0;
  std::fclose(in);
  if (failed) return std::nullopt;
  return bytes;
}

int write_file(const std::string& path, std::string_view text) {
  std::FILE* out = std::fopen(path.c_str(), "wb");
  if (out == nullptr) return fail(fmt::format("{}: cannot be written", path));
  const bool wrote = std::fwrite(text.data(), 1, text.size(), out) == text.size();
  const bool closed = std::fclose(out) == 0;
  return wrote && closed ? 0 : fail(fmt::format("{}: cannot be written", path));
}

int check_page(const std::string& path, std::string_view text) {
  const std::optional<std::string> page = read_file(path);
  if (!page) return fail(fmt::format("{}: cannot be read", path));
  if (*page == text) return 0;
  if (std::getenv("DOCKERLINT_BLESS") != nullptr) return write_file(path, text);
  return fail(fmt::format("{}: does not say what rules/catalog/ says; ./tools/bless docs/ remakes it", path));
}

int run(std::vector<std::string> arguments) {
  std::string mode;
  if (!arguments.empty() && arguments.front().starts_with("--")) {
    mode = arguments.front();
    arguments.erase(arguments.begin());
  }
  const bool known_mode = mode.empty() || mode == "--markdown" || mode == "--check-markdown";
  if (!known_mode || arguments.size() < 2) {
    fmt::print(stderr, "{}", kUsage);
    return 1;
  }
  const std::string target = arguments.front();
  arguments.erase(arguments.begin());

  std::vector<CatalogFile> files;
  for (const std::string& path : arguments) {
    if (path.ends_with("/schema.json")) continue;  // welcome, so that a build may name them all by a pattern
    std::optional<std::string> bytes = read_file(path);
    if (!bytes) return fail(fmt::format("{}: cannot be read", path));
    files.push_back({path, *std::move(bytes)});
  }
  if (files.empty()) return fail("no catalog file was given");

  Arena arena;
  std::vector<CatalogError> errors;
  const std::vector<const Tool*> tools = read_tools(files, {}, arena, errors);
  for (const CatalogError& error : errors) fail(error.text());
  if (!errors.empty()) return 1;
  if (mode == "--markdown") return write_file(target, catalog::reference(tools));
  if (mode == "--check-markdown") return check_page(target, catalog::reference(tools));
  return write_file(target, catalog::tables_text(make_tables(tools, arena)));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    return fail(fmt::format("catalog_generator: {}", error.what()));
  }
}
