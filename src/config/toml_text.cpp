// SPDX-License-Identifier: Apache-2.0
#include "config/toml_text.hpp"

#include <fmt/format.h>

#include <type_traits>

namespace dockerlint::config {
namespace {

template <typename Words>
std::string toml_list(const Words& words) {
  std::string out;
  for (const auto& word : words) out += fmt::format("{}{}", out.empty() ? "" : ", ", toml_string(word));
  return fmt::format("[{}]", out);
}

template <typename Variant>
std::string value(const Variant& variant) {
  return std::visit(
      [](const auto& held) -> std::string {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, bool>) return held ? "true" : "false";
        else if constexpr (std::is_same_v<Held, std::int64_t>) return fmt::format("{}", held);
        else if constexpr (std::is_convertible_v<Held, std::string_view>) return toml_string(held);
        else return toml_list(held);
      },
      variant);
}

}  // namespace

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) out += fmt::format("\\u{:04x}", c);
    else out += c;
  }
  return out + '"';
}

std::string toml_value(const OptionValue& chosen) { return value(chosen); }
std::string toml_value(const OptionDefault& fallback) { return value(fallback); }

}  // namespace dockerlint::config
