// SPDX-License-Identifier: Apache-2.0
#pragma once
// Dockerfiles that stand inside a compose or bake file: findings in them as findings in the file, and the file with a
// fixed text in it.

#include "dockerlint/diagnostic.hpp"
#include "dockerlint/project.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace dockerlint::project {

/// Whether the text still stands in `file`, where it was read.
bool stands_in(std::string_view file, const InlineDockerfile& text);

/// The same finding, in the file. It has no fix where the file cannot be edited there.
Diagnostic in_file(Diagnostic found, const InlineDockerfile& text, std::string_view file);

/// The file with `fixed` instead of the text, line by line: what has not changed stays as it is. Nothing unless the
/// file, read again, says exactly `fixed` there, and all else as before.
std::optional<std::string> with_text(std::string_view file, const InlineDockerfile& text, std::string_view fixed);

/// The text of an editable place as it stands in `file` now, which is what with_text() made.
InlineDockerfile read_again(std::string_view file, const InlineDockerfile& text);

/// The same place in a file that has become longer by `more` bytes and `lines` lines before it.
void move_by(InlineDockerfile& text, std::ptrdiff_t more, std::ptrdiff_t lines);

}  // namespace dockerlint::project
