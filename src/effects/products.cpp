// SPDX-License-Identifier: Apache-2.0
#include "effects/products.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace dockerlint {
namespace {

/// Endings that no directory has.
constexpr std::array kFileEndings =
    std::to_array<std::string_view>({".a", ".apk", ".deb", ".dll", ".dylib", ".ear", ".exe", ".gz", ".jar", ".rpm",
                                     ".so", ".tar", ".tgz", ".war", ".wasm", ".whl", ".xz", ".zip"});

/// What cargo has beside the programs in the directory of a profile.
constexpr std::array kCargoDirectories =
    std::to_array<std::string_view>({"build", "deps", "examples", "incremental", ".fingerprint"});

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0) parts.push_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

bool ends_as_file(std::string_view name) {
  return std::any_of(kFileEndings.begin(), kFileEndings.end(),
                     [name](std::string_view ending) { return name.ends_with(ending); });
}

/// The option's value, "" where it is not given; absent where it is not known.
Value option_of(const RunCommand& command, std::string_view option) {
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const Value word = command.words[i].value();
    if (!word) return std::nullopt;
    if (*word == "--") break;
    if (*word == option) return i + 1 < command.words.size() ? command.words[i + 1].value() : std::nullopt;
    if (word->starts_with(option) && word->size() > option.size() && (*word)[option.size()] == '=')
      return word->substr(option.size() + 1);
  }
  return std::string_view();
}

bool has_word(const RunCommand& command, std::string_view wanted) {
  return std::any_of(command.words.begin(), command.words.end(),
                     [wanted](const CommandWord& word) { return word.value() == wanted; });
}

/// `[platform/]profile/name` below cargo's target directory.
/// https://doc.rust-lang.org/cargo/reference/build-cache.html
Product of_cargo(const RunCommand& command, std::span<const std::string_view> parts) {
  if (command.program() != "cargo" || parts.size() < 2 || parts.size() > 3) return Product::unknown;
  const std::string_view run = command.word(1).starts_with('+') ? command.word(2) : command.word(1);
  if (run != "build" && run != "b" && run != "rustc" && run != "auditable" && run != "zigbuild")
    return Product::unknown;
  if (command.more_words) return Product::unknown;
  const Value platform = option_of(command, "--target");
  Value profile = option_of(command, "--profile");
  if (!platform || !profile) return Product::unknown;
  if (profile->empty()) profile = has_word(command, "--release") || has_word(command, "-r") ? "release" : "debug";
  else if (*profile == "dev") profile = "debug";

  const bool has_platform = parts.size() == 3;
  // A platform may also come from a configuration file or CARGO_BUILD_TARGET.
  if (has_platform && !platform->empty() && platform->substr(0, platform->find('.')) != parts.front())
    return Product::none;
  if (!has_platform && !platform->empty()) return Product::none;
  if (parts[parts.size() - 2] != *profile) return Product::none;
  const std::string_view name = parts.back();
  if (std::find(kCargoDirectories.begin(), kCargoDirectories.end(), name) != kCargoDirectories.end())
    return Product::unknown;
  return ends_as_file(name) ? Product::file : Product::program;
}

}  // namespace

Product product_at(const PathWrite& write, std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (write.command != nullptr && write.directory != nullptr && lies_in(path, write.path)) {
    const auto parts = parts_of(path.substr(write.path.size()));
    const Product product = of_cargo(*write.command, parts);
    if (product != Product::unknown) return product;
    // `go install` and `cargo install` have nothing but programs there.
    if (write.directory->kind == DirectoryKind::installed && write.directory->name == "bin" && parts.size() == 1)
      return Product::program;
  }
  if (write.kind == WriteKind::file && write.path == path && write.command != nullptr) {
    // What is made by name is a file, save for mkdir's directories.
    const std::string_view program = write.command->program();
    if (program == "go" && !ends_as_file(name)) return Product::program;
    if (program != "mkdir" && program != "install") return Product::file;
  }
  return ends_as_file(name) ? Product::file : Product::unknown;
}

}  // namespace dockerlint
