// SPDX-License-Identifier: Apache-2.0
#include "catalog/checks.hpp"

#include "model/expand.hpp"
#include "model/paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace dockerlint {
namespace {

constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

bool has_word(std::string_view title, std::string_view word) {
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  return std::search(title.begin(), title.end(), word.begin(), word.end(), same) != title.end();
}

/// A name of a variable with what follows it, `=…` or nothing.
bool is_variable(std::string_view name) {
  const auto fits = [](char c) { return is_lower(c) || is_upper(c) || is_digit(c) || c == '_'; };
  return !name.empty() && !is_digit(name.front()) && std::all_of(name.begin(), name.end(), fits);
}

bool has_blank(std::string_view text) { return text.find(' ') != std::string_view::npos; }

}  // namespace

std::string_view trouble_with_line(std::string_view text) {
  if (text.empty()) return "is empty";
  if (text.front() == ' ' || text.back() == ' ') return "begins or ends with a blank";
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
    return "must be one line, without tabs or other control characters";
  return {};
}

std::string_view trouble_with_sentence(std::string_view text, std::string_view title) {
  if (const std::string_view trouble = trouble_with_line(text); !trouble.empty()) return trouble;
  if (text.back() == '.') return "must not end with a full stop";
  const std::string_view first = text.substr(0, text.find(' '));
  const bool plain = std::all_of(first.begin() + 1, first.end(), is_lower);  // CMake, R's: names
  if (is_upper(first.front()) && plain && !has_word(title, first)) return "must begin in lower case";
  return {};
}

std::string_view trouble_with_tool_name(std::string_view name) {
  const auto fits = [](char c) { return is_lower(c) || is_digit(c) || c == '-'; };
  if (name.empty() || !is_lower(name.front()) || !std::all_of(name.begin(), name.end(), fits))
    return "must be made of a-z, 0-9 and -, and begin with a letter";
  return {};
}

std::string_view trouble_with_directory_name(std::string_view name) {
  const auto fits = [](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '_' || c == '.'; };
  if (name.empty() || is_digit(name.front()) || name.front() == '-' || !std::all_of(name.begin(), name.end(), fits))
    return "must be made of a-z, 0-9, -, _ and ., and begin with a letter, _ or .";
  return {};
}

std::string_view trouble_with_program(std::string_view name) {
  if (const std::string_view trouble = trouble_with_line(name); !trouble.empty()) return trouble;
  if (has_blank(name)) return "must be one word; words that run it are `forms`";
  if (name.find('/', name.starts_with("./") ? 2 : 0) != std::string_view::npos) return "must be without directory";
  return {};
}

std::string_view trouble_with_form(std::string_view words) {
  if (const std::string_view trouble = trouble_with_line(words); !trouble.empty()) return trouble;
  if (!has_blank(words)) return "must be several words; a program is one of `programs`";
  if (words.find("  ") != std::string_view::npos) return "must have one blank between its words";
  return {};
}

std::string_view trouble_with_subcommand(std::string_view words) {
  if (words.empty()) return {};
  if (const std::string_view trouble = trouble_with_line(words); !trouble.empty()) return trouble;
  if (words.find("  ") != std::string_view::npos) return "must have one blank between its words";
  if (std::count(words.begin(), words.end(), ' ') > 1) return "must be two words at most";
  return {};
}

std::string_view trouble_with_prefix(std::string_view word) {
  if (const std::string_view trouble = trouble_with_line(word); !trouble.empty()) return trouble;
  if (has_blank(word)) return "must be one word";
  if (word.find('*') < word.size() - 1 || word == "*") return "may have its * only at its end, behind something";
  return {};
}

std::string_view trouble_with_option_or_value(std::string_view word) {
  if (const std::string_view trouble = trouble_with_line(word); !trouble.empty()) return trouble;
  if (word.size() < 2 || (word.front() != '-' && word.front() != '+' && word.front() != '/'))
    return "must be an option: a word that begins with -, + or /";
  return {};
}

std::string_view trouble_with_option(std::string_view word) {
  if (const std::string_view trouble = trouble_with_option_or_value(word); !trouble.empty()) return trouble;
  if (has_blank(word)) return "must be one word";
  if (word.find('=') != std::string_view::npos) return "must be without =";
  return {};
}

std::string_view trouble_with_directory_flag(std::string_view word) {
  if (const std::string_view trouble = trouble_with_option(word); !trouble.empty()) return trouble;
  if (word.ends_with('/')) return "must not end with /";
  return {};
}

std::string_view trouble_with_variable(std::string_view text) {
  return is_variable(text.substr(0, text.find('='))) ? std::string_view() : "must be NAME or NAME=VALUE";
}

std::string_view trouble_with_setting(std::string_view text) {
  if (const std::string_view trouble = trouble_with_line(text); !trouble.empty()) return trouble;
  return text.find('=') != std::string_view::npos && is_variable(text.substr(0, text.find('='))) ? std::string_view()
                                                                                                 : "must be NAME=VALUE";
}

std::string_view trouble_with_path(std::string_view path) {
  if (const std::string_view trouble = trouble_with_line(path); !trouble.empty()) return trouble;
  std::string_view rest = path;
  if (rest.starts_with("~/")) rest.remove_prefix(1);
  if (!rest.starts_with('/')) return "must begin with / or ~/";
  if (path.find_first_of(" $*?\"") != std::string_view::npos)
    return "must be a plain path, without variables or patterns";
  for (const std::string_view home : {"/root", "/home"})
    if (path == home || (path.starts_with(home) && path[home.size()] == '/')) return "must be written with ~/";
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::string_view part = rest.substr(0, rest.find('/'));
    if (part.empty() || part == "." || part == "..") return "must be clean: no empty part, no . or .., no / at the end";
    rest.remove_prefix(part.size());
  }
  return {};
}

std::string trouble_with_source(std::string_view source, Evidence evidence) {
  if (evidence == Evidence::recalled)
    return source == "recalled" ? "" : "must be \"recalled\" where the evidence is recalled";
  const std::string_view start = evidence == Evidence::tested ? "tried: " : "https://";
  const bool fits = source.starts_with(start) && (start == "tried: " || !has_blank(source));
  return fits ? "" : fmt::format("must begin with \"{}\" where the evidence is {}", start, to_string(evidence));
}

Unmoved unmoved(std::string_view at, std::span<const std::string_view> paths) {
  constexpr std::string_view kWorkdir = "/\1";  // in no path
  Unmoved result;
  bool in_home = false;
  const auto place_for = [&](std::string_view home) {
    result.variables.clear();
    return expand(at, '\\', [&](std::string_view name) -> Variable {
      if (name == "PWD") return {.set = true, .value = kWorkdir};
      if (name != "HOME") {
        result.variables.push_back(name);
        return {};
      }
      in_home = true;
      return {.set = true, .value = home};
    });
  };
  const Expansion place = place_for("~");
  if (!place.error.empty()) {
    result.trouble = fmt::format("cannot be expanded: {}", place.error);
    return result;
  }
  if (place.text.empty() || place.text.find('\1') != std::string::npos) return result;
  if (!place.text.starts_with('/') && !place.text.starts_with('~')) return result;  // seen from the working directory
  const std::string usual = clean_path(place.text);
  const auto known = std::find(paths.begin(), paths.end(), usual);
  if (known == paths.end()) {
    result.trouble = fmt::format("is {} in an empty environment, which is none of `paths`", usual);
    return result;
  }
  // Some tools make an exception of root.
  const std::string of_root = clean_path(place_for("/root").text);
  if (in_home ? usual.starts_with("~/") && of_root == "/root" + usual.substr(1) : usual.starts_with('/'))
    result.path = *known;
  return result;
}

}  // namespace dockerlint
