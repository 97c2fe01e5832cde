// SPDX-License-Identifier: Apache-2.0
#pragma once
// A transcript: a Markdown page with files and console sessions, which can be played again.
//
//   ```dockerfile api/Dockerfile   a fence with a name makes a file, in a fresh folder for each page
//   ```console                     `$ command`, run by sh; what it prints on both streams; `? 1` if that is its status
//   <!-- not as root -->           the next console block is left out when root runs the tests
//   <!-- needs jq -->              and this one where there is no jq
//   <!-- given path/script -->     runs a script of the sources in that folder, which makes what a reader has already;
//                                  where it ends with status 77, the rest of the page is left out
//
// A command goes on in lines that begin with `> `. In the output, `\` at the end of a line says that no line end came.

#include <string>
#include <string_view>

namespace dockerlint::test {

struct Played {
  std::string page;      // with what was printed in the place of what was expected
  std::string failed;    // why it could not be played; empty when it was
  std::string left_out;  // what was, for want of something to play it with, and why; a line each
};

/// `program` is on the PATH of the commands as dockerlint.
Played play(std::string_view page, const std::string& program);

}  // namespace dockerlint::test
