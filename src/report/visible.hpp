// SPDX-License-Identifier: Apache-2.0
#pragma once
// Text as a terminal may show it. A Dockerfile, its path and what a message quotes of it come from strangers:
// nothing in them may move the cursor, hide or reorder what a person reads.

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace dockerlint {

/// One code point as it is shown: itself, `<1B>` for a control character or a byte that is not UTF-8,
/// `<U+202E>` for one that cannot be seen. A tab is itself, of width 0: its width is the terminal's business.
struct Cell {
  std::size_t length = 1;  // in bytes of the source
  std::size_t width = 1;   // in columns of a terminal
  std::size_t name_size = 0;
  std::array<char, 12> name{};

  /// `source` begins where the cell was read.
  std::string_view shown(std::string_view source) const {
    return name_size == 0 ? source.substr(0, length) : std::string_view(name.data(), name_size);
  }
};

/// The first cell of `text`, which must not be empty.
Cell first_cell(std::string_view text);

/// How many bytes at the beginning are printable ASCII, as nearly all text is: each is a cell that shows itself.
std::size_t plain_length(std::string_view text);

void append_visible(std::string& out, std::string_view text);
std::string visible(std::string_view text);

/// In columns of a terminal, shown as above.
std::size_t width_of(std::string_view text);
/// At most `width` columns of a text, shown as above; what is cut shows that it is.
std::string fitted(std::string_view text, std::size_t width);
/// The same, of a path or id, whose end says more than its begin.
std::string fitted_left(std::string_view text, std::size_t width);

/// 0 for what is drawn over the character before it, 2 for East Asian wide characters and emoji, else 1.
std::size_t display_width(char32_t code_point);

}  // namespace dockerlint
