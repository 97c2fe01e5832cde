// SPDX-License-Identifier: Apache-2.0
#include "text/shown.hpp"

#include "text/utf8.hpp"

namespace dockerlint {

std::string shown(std::string_view text) {
  constexpr int kMost = 60;  // code points
  std::string out;
  for (int count = 0; !text.empty(); ++count) {
    if (count == kMost) return out + "…";
    const CodePoint c = decode(text);
    if (c.value == '\n' || c.value == '\r') out += ' ';
    else out += text.substr(0, c.length);
    text.remove_prefix(c.length);
  }
  return out;
}

}  // namespace dockerlint
