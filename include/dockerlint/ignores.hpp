// SPDX-License-Identifier: Apache-2.0
#pragma once
// The comments that ask to be silent about something, in the words of three programs:
//
//   # dockerlint ignore=RULE,… reason        above an instruction, or between its lines
//   # dockerlint ignore-file=RULE,… reason   anywhere
//   # hadolint ignore=DL3008,…               above an instruction
//   # hadolint global ignore=DL3008,…        anywhere
//   # check=skip=StageNameCasing,…           above an instruction; at the top it is BuildKit's directive for the file

#include "dockerlint/text.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace dockerlint {

struct Rule;

/// Whose words a comment is in.
enum class IgnoreForm : std::uint8_t { dockerlint, hadolint, buildkit };

struct IgnoredName {
  TextRange range;
  std::string_view name;           // as written
  std::vector<const Rule*> rules;  // what it stands for here; empty: nothing, or what only its own program knows
  bool unknown = false;            // in our own words, and no name of anybody's
  std::string_view meant;          // what it may have been meant for, where it is unknown
  bool used = false;               // something was held back because of it
  bool judged = false;             // all that it stands for was looked for: unused, it is useless
};

struct IgnoreComment {
  IgnoreForm form = IgnoreForm::dockerlint;
  bool whole_file = false;
  TextRange range;                 // the comment, from its # to before the line end
  TextRange list;                  // all of the names
  std::optional<TextRange> scope;  // where it holds; nothing: no instruction stands right below
  std::vector<IgnoredName> names;
  std::string_view reason;  // in the author's words, of which there may be none
};

}  // namespace dockerlint
