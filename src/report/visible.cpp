// SPDX-License-Identifier: Apache-2.0
#include "report/visible.hpp"

#include "text/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dockerlint {
namespace {

/// What cannot be seen, or changes the order in which its neighbours are (bidirectional controls), or what a
/// terminal takes for a command (C1 controls).
bool is_hidden(char32_t c) {
  return (c >= 0x80 && c < 0xA0) || c == 0xAD || c == 0x61C || c == 0x180E ||
         (c >= 0x200B && c <= 0x200F && c != 0x200D) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
         c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

template <typename... Args>
Cell named(std::size_t length, fmt::format_string<Args...> format, Args&&... args) {
  Cell cell;
  const auto end = fmt::format_to_n(cell.name.data(), cell.name.size(), format, std::forward<Args>(args)...);
  cell.length = length;
  cell.name_size = end.size;
  cell.width = end.size;
  return cell;
}

}  // namespace

Cell first_cell(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text.front());
  if (byte >= 0x20 && byte < 0x7F) return {};
  if (byte == '\t') return {.width = 0};
  if (byte < 0x80) return named(1, "<{:02X}>", byte);
  const CodePoint c = decode(text);
  if (!c.valid) return named(1, "<{:02X}>", byte);
  if (is_hidden(c.value)) return named(c.length, "<U+{:04X}>", static_cast<std::uint32_t>(c.value));
  return {.length = c.length, .width = display_width(c.value)};
}

std::size_t plain_length(std::string_view text) {
  const auto is_plain = [](char c) { return c >= 0x20 && c < 0x7F; };
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_plain) - text.begin());
}

void append_visible(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t plain = plain_length(text);
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) return;
    const Cell cell = first_cell(text);
    out += cell.shown(text);
    text.remove_prefix(cell.length);
  }
}

std::string visible(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  append_visible(out, text);
  return out;
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Cell cell = first_cell(text);
    width += cell.width;
    text.remove_prefix(cell.length);
  }
  return width;
}

std::string fitted(std::string_view text, std::size_t width) {
  if (width_of(text) <= width) return visible(text);
  std::string out;
  std::size_t used = 0;
  while (!text.empty()) {
    const Cell cell = first_cell(text);
    if (used + cell.width + 1 > width) break;
    used += cell.width;
    append_visible(out, text.substr(0, cell.length));
    text.remove_prefix(cell.length);
  }
  return out + "…";
}

std::string fitted_left(std::string_view text, std::size_t width) {
  if (width_of(text) <= width) return visible(text);
  while (!text.empty() && width_of(text) + 1 > width) text.remove_prefix(first_cell(text).length);
  return "…" + visible(text);
}

}  // namespace dockerlint
