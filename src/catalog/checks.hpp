// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a text in a tool's file must look like. Each says what is wrong with one; empty: nothing.

#include "dockerlint/catalog.hpp"

#include <string>
#include <string_view>

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
/// Where nothing is set, `at` is one of the usual places.
std::string trouble_with_place(std::string_view at, std::span<const std::string_view> paths);

}  // namespace dockerlint
