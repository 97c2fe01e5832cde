// SPDX-License-Identifier: Apache-2.0
#include "model/image_name.hpp"

#include "text/shown.hpp"
#include "text/utf8.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace dockerlint {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_alnum(char c) { return is_digit(c) || is_lower(to_lower(c)); }
bool is_hex(char c) { return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f'); }

/// [a-z0-9]+ parted by `.`, `_`, `__` or dashes.
bool is_path_component(std::string_view part) {
  const auto word = [](char c) { return is_digit(c) || is_lower(c); };
  for (std::size_t at = 0;;) {
    const std::size_t begin = at;
    while (at < part.size() && word(part[at])) ++at;
    if (at == begin) return false;
    if (at == part.size()) return true;
    const std::size_t separator = at;
    while (at < part.size() && part[at] == part[separator]) ++at;
    const std::size_t length = at - separator;
    const char c = part[separator];
    const bool good = c == '-' || (c == '.' && length == 1) || (c == '_' && length <= 2);
    if (!good) return false;
  }
}

bool is_domain(std::string_view domain) {
  const std::size_t bracket = domain.starts_with('[') ? domain.find(']') : 0;
  if (bracket == domain.npos) return false;
  const std::size_t colon = domain.find(':', bracket);
  if (colon != domain.npos) {
    const std::string_view port = domain.substr(colon + 1);
    if (port.empty() || !std::all_of(port.begin(), port.end(), is_digit)) return false;
  }
  const std::string_view host = domain.substr(0, colon);
  if (host.starts_with('[')) {
    const std::string_view address = host.substr(1, host.size() - 2);
    return host.back() == ']' && !address.empty() &&
           std::all_of(address.begin(), address.end(), [](char c) { return is_hex(c) || c == ':'; });
  }
  for (std::size_t begin = 0; begin <= host.size();) {
    const std::size_t end = std::min(host.find('.', begin), host.size());
    const std::string_view part = host.substr(begin, end - begin);
    if (part.empty() || part.front() == '-' || part.back() == '-') return false;
    if (!std::all_of(part.begin(), part.end(), [](char c) { return is_alnum(c) || c == '-'; })) return false;
    begin = end + 1;
  }
  return true;
}

bool is_tag(std::string_view tag) {
  return !tag.empty() && tag.size() <= 128 && (is_alnum(tag.front()) || tag.front() == '_') &&
         std::all_of(tag.begin(), tag.end(), [](char c) { return is_alnum(c) || c == '_' || c == '.' || c == '-'; });
}

bool is_digest(std::string_view digest) {
  const std::size_t colon = digest.find(':');
  if (colon == digest.npos) return false;
  const std::string_view algorithm = digest.substr(0, colon), hex = digest.substr(colon + 1);
  const std::size_t length = algorithm == "sha256" ? 64 : algorithm == "sha384" ? 96 : algorithm == "sha512" ? 128 : 0;
  return hex.size() == length &&
         std::all_of(hex.begin(), hex.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

}  // namespace

std::string image_name_error(std::string_view name) {
  if (name.size() == 64 &&
      std::all_of(name.begin(), name.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }))
    return "64 hexadecimal digits alone name no image";

  std::string_view rest = name;
  if (const std::size_t at = rest.find('@'); at != rest.npos) {
    if (!is_digest(rest.substr(at + 1))) return fmt::format("`{}` is no digest", shown(rest.substr(at + 1)));
    rest = rest.substr(0, at);
  }
  const std::size_t slash = rest.find('/');
  if (slash != rest.npos) {
    const std::string_view first = rest.substr(0, slash);
    const bool upper = std::any_of(first.begin(), first.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (first.find_first_of(".:[") != first.npos || first == "localhost" || upper) {
      if (!is_domain(first)) return fmt::format("`{}` names no registry", shown(first));
      rest.remove_prefix(slash + 1);
    }
  }
  if (const std::size_t colon = rest.find(':'); colon != rest.npos) {
    const std::string_view tag = rest.substr(colon + 1);
    if (!is_tag(tag)) return tag.empty() ? "the tag after `:` is missing" : fmt::format("`{}` is no tag", shown(tag));
    rest = rest.substr(0, colon);
  }
  if (std::any_of(rest.begin(), rest.end(), [](char c) { return c >= 'A' && c <= 'Z'; }))
    return "the name of an image must be in lower case";
  if (rest.size() > 255) return "the name of an image has at most 255 characters";
  for (std::size_t begin = 0; begin <= rest.size();) {
    const std::size_t end = std::min(rest.find('/', begin), rest.size());
    if (!is_path_component(rest.substr(begin, end - begin)))
      return begin == end ? "a part of its name is empty"
                          : fmt::format("`{}` cannot be part of its name", shown(rest.substr(begin, end - begin)));
    begin = end + 1;
  }
  return {};
}

}  // namespace dockerlint
