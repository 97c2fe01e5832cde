// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a text in a tool's file must look like. Each says what is wrong with one; empty: nothing.

#include "dockerlint/catalog.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint {

std::string_view trouble_with_line(std::string_view text);
/// Of a tool that people write as `title`: its words may begin a sentence.
std::string_view trouble_with_sentence(std::string_view text, std::string_view title);
std::string_view trouble_with_tool_name(std::string_view name);
std::string_view trouble_with_directory_name(std::string_view name);
std::string_view trouble_with_program(std::string_view name);
std::string_view trouble_with_form(std::string_view words);
std::string_view trouble_with_subcommand(std::string_view words);
std::string_view trouble_with_prefix(std::string_view word);
/// An option, without its value.
std::string_view trouble_with_option(std::string_view word);
std::string_view trouble_with_option_or_value(std::string_view word);
std::string_view trouble_with_directory_flag(std::string_view word);
std::string_view trouble_with_variable(std::string_view text);
std::string_view trouble_with_setting(std::string_view text);
std::string_view trouble_with_path(std::string_view path);
/// The form of a source follows from the evidence.
std::string trouble_with_source(std::string_view source, Evidence evidence);

/// Where a directory lies while nothing is set: one of the usual places.
struct Unmoved {
  std::string trouble;                      // none of them, or no place at all
  std::string_view path;                    // that one; empty where it depends on more than HOME
  std::vector<std::string_view> variables;  // that were asked for, in `at`, but HOME
};
Unmoved unmoved(std::string_view at, std::span<const std::string_view> paths);

}  // namespace dockerlint
