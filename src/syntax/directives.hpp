// SPDX-License-Identifier: Apache-2.0
#pragma once
// The parser directives at the top of a file: # syntax=…, # escape=…, # check=…

#include "dockerlint/syntax.hpp"

#include <optional>
#include <string_view>

namespace dockerlint {

/// Reads the file's first lines one by one. BuildKit has two readers, which do not agree: the one for
/// `escape` allows indentation and knows no shebang, the one for `syntax` and `check` is the other way
/// round (parser/directives.go).
class DirectiveReader {
 public:
  struct Found {
    TextRange range;  // relative to the line, from the # to the end of the value
    std::string_view name;
    TextRange value;
    bool repeated;  // the second of its name, which BuildKit refuses
    bool counts;    // the reader that this name is meant for sees it
  };

  /// `line` is without its line end, and without the byte order mark.
  std::optional<Found> read(std::string_view line);
  /// False: no later line can be a directive.
  bool open() const { return open_ || open_for_syntax_; }
  /// An instruction has begun.
  void close() { open_ = open_for_syntax_ = false; }

 private:
  bool first_ = true;
  bool open_ = true;             // for escape
  bool open_for_syntax_ = true;  // for syntax and check
  unsigned seen_ = 0;
};

}  // namespace dockerlint
