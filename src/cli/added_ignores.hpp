// SPDX-License-Identifier: Apache-2.0
#pragma once
// --add-ignores: the text of a Dockerfile with comments that ignore what is found in it.

#include "cli/configurations.hpp"
#include "cli/screens.hpp"
#include "dockerlint/lint.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace dockerlint::cli {

struct AddedIgnores {
  std::string text;
  std::size_t findings = 0;  // for which there is a comment now
  Screened left_alone;
  std::string trouble;  // why there is none; empty: there is, or nothing was found
};

AddedIgnores with_ignores(const std::string& path, const std::string& bytes, const FileSettings& settings,
                          const ProjectView& project, const Past& past, std::string_view reason);

}  // namespace dockerlint::cli
