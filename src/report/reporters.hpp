// SPDX-License-Identifier: Apache-2.0
#pragma once
// The reporters, one a format; make_reporter() is the way to them. And what text and concise have in common.

#include "dockerlint/report.hpp"

namespace dockerlint {

std::unique_ptr<Reporter> make_text_reporter(Style style);
std::unique_ptr<Reporter> make_concise_reporter(Style style);
std::unique_ptr<Reporter> make_json_reporter();

/// Colours as terminals know them; all empty when there are to be none.
struct Palette {
  std::string_view bold, frame, reset;
  std::string_view error, warning, info, hint;

  explicit Palette(Style style);
  std::string_view of(Severity severity) const;
};

}  // namespace dockerlint
