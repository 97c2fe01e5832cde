// SPDX-License-Identifier: Apache-2.0
#pragma once
// $VARIABLES in compose files, and the .env file that gives them. The environment of the process is never asked: what a
// project is must not depend on who looks at it.

#include "dockerlint/text.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::project {

/// What .env files say. A name that is not in it may be set in the environment: it is unknown, unless the place that
/// uses it has a default, which is then taken for what is meant.
class Variables {
 public:
  enum class State : std::uint8_t { unset, unknown, known };
  struct Looked {
    State state = State::unset;
    std::string_view text;
  };

  Looked look_up(std::string_view name) const;
  void set(std::string name, std::optional<std::string> value);
  /// Reads a .env file; what is there already stays.
  void read(std::string_view text);
  /// Takes what is not there yet.
  void add(const Variables& other);

 private:
  std::map<std::string, std::optional<std::string>, std::less<>> values_;
};

struct Interpolated {
  std::optional<std::string> text;  // nothing: a variable is unknown, or `error` says what is wrong
  std::vector<TextPiece> pieces;    // tile `text`; `source` counts in what was interpolated
  bool only_escapes = true;         // no variable stands in it, at most `$$`
  std::string unknown;              // the first variable that is unknown
  std::string error;
};

/// Compose's interpolation: https://docs.docker.com/reference/compose-file/interpolation/
Interpolated interpolate(std::string_view text, const Variables& variables);

}  // namespace dockerlint::project
