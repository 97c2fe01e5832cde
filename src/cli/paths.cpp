// SPDX-License-Identifier: Apache-2.0
#include "cli/paths.hpp"

#include "config/load.hpp"

#include <array>
#include <climits>
#include <cstdlib>

namespace dockerlint::cli {

std::string real_folder(const std::string& given) {
  std::array<char, PATH_MAX> buffer{};
  std::string out = given;
  if (::realpath(given.empty() ? "." : given.c_str(), buffer.data()) != nullptr) out = buffer.data();
  else if (!given.starts_with('/') && ::realpath(".", buffer.data()) != nullptr)
    out = config::joined_path(std::string(buffer.data()) + '/', given);
  return out.ends_with('/') ? out : out + '/';
}

std::string real_path(const std::string& given) {
  std::array<char, PATH_MAX> buffer{};
  if (::realpath(given.c_str(), buffer.data()) != nullptr) return buffer.data();
  return real_folder(std::string(folder_part(given))) + std::string(name_part(given));
}

std::string shown_path(const std::string& absolute) {
  std::string up;
  for (std::string here = real_folder("."); here.size() > 1;
       here.resize(folder_part(here.substr(0, here.size() - 1)).size())) {
    if (absolute.starts_with(here)) return up + absolute.substr(here.size());
    up += "../";
  }
  return absolute;
}

std::string relative_path(std::string_view folder, std::string_view absolute) {
  std::string up;
  if (!folder.starts_with('/') || !absolute.starts_with('/')) return std::string(absolute);  // who knows where we are
  while (!absolute.starts_with(folder)) {
    folder.remove_suffix(1);
    folder = folder_part(folder);
    up += "../";
  }
  return up.append(absolute.substr(folder.size()));
}

}  // namespace dockerlint::cli
