// SPDX-License-Identifier: Apache-2.0
#pragma once
// Physical lines as BuildKit cuts them, and which of them go on.

#include "dockerlint/text.hpp"

namespace dockerlint {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// One physical line.
struct Line {
  TextRange text;  // without byte order mark and line end: all trailing \r and \n are off
  TextSize end;    // behind the line end
};

/// Line `number`, from 1.
Line line_at(const SourceText& source, std::uint32_t number);

/// Where the escape character stands that continues a line; the line's end where there is none.
TextSize continuation(const SourceText& source, TextRange line, char escape);

}  // namespace dockerlint
