// SPDX-License-Identifier: Apache-2.0
#pragma once
// Dockerfiles that stand inside a compose or bake file: findings in them as findings in the file, and the file with
// fixed texts in it.

#include "dockerlint/diagnostic.hpp"
#include "dockerlint/project.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::project {

/// Whether the text still stands in `file`, where it was read.
bool stands_in(std::string_view file, const InlineDockerfile& text);

/// The same finding, in the file. It has no fix where the file cannot be edited there.
Diagnostic in_file(Diagnostic found, const InlineDockerfile& text, std::string_view file);

struct Rewritten {
  std::string file;
  std::vector<InlineDockerfile> texts;  // as they stand in it now
};

/// The file with `wanted[i]` instead of `texts[i]`, which are in the order of the file. It is changed line by line: what
/// is the same stays as it is. The file is read again, and must say exactly what is wanted there, and all else as
/// before: a text for which that is not so stays as it was.
Rewritten rewritten(std::string_view file, const std::vector<InlineDockerfile>& texts, std::vector<std::string> wanted);

}  // namespace dockerlint::project
