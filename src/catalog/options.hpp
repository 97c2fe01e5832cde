// SPDX-License-Identifier: Apache-2.0
#pragma once
// Options among a command's words.

#include "dockerlint/commands.hpp"

#include <algorithm>
#include <string_view>

namespace dockerlint {

/// The last word that is the option, alone or with `=…`; options end at a lone `--`. Letters that share a word
/// (`-gf`) are not taken apart. Null when there is none.
const CommandWord* find_option(const RunCommand& command, std::string_view option);

/// The option in a directory's flag: "--root" of "--root/registry".
inline std::string_view directory_option(std::string_view flag) {
  return flag.substr(0, std::min(flag.find('/', 1), flag.size()));
}

struct OptionValue {
  bool given = false;  // or, when `known` is false, perhaps
  bool known = true;
  std::string_view value;
};

/// The value behind the option's `=`, or in the word after it.
OptionValue option_value(const RunCommand& command, std::string_view option);

/// Whether words that nobody knows may be options.
bool may_have_more_options(const RunCommand& command);

}  // namespace dockerlint
